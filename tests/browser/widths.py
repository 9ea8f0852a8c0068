"""Nothing sticks out of its place on any width, also just before a table turns into blocks."""

import pytest

from accounts.models import User
from panel.demo import data
from tests.browser.pages import PAGES

# From a small phone to a large screen, in steps smaller than any change of the layout.
WIDTHS = range(320, 1601, 32)
STICKING_OUT = """() => [...document.querySelectorAll('main, main table, main form, main dl, .topbar, .topbar-end')]
    .filter((part) => {
        const [inner, outer] = [part, part.parentElement].map((box) => box.getBoundingClientRect().right);
        return inner >= outer + 1;
    })
    .map((part) => part.outerHTML.slice(0, 60))"""


@pytest.mark.slow
@pytest.mark.parametrize("login", ["klient", "wsparcie"])
def test_nothing_sticks_out(open_browser, transactional_db, login):
    data.fill()
    page = open_browser(User.objects.get(login=login))
    found = []
    for named in [named for named in PAGES if named.login == login]:
        page.goto(named.path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{named.name} {width} {part}" for part in page.evaluate(STICKING_OUT)]
    assert found == []
