"""The panel without a mouse: the skip link, focus that is seen, menus that Escape closes."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from panel.demo import data
from tests.browser.pages import PAGES

# A file input lies unseen over the place where files are dropped; that place shows the focus.
FOCUS = """() => {
    const shown = document.activeElement.closest(".dropzone") ?? document.activeElement;
    const style = getComputedStyle(shown);
    return shown !== document.body && style.outlineStyle !== 'none' && style.outlineWidth !== '0px';
}"""
# What a person can come to: of buttons that belong together only one, of what is folded away nothing.
LAST = """() => [...document.querySelectorAll('main :is(a[href], button, input, select, textarea, summary)')]
    .filter((part) => part.checkVisibility() && part.tabIndex >= 0 && !part.disabled).at(-1).outerHTML"""
STEPS = 15
MOST_STEPS = 120
MESSAGES_AND_HELP = [
    *("contact", "opinion-by-mail", "help-found-open", "help-article-open", "messages-open", "messages-found"),
    *("message", "message-closed", "message-print", "message-new", "message-draft"),
]
# To fill the demo takes as long as several of these pages.
PARTS = 3


@pytest.fixture
def page(open_browser, owner, hosting):
    page = open_browser(owner, language="en")
    page.goto("/")
    return page


def test_the_first_step_skips_the_menu(page):
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_every_step_is_seen(page):
    for _step in range(STEPS):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS), page.evaluate("document.activeElement.outerHTML")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_messages_and_help_are_walked_through_to_the_end(open_browser, transactional_db, part):
    data.fill()
    for name in MESSAGES_AND_HELP[part::PARTS]:
        named = next(named for named in PAGES if named.name == name)
        page = open_browser(User.objects.get(login=named.login) if named.login else None)
        page.goto(named.path)
        walk_to_the_end(page, name)


def walk_to_the_end(page, name):
    last = page.evaluate(LAST)
    for step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS), (name, page.evaluate("document.activeElement.outerHTML"))
        if step == 0:
            expect(page.locator(".skip-link")).to_be_focused()
        if page.evaluate("document.activeElement.outerHTML") == last:
            return
    pytest.fail(f"On {name} the keyboard never comes to {last}")


def test_escape_closes_the_options_and_gives_the_focus_back(page):
    summary = page.locator(".topbar summary")
    summary.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_escape_closes_the_menu_of_a_phone(open_browser, owner, scripts):
    page = open_browser(owner, language="en", width=390, scripts=scripts)
    page.goto("/")
    button = page.get_by_role("button", name="Menu", exact=True)
    button.press("Enter")
    expect(page.get_by_role("navigation", name="Main menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Main menu")).to_be_hidden()
    expect(button).to_be_focused()
