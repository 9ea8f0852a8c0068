"""axe finds nothing wrong on any named page: light and dark, on a phone and on a wide screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import User
from panel.demo import data
from tests.browser.pages import PAGES

AXE = Axe()
# Django admin is Django's own work; we look after it by what we add to it.
OURS = [page for page in PAGES if not page.url_name.startswith("admin:")]
LOGINS = sorted({page.login for page in OURS})


def violations(page, name="", rules=None):
    """What axe says about the page as it is now, one line a fault."""
    options = {"runOnly": {"type": "rule", "values": rules}} if rules else None
    found = AXE.run(page, options=options).response["violations"]
    return [
        f"{name} {fault['id']} ({fault['impact']}): {node['html'][:160]}" for fault in found for node in fault["nodes"]
    ]


def look_at(page, name):
    """Everything in light; in dark the contrast, which is all that changes."""
    # Without motion a colour is at once what it will be.
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    yield from violations(page, f"{name} light")
    page.emulate_media(color_scheme="dark")
    yield from violations(page, f"{name} dark", ["color-contrast"])
    if overflow(page):
        yield f"{name} is wider than the screen"


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login or "nobody")
def test_axe_finds_nothing(open_browser, transactional_db, login, width):
    data.fill()
    page = open_browser(User.objects.get(login=login) if login else None, width=width)
    found = []
    for named in OURS:
        if named.login == login:
            page.goto(named.path)
            found += look_at(page, f"{named.name} {width}")
    assert found == []


def overflow(page):
    """Whether the page can be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_axe_sees_a_planted_fault(open_browser, provider):
    page = open_browser()
    page.goto("/sign-in/")
    assert violations(page) == []
    page.evaluate("document.querySelector('label').remove()")
    assert any("label" in line for line in violations(page))
