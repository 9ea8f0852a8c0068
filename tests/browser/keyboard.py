"""The panel without a mouse: the skip link, focus that is seen, menus that Escape closes."""

import pytest
from playwright.sync_api import expect

FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    return document.activeElement !== document.body && style.outlineStyle !== 'none' && style.outlineWidth !== '0px';
}"""
STEPS = 15


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
