"""The desk without a mouse: focus that is seen on every page of it, and an answer without any script."""

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import FOCUS

pytestmark = pytest.mark.browser
STEPS_AT_MOST = 80


@pytest.mark.parametrize("address", ["/desk/", "/desk/{}/", "/desk/{}/merge/", "/desk/figures/", "/desk/mails/"])
def test_every_step_is_seen_until_the_end_of_the_page(open_browser, ticket, support, address):
    page = open_browser(support, language="en")
    page.goto(address.format(ticket.number))
    for _step in range(STEPS_AT_MOST):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return
        assert page.evaluate(FOCUS), page.evaluate("document.activeElement.outerHTML")
    pytest.fail("the focus never came to the end of the page")


def test_support_answers_closes_and_writes_a_note_without_scripts(open_browser, ticket, support):
    page = open_browser(support, language="en", scripts=False)
    page.goto("/desk/")
    page.locator("[data-row]").press("Enter")
    page.get_by_label("Text of the message").press_sequentially("Restarted.")
    page.get_by_role("button", name="Send and close").press("Enter")
    expect(page.get_by_text("The answer is sent and the message is closed.")).to_be_visible()
    page.locator("#note summary").press("Enter")
    page.get_by_label("Note for support only").press_sequentially("A known fault.")
    page.get_by_role("button", name="Write the note").press("Enter")
    expect(page.locator(".message[data-by=note]")).to_contain_text("A known fault.")
    assert ticket.messages.last().text == "Restarted."
