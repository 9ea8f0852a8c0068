"""The code in two windows at once: made by the customer, checked by support, until its time is over; keyboard only."""

import pytest
from playwright.sync_api import expect

from accounts.models import AuthorizationCode, SupportSession
from tests.browser.axe import overflow, violations
from tests.browser.second_steps import press
from tests.cast import PASSWORD

pytestmark = pytest.mark.usefixtures("transactional_db")


def clean(page):
    """Nothing for axe to complain about, nothing wider than the screen."""
    assert violations(page) == []
    assert not overflow(page)


def make_code(page):
    """Types the password and presses the button; returns the digits."""
    page.goto("/authorization-code/")
    page.get_by_label("Your panel password").focus()
    page.keyboard.type(PASSWORD)
    press(page, "button", "Generate code")
    return "".join(page.locator("#code").inner_text().split())


def check_code(page, digits):
    """Types who is calling and the code."""
    page.goto("/desk/caller/")
    expect(page.get_by_label("Who is calling")).to_be_focused()
    page.keyboard.type("1000001")
    page.keyboard.press("Tab")
    page.keyboard.type(digits)
    page.keyboard.press("Enter")


@pytest.fixture
def windows(open_browser, owner, support, hosting, contact):
    """The customer's phone-sized window and support's, both with clocks that a test moves."""
    pages = (
        open_browser(owner, language="en", width=390),
        open_browser(support, language="en", width=1280),
    )
    for page in pages:
        page.clock.install()
    return pages


def test_made_and_checked_at_once_until_its_time_is_over(windows, hosting):
    customer, desk = windows
    digits = make_code(customer)
    clean(customer)
    check_code(desk, digits)
    expect(desk.get_by_text("Code of Anna Owner (owner).")).to_be_visible()
    expect(desk.get_by_text("Hosting Garden")).to_be_visible()
    clean(desk)
    for page in windows:
        expect(page.get_by_role("timer")).to_contain_text("59:")
        page.clock.fast_forward("30:00")
        expect(page.get_by_role("timer")).to_contain_text("29:")
        page.clock.fast_forward("31:00")
    expect(customer.get_by_role("timer")).to_have_count(0)
    expect(desk.get_by_text("The code has ended.")).to_be_visible()
    expect(desk.get_by_text("Hosting Garden")).to_be_hidden()
    expect(desk.get_by_text("Tomasz Techniczny")).to_be_hidden()
    clean(desk)


def test_support_notes_and_switches_by_the_keyboard_and_the_customer_revokes(windows, hosting):
    customer, desk = windows
    check_code(desk, make_code(customer))
    press(desk, "link", "Hosting Garden")
    press(desk, "button", "Switch automatic renewal on")
    expect(desk.get_by_text("Automatic renewal is on.", exact=True)).to_be_visible()
    desk.get_by_label("What the customer asks for").focus()
    desk.keyboard.type("Please call back.")
    press(desk, "button", "Note the instruction")
    expect(desk.get_by_text("The instruction was noted.")).to_be_visible()
    clean(desk)
    hosting.refresh_from_db()
    assert hosting.auto_renew

    customer.goto("/history/")
    expect(customer.get_by_text("Please call back.")).to_be_visible()
    expect(customer.get_by_text("by the authorization code of Anna Owner").first).to_be_visible()
    customer.goto("/authorization-code/")
    press(customer, "button", "Revoke the code")
    expect(customer.get_by_text("The code no longer works.")).to_be_visible()
    assert not AuthorizationCode.objects.living().exists()

    address = f"/desk/caller/{SupportSession.objects.get().pk}/"
    desk.watch.expect_status(404)
    assert desk.goto(address).status == 404
