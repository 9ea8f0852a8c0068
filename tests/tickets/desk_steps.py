"""What was done with a conversation is read by support between its messages, and by no customer."""

import re

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from tests.cast import user
from tickets import entries
from tickets.assigning import assign
from tickets.conversation import Outside, answer, open_ticket
from tickets.giving import give
from tickets.merging import merge
from tickets.models import Message
from tickets.thread import messages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(provider):
    return user("szymon", "Szymon Second", is_support=True)


@pytest.fixture
def clock():
    """A clock that goes on a minute when it is told to."""
    with time_machine.travel("2026-11-23 10:00Z", tick=False) as clock:
        yield clock


def words_on(page):
    """What is read there, on one line."""
    return " ".join(re.sub("<[^>]*>", " ", page.content.decode()).split())


def steps_of(ticket):
    return [entry for entry in entries.entries(ticket, messages_of(ticket)) if isinstance(entry, entries.Step)]


def test_who_took_closed_and_opened_it_stands_between_the_messages(
    clock, client_of, ticket, owner, support, colleague
):
    desk, number = client_of(support), ticket.number
    for address, form in [
        (f"/desk/{number}/assign/", {"to": support.pk}),
        (f"/desk/{number}/reply/", {"text": "We look.", "last_seen": 10**12}),
        (f"/desk/{number}/assign/", {"to": colleague.pk}),
        (f"/desk/{number}/assign/", {"to": ""}),
        (f"/desk/{number}/close/", {}),
        (f"/desk/{number}/reopen/", {}),
    ]:
        clock.shift(60)
        assert desk.post(address, form).status_code == 302
    clock.shift(60)
    client_of(owner).post(f"/messages/{number}/close/")
    page = words_on(desk.get(f"/desk/{number}/"))
    lines = [
        "Since Monday.",
        f"Took over message {number}. Sylwia Support",
        "We look.",
        f"Message {number} was assigned to Szymon Second. Sylwia Support",
        f"Message {number} was assigned to nobody. Sylwia Support",
        f"Message {number} was closed. Sylwia Support",
        f"Message {number} was opened again. Sylwia Support",
        f"Message {number} was closed. The customer",
    ]
    places = [page.find(line) for line in lines]
    assert -1 not in places and places == sorted(places)


def test_no_page_of_a_customer_tells_who_of_support_had_it(client_of, ticket, owner, support, colleague):
    assign(ticket, colleague, by=support)
    answer(ticket, by=support, text="!")
    browser, told = client_of(owner), "Szymon Second"
    for name in ("thread", "print", "unfolded"):
        page = browser.get(reverse(f"tickets:{name}", args=[ticket.number])).content.decode()
        assert "Since Monday." in page and told not in page and "assigned" not in page
    for address in ("/messages/", f"/messages/?open={ticket.number}", "/history/", "/"):
        page = browser.get(address).content.decode()
        assert ticket.number in page and told not in page and "assigned" not in page
    assert told in client_of(support).get(f"/desk/{ticket.number}/").content.decode()


def test_what_was_merged_brings_its_own_along(ticket, owner, customer, category, hosting, support):
    more = open_ticket(by=owner, customer=customer, category=category, service=hosting, subject="More", text="?")
    assign(more, support, by=support)
    merge(more, ticket, by=support)
    assert [step.words for step in steps_of(ticket)] == [
        f"Took over message {more.number}.",
        f"Message {more.number} was merged into message {ticket.number}.",
    ]


def test_giving_nobodys_message_to_a_customer_is_told(category, customer, owner, support, ticket):
    outside = Outside(name="Zofia", email="zofia@elsewhere.example", origin=Message.Origin.MAIL)
    found = open_ticket(customer=None, category=category, subject="Hello", text="?", outside=outside)
    give(found, customer, by=support)
    assert [step.words for step in steps_of(found)] == [
        f"Message {found.number}, which came from outside, was added: Hello."
    ]
    assert steps_of(ticket) == []


def test_steps_of_a_long_thread_stand_on_the_page_of_their_time(clock, ticket, owner, support, monkeypatch):
    monkeypatch.setattr("tickets.thread.MESSAGES_ON_A_PAGE", 1)
    clock.shift(60)
    ticket.close(by=support)
    clock.shift(60)
    answer(ticket, by=support, text="!")
    clock.shift(60)
    assign(ticket, support, by=support)
    latest = messages_of(ticket)
    earlier = messages_of(ticket, before=str(latest.before))
    assert [step.words for step in steps_of(ticket)] == [f"Took over message {ticket.number}."]
    assert [entry.words for entry in entries.entries(ticket, earlier)[1:]] == [f"Message {ticket.number} was closed."]


@pytest.mark.postgresql
def test_postgresql_finds_them_by_an_index(ticket):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "events_of_a_ticket" in entries.told_of(ticket).explain()
