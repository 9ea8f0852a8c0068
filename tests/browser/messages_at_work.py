"""What scripts and people bring onto the pages of messages: axe finds nothing wrong in it, and nothing sticks out."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import look_at, overflow
from tests.library import article
from tickets.conversation import Outside, answer, open_ticket, reply
from tickets.models import Category, Message

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("width", [390, 1280])
LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
ADDRESS = "a.rather.long.name.of.somebody.at.home@a-rather-long-name-of-a-company.example"


@pytest.fixture
def category(transactional_db):
    return Category.objects.create(name_pl="Sprawy techniczne", name_en="Technical matters")


@pytest.fixture
def ticket(owner, customer, category, support):
    """A thread of long words, with a mail of an unknown sender whose name and address are long."""
    ticket = open_ticket(by=owner, customer=customer, category=category, subject=LONG[:120], text=LONG)
    answer(ticket, by=support, text=f"https://example.com/{LONG}")
    sender = Outside(name=f"Anna {LONG[:60]}", email=ADDRESS, origin=Message.Origin.MAIL, quoted=f"> {LONG}")
    reply(ticket, by=None, text="From my phone.", outside=sender)
    return ticket


@pytest.mark.parametrize("width", [320, 390])
def test_long_words_names_and_addresses_stay_on_the_page(open_browser, owner, ticket, width):
    page = open_browser(owner, width=width)
    for address in ("", f"?open={ticket.number}", "?q=donau", f"{ticket.number}/", f"{ticket.number}/print/"):
        page.goto(f"/messages/{address}")
        assert not overflow(page), address


@WIDTHS
def test_rows_opened_and_ticked(open_browser, owner, ticket, width):
    page = open_browser(owner, width=width)
    page.goto("/messages/")
    page.get_by_role("link", name=f"Messages of case {ticket.number}").click()
    expect(page.get_by_text("From my phone.")).to_be_visible()
    page.get_by_text("Quoted text").click()
    page.get_by_label(f"Choose {ticket.number}").check()
    assert list(look_at(page, width)) == []


def test_what_is_ticked_is_marked_as_read_from_where_one_is(open_browser, owner, ticket):
    page = open_browser(owner, width=390, height=500)
    page.goto(f"/messages/?open={ticket.number}")
    tick, button = page.get_by_label(f"Choose {ticket.number}"), page.get_by_role("button", name="Mark as read")
    tick.scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    expect(button).not_to_be_in_viewport()
    tick.evaluate("box => box.click()")
    expect(button).to_be_in_viewport()


@WIDTHS
def test_a_message_with_files_suggestions_and_a_draft(open_browser, owner, category, tmp_path, width):
    article("code", "The authorization code", text="Six digits for the phone.")
    good, empty = tmp_path / f"{'log-' * 40}.txt", tmp_path / "empty.txt"
    good.write_text("A line.")
    empty.write_text("")
    page = open_browser(owner, width=width)
    page.watch.expect_status(422)
    page.goto("/messages/new/")
    page.get_by_label("Subject").fill("authorization code")
    expect(page.locator(".suggested a")).to_have_count(1)
    page.get_by_label("Add attachments").set_input_files([good, empty])
    expect(page.locator("input[name=attachment]")).to_have_count(1)
    expect(page.get_by_text("empty.txt is empty.")).to_be_visible()
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    assert list(look_at(page, width)) == []


def test_files_are_chosen_in_the_language_of_the_panel(open_browser, owner, category):
    page = open_browser(owner)
    page.goto("/messages/new/")
    with page.expect_file_chooser() as chosen:
        page.get_by_text("Choose files", exact=True).click(force=True)
    assert chosen.value.is_multiple()
    page.get_by_label("Text of the message").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Add attachments")).to_be_focused()
    assert page.locator(".dropzone").evaluate("zone => getComputedStyle(zone).outlineStyle") == "solid"


def test_back_shows_the_row_one_came_from(open_browser, owner, ticket):
    page = open_browser(owner)
    page.goto("/messages/?q=donau")
    page.locator("td.lead a").click()
    page.get_by_role("link", name="Back", exact=True).click()
    colours = "row => [row, document.body].map((part) => getComputedStyle(part).backgroundColor)"
    row, body = page.locator(f"#ticket-{ticket.number}").evaluate(colours)
    assert row != body and row != "rgba(0, 0, 0, 0)"
