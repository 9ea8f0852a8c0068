"""Single keys at the desk: shown, never while typing, switched off by whoever wants none (WCAG 2.1.4)."""

import pytest
from playwright.sync_api import expect

from tickets.conversation import open_ticket
from tickets.models import CannedAnswer, Ticket


@pytest.fixture
def page(open_browser, ticket, owner, customer, category, support):
    """The queue with two messages in it."""
    open_ticket(by=owner, customer=customer, category=category, subject="Second", text="?")
    page = open_browser(support, language="en")
    page.goto("/desk/")
    return page


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def wait_for(page, heading):
    """Until the page of this heading is there and listens to keys."""
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.wait_for_load_state()


@pytest.mark.browser
def test_through_the_queue_into_a_message_and_on(page, ticket, support):
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").last).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    wait_for(page, "Slow pages")
    page.keyboard.press("a")
    expect(page.locator("#assign-to")).to_have_value(str(support.pk))
    assert now(ticket).assignee == support
    page.wait_for_load_state()
    page.keyboard.press("j")
    wait_for(page, "Second")
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Open again")).to_be_visible()


@pytest.mark.browser
def test_nothing_fires_while_typing_or_with_other_keys(page, ticket):
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("jake?")
    expect(search).to_have_value("jake?")
    page.goto(f"/desk/{ticket.number}/")
    page.keyboard.press("Control+e")
    page.keyboard.press("r")
    expect(page.locator("#answer [name=text]")).to_be_focused()
    page.keyboard.type("aeon")
    expect(page.locator("#answer [name=text]")).to_have_value("aeon")
    page.locator("body").click(position={"x": 2, "y": 2})
    page.keyboard.press("n")
    expect(page.locator("#note [name=text]")).to_be_focused()
    page.keyboard.type("ear")
    assert now(ticket).status == "open" and now(ticket).assignee is None


@pytest.mark.browser
def test_they_are_shown_and_nothing_else_fires_meanwhile(page, ticket):
    page.goto(f"/desk/{ticket.number}/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("close the message")
    page.keyboard.press("e")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Keyboard shortcuts ?").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert now(ticket).status == "open"


@pytest.mark.browser
def test_an_answer_is_sent_and_the_queue_is_back(page, ticket):
    page.goto(f"/desk/{ticket.number}/?status=open&sort=longest")
    page.keyboard.press("r")
    page.keyboard.type("Restarted.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("The answer is sent.")).to_be_visible()
    assert now(ticket).messages.last().text == "Restarted."
    page.wait_for_load_state()
    page.keyboard.press("u")
    wait_for(page, "Queue of messages")
    assert page.url.endswith("/desk/?status=open&sort=longest")


@pytest.mark.browser
def test_on_a_phone_labels_do_not_lie_upon_each_other(open_browser, ticket, support):
    page = open_browser(support, language="en", width=390)
    page.goto("/desk/")
    tops = "second => second.getBoundingClientRect().top - second.parentElement.getBoundingClientRect().top"
    two_lines = 40
    assert page.locator("[data-label='Answer due']").evaluate(tops) >= two_lines


@pytest.mark.browser
def test_switched_off_they_are_gone_until_switched_on_again(page, ticket):
    page.get_by_role("button", name="Switch keyboard shortcuts off").click()
    expect(page.get_by_text("Keyboard shortcuts are off.")).to_be_visible()
    page.goto(f"/desk/{ticket.number}/")
    page.keyboard.press("e")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Close the message")).to_be_visible()
    page.get_by_role("button", name="Switch keyboard shortcuts on").click()
    expect(page.get_by_text("Keyboard shortcuts are on.")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()


@pytest.mark.browser
def test_a_canned_answer_is_inserted_where_the_cursor_is(page, ticket):
    canned = CannedAnswer.objects.create(title_pl="T", title_en="T", text_pl="x", text_en="for {customer_name} ")
    page.goto(f"/desk/{ticket.number}/")
    text = page.locator("#answer [name=text]")
    text.fill("Restarted now.")
    text.evaluate("field => field.setSelectionRange(10, 10)")
    page.get_by_label("Canned answer").select_option(str(canned.pk))
    page.get_by_role("button", name="Insert").click()
    expect(text).to_have_value("Restarted for Ogrody Anny now.")
