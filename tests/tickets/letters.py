"""The mails about messages: what they say, and that they are dropped for who may no longer read."""

import pytest

from accounts.models import Outbox
from tickets.conversation import answer, open_ticket

pytestmark = pytest.mark.django_db


def test_the_writer_gets_a_confirmation_with_the_case_number(ticket, owner, mailbox):
    letter = mailbox(owner.email)[0]
    assert ticket.number in letter.subject and "Slow pages" in letter.subject
    assert f"/messages/{ticket.number}/" in letter.body
    assert ticket.number in letter.alternatives[0][0]


def test_in_polish_for_who_reads_polish(owner, customer, category, support, mailbox):
    owner.language = "pl"
    owner.save()
    open_ticket(by=owner, customer=customer, category=category, subject="Wolne strony", text="Od wczoraj.")
    assert Outbox.objects.get().language == "pl"
    assert mailbox(owner.email)


def test_text_is_not_turned_into_markup_in_the_plain_part(owner, customer, category, support, mailbox):
    ticket = open_ticket(by=owner, customer=customer, category=category, subject="A & B <c>", text="?")
    answer(ticket, by=support, text='5 > 3 & "so"')
    letter = mailbox(owner.email)[-1]
    assert "A & B <c>" in letter.subject
    assert '5 > 3 & "so"' in letter.body


def test_the_contact_named_as_sender_gets_the_answer(owner, customer, category, contact, support, mailbox):
    ticket = open_ticket(by=owner, customer=customer, category=category, subject="S", text="T", sender=contact)
    answer(ticket, by=support, text="Here it is.")
    assert "Here it is." in mailbox(contact.email)[0].body


def test_a_contact_removed_meanwhile_gets_nothing(owner, customer, category, contact, support, mailbox):
    ticket = open_ticket(by=owner, customer=customer, category=category, subject="S", text="T", sender=contact)
    answer(ticket, by=support, text="Here it is.")
    contact.delete()
    assert mailbox("tech@garden.example") == []
    assert Outbox.objects.get(address="tech@garden.example").state == "dropped"


def test_who_lost_the_service_or_was_blocked_gets_nothing(
    ticket, standard, customer, category, hosting, support, mailbox
):
    mine = open_ticket(by=standard, customer=customer, category=category, service=hosting, subject="S", text="T")
    answer(mine, by=support, text="Secret.")
    standard.membership.grants.all().delete()
    assert mailbox(standard.email) == []
