"""Nothing sticks out of its place on any width, also just before a table turns into blocks."""

import re

import pytest
from django.conf import settings

from accounts.models import User
from panel.demo import data
from tests.browser.axe import parts

MEDIA, REM = re.compile("@media([^{]*width[^{]*)"), re.compile(r"(\d+)rem")
# The widths at which the layout changes, as the style sheets say, in pixels.
STYLES = (path.read_text("utf-8") for path in (settings.BASE_DIR / "static/css").glob("*.css"))
CHANGES = {int(rem) * 16 for style in STYLES for query in MEDIA.findall(style) for rem in REM.findall(query)}
# Small phones, both sides of every change, and a large screen.
WIDTHS = sorted({320, 352, 384, 1600} | CHANGES | {width - 1 for width in CHANGES})
STICKING_OUT = """() => {
  const root = document.documentElement;
  return [...document.querySelectorAll('main, main table, main form, main dl, .topbar, .topbar-end')]
    .filter((part) => {
        const [inner, outer] = [part, part.parentElement].map((box) => box.getBoundingClientRect().right);
        return inner >= outer + 1;
    })
    .map((part) => part.outerHTML.slice(0, 60))
    .concat(root.scrollWidth > root.clientWidth ? ['is scrolled sideways'] : []);
}"""

# Whether the words of every choice have room beside its arrow.
CUT_OFF = """() => [...document.querySelectorAll('td.period select')].filter((select) => {
    const style = getComputedStyle(select), pen = document.createElement('canvas').getContext('2d');
    pen.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return pen.measureText(select.selectedOptions[0].text).width > room;
}).map((select) => select.name)"""


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 768, 960, 1100, 1280])
def test_a_period_is_read_with_its_price_and_its_day(open_browser, transactional_db, width):
    data.fill()
    page = open_browser(User.objects.get(login="klient"), width=width)
    page.goto("/renewals/")
    assert page.locator("td.period select").count() and page.evaluate(CUT_OFF) == []


@pytest.mark.slow
@pytest.mark.parametrize(("login", "pages"), [*parts(["", "klient", "pracownik", "wsparcie"])])
def test_nothing_sticks_out(open_browser, transactional_db, login, pages):
    data.fill()
    page = open_browser(User.objects.get(login=login) if login else None)
    found = []
    for named in pages:
        page.goto(named.path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{named.name} {width} {part}" for part in page.evaluate(STICKING_OUT)]
    assert found == []
