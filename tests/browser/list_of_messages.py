"""The list of messages: opened in place, ticked, left and returned to, also by keyboard and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.tickets.thread_list import many
from tickets.conversation import answer, open_ticket
from tickets.models import Category, Ticket

pytestmark = pytest.mark.browser
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture
def ticket(transactional_db, owner, customer, support):
    """The owner's thread with an answer that nobody has read."""
    category = Category.objects.create(name_pl="Sprawy techniczne", name_en="Technical matters")
    ticket = open_ticket(by=owner, customer=customer, category=category, subject="Slow pages", text="Since Monday.")
    answer(ticket, by=support, text="Look again.")
    return ticket


def row(page, ticket):
    return page.locator(f"#ticket-{ticket.number}")


def plus(page, ticket):
    return page.get_by_role("link", name=f"Messages of case {ticket.number}")


def position(page):
    """How far the page is scrolled, in pixels."""
    return page.evaluate("Math.round(scrollY)")


def test_the_plus_opens_and_folds_the_messages_where_they_are(open_browser, owner, ticket):
    many(ticket, 20)
    Ticket.objects.filter(pk=ticket.pk).update(updated_at=ticket.created_at.replace(year=2020))
    page, asked = open_browser(owner, height=500), []
    page.on("request", lambda request: asked.append(request.url) if "unfolded" in request.url else None)
    page.goto("/messages/")
    expect(row(page, ticket)).to_contain_text("New answer")
    link = plus(page, ticket)
    link.scroll_into_view_if_needed()
    link.focus()
    before, address = position(page), page.url
    link.click()
    expect(page.get_by_text("Look again.")).to_be_visible()
    expect(link).to_have_attribute("aria-expanded", "true")
    expect(link).to_be_focused()
    expect(row(page, ticket)).not_to_contain_text("New answer")
    assert (position(page), page.url) == (before, address)
    link.click()
    expect(page.get_by_text("Look again.")).to_be_hidden()
    expect(link).to_have_attribute("aria-expanded", "false")
    link.click()
    expect(page.get_by_text("Look again.")).to_be_visible()
    assert len(asked) == 1


def test_by_keyboard_the_messages_open_and_the_next_step_is_inside_them(open_browser, owner, ticket):
    page = open_browser(owner)
    page.goto("/messages/")
    plus(page, ticket).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Look again.")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Reply")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/messages/*/#reply")
    expect(page.get_by_label("Text of the message")).to_be_visible()


def test_when_the_messages_cannot_be_fetched_the_page_itself_shows_them(open_browser, owner, ticket):
    page = open_browser(owner)
    page.route("**/unfolded/", lambda route: route.abort())
    page.goto("/messages/")
    plus(page, ticket).click()
    page.wait_for_url("**/messages/?*open=*")
    expect(page.get_by_text("Look again.")).to_be_visible()
    page.watch.look_away()


def test_without_scripts_the_plus_and_the_minus_are_links(open_browser, owner, ticket):
    page = open_browser(owner, scripts=False)
    page.goto("/messages/")
    plus(page, ticket).click()
    expect(page.get_by_text("Look again.")).to_be_visible()
    plus(page, ticket).click()
    expect(page.get_by_text("Look again.")).to_have_count(0)


@SCRIPTS
def test_ticked_threads_are_marked_as_read_and_the_list_stays_where_it_was(open_browser, owner, ticket, scripts):
    page = open_browser(owner, scripts=scripts)
    page.goto("/messages/?status=answered")
    page.get_by_label(f"Choose {ticket.number}").check()
    page.get_by_role("button", name="Mark as read").click()
    page.wait_for_url("**/messages/?status=answered")
    expect(page.get_by_text("The chosen messages are marked as read.")).to_be_visible()
    expect(row(page, ticket)).not_to_contain_text("New answer")


def test_one_box_ticks_all_of_the_page(open_browser, owner, ticket):
    many(ticket, 3)
    page = open_browser(owner)
    page.goto("/messages/")
    everything, boxes = page.get_by_label("All on this page"), page.locator("input[name=number]")
    everything.check()
    assert [box.is_checked() for box in boxes.all()] == [True] * 4
    boxes.first.uncheck()
    assert everything.evaluate("box => box.indeterminate && !box.checked")
    boxes.first.check()
    expect(everything).to_be_checked()
    everything.uncheck()
    assert not any(box.is_checked() for box in boxes.all())
    page = open_browser(owner, scripts=False)
    page.goto("/messages/")
    expect(page.get_by_label("All on this page")).to_be_hidden()


@SCRIPTS
def test_back_returns_to_the_page_the_filter_and_the_row(open_browser, owner, ticket, scripts):
    many(ticket, 60)
    page = open_browser(owner, scripts=scripts, height=500)
    page.goto("/messages/?status=open")
    page.get_by_role("link", name="Next").click()
    listed = page.url
    twentieth = page.locator("#row-20")
    subject = twentieth.locator("xpath=../td[contains(@class, 'lead')]/a")
    subject.click()
    page.get_by_label("Text of the message").fill("One thing more.")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.get_by_text("One thing more.")).to_be_visible()
    page.get_by_role("link", name="Back", exact=True).click()
    expect(twentieth).to_be_in_viewport()
    assert sorted(page.url.partition("#")[0].partition("?")[2].split("&")) == sorted(
        listed.partition("?")[2].split("&")
    )


def test_on_a_phone_nothing_is_wider_than_the_screen(open_browser, owner, ticket):
    many(ticket, 5)
    page = open_browser(owner, width=390, height=844)
    page.goto(f"/messages/?q=pages&open={ticket.number}")
    expect(page.get_by_text("Look again.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
