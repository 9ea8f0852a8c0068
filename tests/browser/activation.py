"""A sub-user from the form to their own first page, by the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.accounts.reading import code_in, link_in
from tests.browser.axe import overflow, violations
from tests.browser.second_steps import press
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
RULES = ["length", "upper", "lower", "digit", "special"]


def fill(page, label, text):
    """Reaches a field by Tab alone and types."""
    press(page, "textbox", label, key="End")
    page.keyboard.type(text)


def clean(page):
    """Nothing for axe to complain about, nothing wider than the screen."""
    assert violations(page) == []
    assert not overflow(page)


def add_sub_user(page):
    """Standard, with tickets and the one service."""
    page.goto("/users/add/")
    for label, text in [("Login", "basia"), ("First and last name", "Basia"), ("E-mail", "basia@example.com")]:
        fill(page, label, text)
    press(page, "radio", "Standard", key="Space")
    press(page, "button", "Add a user")
    press(page, "checkbox", "Hosting Garden", key="Space")
    press(page, "button", "Save changes")
    expect(page.locator(".toast")).to_be_visible()
    page.goto("/users/")
    expect(page.get_by_text("has not finished the activation")).to_be_visible()


def set_password(page, link):
    """The rules are ticked while one types."""
    page.goto(link)
    fill(page, "New password", "abc")
    expect(page.locator("[data-rule=lower]")).to_have_attribute("data-met", "")
    expect(page.locator("[data-rule=upper]")).not_to_have_attribute("data-met", "")
    press(page, "textbox", "New password", key="ControlOrMeta+A")
    page.keyboard.type(PASSWORD)
    for rule in RULES:
        expect(page.locator(f"[data-rule={rule}]")).to_have_attribute("data-met", "")
    clean(page)
    fill(page, "The same password again", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your account is active.")).to_be_visible()


def test_from_the_form_to_the_first_page(open_browser, owner, hosting, voip, mailbox):
    add_sub_user(open_browser(owner, language="en"))
    page = open_browser(language="en", width=390)
    set_password(page, link_in(mailbox("basia@example.com")[-1], "activation"))
    fill(page, "Login", "basia")
    press(page, "textbox", "Password", key="End")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("One-time code")).to_be_focused()
    page.keyboard.type(code_in(mailbox("basia@example.com")[-1]))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Hosting Garden")
    expect(main).not_to_contain_text("Office phone")
    clean(page)
