"""axe finds nothing wrong on any named page: light and dark, on a phone and on a wide screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import User
from panel.demo import data
from tests.browser.pages import PAGES

AXE = Axe().axe_script
LOGINS = sorted({page.login for page in PAGES})
# Pages of one test: with many more of them the other processes would wait for its end.
AT_ONCE = 20
# Of the administration these are Django's own: the headings of its tables in a form, the label of its search, and
# rows in a form that can only be read and scroll sideways on a phone.
DJANGO_S = {"empty-table-header", "label-title-only", "scrollable-region-focusable"}


def parts(logins):
    """(login, pages of that person) for one test each."""
    for login in logins:
        pages = [page for page in PAGES if page.login == login]
        for part, first in enumerate(range(0, len(pages), AT_ONCE)):
            yield pytest.param(login, pages[first : first + AT_ONCE], id=f"{login or 'nobody'}-{part}")


def violations(page, name="", rules=None):
    """What axe says about the page as it is now, one line a fault."""
    is_django_s = "/admin/" in page.url
    # Loaded ahead, its styles that import others would be copied into the page, which the policy forbids.
    options = {"preload": not is_django_s} | ({"runOnly": {"type": "rule", "values": rules}} if rules else {})
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # Told that nothing else is wanted, it does not describe all that is right, which takes longer than to look.
    options["resultTypes"] = ["violations"]
    found = page.evaluate("(options) => axe.run(options).then((found) => found.violations)", options)
    if is_django_s:
        found = [fault for fault in found if fault["id"] not in DJANGO_S]
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
@pytest.mark.parametrize(("login", "pages"), [*parts(LOGINS)])
def test_axe_finds_nothing(open_browser, transactional_db, login, pages):
    data.fill()
    page = open_browser(User.objects.get(login=login) if login else None)
    found = []
    for named in pages:
        page.set_viewport_size({"width": 390, "height": 900})
        page.goto(named.path)
        found += look_at(page, f"{named.name} 390")
        page.set_viewport_size({"width": 1280, "height": 900})
        found += look_at(page, f"{named.name} 1280")
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
