"""The watch on the browser itself: planted faults are noticed."""

import pytest

from tests.browser.patience import until


@pytest.fixture
def page(open_browser, provider):
    page = open_browser()
    page.goto("/sign-in/")
    yield page
    page.watch.look_away()


def test_an_ordinary_page_has_no_problems(page):
    assert page.watch.problems == []


@pytest.mark.parametrize(
    ("act", "problem"),
    [
        ("console.error('planted')", "console: planted"),
        ("setTimeout(() => { throw new Error('planted') })", "script error"),
        ("document.body.setAttribute('style', 'color: red')", "console"),
        ("document.head.append(Object.assign(document.createElement('script'), {text: '1'}))", "console"),
        ("fetch('http://127.0.0.2:9/').catch(() => 0)", "console"),
        ("location = 'http://127.0.0.2:9/'", "request to another host"),
        ("fetch('/no-such-page/')", "404 GET"),
    ],
)
def test_a_planted_fault_is_noticed(page, act, problem):
    page.evaluate(f"() => {{ {act} }}")
    until(page, lambda: any(found.startswith(problem) for found in page.watch.problems))
