"""The verbs: whose turn it is after each, what the history says, and to whom the mails go."""

import pytest

from accounts.models import Event, Outbox
from tickets.conversation import NewerMessage, answer, open_ticket, reply
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def actions():
    return list(Event.objects.filter(action__startswith="ticket_").order_by("id").values_list("action", flat=True))


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def test_opening_writes_thread_history_and_confirmation(ticket, owner):
    assert ticket.status == "open"
    assert (ticket.sender_name, ticket.sender_email) == ("Anna Owner", "anna@example.com")
    assert [message.text for message in ticket.messages.all()] == ["Since Monday."]
    assert actions() == ["ticket_opened"]
    assert Outbox.objects.get().letter == "ticket_opened"
    assert Outbox.objects.get().ids == {"ticket": ticket.pk}


def test_the_case_number_is_random_and_readable(ticket):
    first, second = ticket.number.split("-")
    assert len(first) == len(second) == 4
    assert not set(ticket.number) & set("01OILAEU")


def test_an_answer_moves_the_turn_and_a_reply_moves_it_back(ticket, support, owner):
    message = answer(ticket, by=support, text="Look again.")
    assert now(ticket).status == "answered"
    assert now(ticket).last_staff_message_at == message.created_at
    assert message.is_staff
    reply(ticket, by=owner, text="Better, thank you.")
    assert now(ticket).status == "open"
    assert actions() == ["ticket_opened", "ticket_answered", "ticket_replied"]


def test_writing_twice_while_waiting_keeps_the_place_in_the_queue(ticket, owner):
    reply(ticket, by=owner, text="And one more thing.")
    assert now(ticket).status_since == ticket.status_since
    assert now(ticket).updated_at > ticket.updated_at


def test_closing_and_reopening_happen_once(ticket, owner):
    ticket.close(by=owner)
    ticket.close(by=owner)
    assert now(ticket).is_closed and now(ticket).closed_at
    ticket.reopen(by=owner)
    ticket.reopen(by=owner)
    assert now(ticket).status == "open" and now(ticket).closed_at is None
    assert actions() == ["ticket_opened", "ticket_closed", "ticket_reopened"]


def test_a_reply_to_a_closed_thread_opens_it(ticket, owner):
    ticket.close(by=owner)
    reply(ticket, by=owner, text="It is back.")
    assert now(ticket).status == "open" and now(ticket).closed_at is None


def test_an_answer_begun_before_a_newer_message_is_not_sent(ticket, owner, support):
    seen = ticket.messages.get().pk
    reply(ticket, by=owner, text="Solved, thank you.")
    with pytest.raises(NewerMessage):
        answer(ticket, by=support, text="Please restart.", last_seen=seen)
    assert ticket.messages.count() == 2
    answer(ticket, by=support, text="Glad.", last_seen=ticket.messages.last().pk)
    assert ticket.messages.count() == 3


def test_the_answer_goes_to_the_writer_and_to_the_chosen_contact(owner, customer, category, contact, support):
    ticket = open_ticket(by=owner, customer=customer, category=category, subject="S", text="T", sender=contact)
    assert ticket.sender_email == "tech@garden.example"
    answer(ticket, by=support, text="Here.")
    letters = Outbox.objects.filter(letter="ticket_answered")
    assert {letter.address for letter in letters} == {"anna@example.com", "tech@garden.example"}


def test_who_switched_the_mails_off_gets_none(ticket, owner, support):
    owner.muted = ["ticket_answered"]
    owner.save()
    answer(ticket, by=support, text="Here.")
    assert not Outbox.objects.filter(letter="ticket_answered").exists()
