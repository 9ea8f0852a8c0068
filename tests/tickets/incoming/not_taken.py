"""Support looks at the mails that were not taken, takes them all the same, or settles them."""

import pytest
from django.urls import reverse

from accounts.models import Event
from tests.cast import signed_in
from tests.tickets.incoming.conftest import letter
from tests.tickets.incoming.corpus import CORPUS
from tickets import limits
from tickets.incoming import take
from tickets.models import IncomingMail, Ticket

pytestmark = pytest.mark.django_db

LIST = reverse("tickets:mails")
GENERAL = "support@example.com"


@pytest.fixture
def desk(support):
    return signed_in(support)


@pytest.fixture
def refused(ticket, owner, answer_address):
    """An automatic answer of the owner's in their thread."""
    mail = letter(owner.email, answer_address, "I am away.", Precedence="bulk")
    return take(mail.as_bytes(), recipients=[answer_address])


@pytest.fixture
def nobody_s(provider):
    """A mail that does not say who wrote it."""
    return take(b"Subject: Hello\r\n\r\n<b>Words</b>", recipients=[GENERAL])


def page(client, address):
    return client.get(address).content.decode()


def test_the_desk_says_how_many_wait_and_leaves_out_machines(desk, refused, nobody_s):
    assert "E-mails not taken (1)" in page(desk, reverse("tickets:desk"))
    listed = page(desk, LIST)
    assert "Hello" in listed and "It does not say who wrote it" in listed
    assert refused.sender_email not in listed
    assert refused.sender_email in page(desk, LIST + "?reason=automatic") and "Hello" in page(
        desk, LIST + "?reason=all"
    )


def test_what_a_mail_does_not_have_is_not_shown_empty(desk, provider):
    row = take(b"Subject: Photo\r\n\r\n", recipients=[GENERAL])
    read = page(desk, reverse("tickets:mail", args=[row.pk]))
    assert "It has no text." in read and "<dt>Sender</dt>" not in read
    assert '<td data-label="Sender"></td>' in page(desk, LIST)


@pytest.mark.parametrize(("search", "found"), [("hel", True), ("nothing such", False)])
def test_mails_are_found_by_sender_and_subject(desk, nobody_s, search, found):
    assert (reverse("tickets:mail", args=[nobody_s.pk]) in page(desk, f"{LIST}?q={search}")) == found


@pytest.mark.parametrize("query", ["reason=x", "state=taken", "after=x", "before=9-9"])
def test_nonsense_in_the_address_is_left_out(desk, nobody_s, query):
    assert desk.get(f"{LIST}?{query}").status_code == 200


def test_a_mail_is_shown_as_plain_text_and_handed_out_as_a_file(desk, nobody_s):
    shown = page(desk, reverse("tickets:mail", args=[nobody_s.pk]))
    assert "&lt;b&gt;Words&lt;/b&gt;" in shown
    answer = desk.get(reverse("tickets:mail_raw", args=[nobody_s.pk]))
    assert b"".join(answer.streaming_content) == b"Subject: Hello\r\n\r\n<b>Words</b>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox" and "no-store" in answer["Cache-Control"]


def test_a_refused_reply_is_taken_into_its_thread_once_and_nobody_is_mailed(
    desk, support, refused, ticket, owner, mailbox
):
    before = len(mailbox(owner.email))
    for _time in range(2):
        answer = desk.post(reverse("tickets:mail_accept", args=[refused.pk]))
        assert answer["Location"] == reverse("tickets:desk_thread", args=[ticket.number])
    assert ticket.messages.count() == 2
    message = ticket.messages.last()
    assert (message.text, message.author) == ("I am away.", owner)
    refused.refresh_from_db()
    assert (refused.state, refused.message) == ("taken", message)
    assert len(mailbox(owner.email)) == before
    assert Event.objects.filter(action="mail_accepted", user_id=support.pk).count() == 1
    assert desk.get(reverse("tickets:mail", args=[refused.pk])).status_code == 404


def test_a_mail_of_nobody_becomes_a_thread_that_can_be_answered_by_nothing(desk, nobody_s, mailbox):
    desk.post(reverse("tickets:mail_accept", args=[nobody_s.pk]))
    ticket = Ticket.objects.get()
    assert (ticket.customer, ticket.sender_name, ticket.subject) == (None, "Unknown sender", "Hello")
    desk.post(reverse("tickets:desk_reply", args=[ticket.number]), {"text": "Who are you?", "last_seen": 0})
    assert mailbox("") == []


def test_whoever_answers_a_mail_of_nobody_reads_that_nobody_gets_it(desk, nobody_s, customer):
    desk.post(reverse("tickets:mail_accept", args=[nobody_s.pk]))
    thread = reverse("tickets:desk_thread", args=[Ticket.objects.get().number])
    shown, words = page(desk, thread), "The sender has left no address"
    assert words in shown and "Unknown sender</dd>" in shown
    assert "came without an address." in page(desk, reverse("tickets:desk_give", args=[Ticket.objects.get().number]))
    Ticket.objects.update(customer=customer)
    assert words not in page(desk, thread)


def test_a_closed_customer_s_thread_stays_closed_to_it(desk, refused, ticket, customer):
    customer.closed_at = ticket.created_at
    customer.save()
    desk.post(reverse("tickets:mail_accept", args=[refused.pk]))
    assert ticket.messages.count() == 1
    assert Ticket.objects.exclude(pk=ticket.pk).get().customer is None


def test_settled_is_off_the_list_and_can_still_be_taken(desk, nobody_s):
    for _time in range(2):
        desk.post(reverse("tickets:mail_settle", args=[nobody_s.pk]))
    address = reverse("tickets:mail", args=[nobody_s.pk])
    assert address not in page(desk, LIST) and address in page(desk, LIST + "?state=settled")
    assert Event.objects.filter(action="mail_settled").count() == 1
    desk.post(reverse("tickets:mail_accept", args=[nobody_s.pk]))
    assert Ticket.objects.count() == 1


def test_a_mail_too_large_or_broken_is_shown_as_it_begins_and_comes_as_a_file(desk, category, monkeypatch):
    monkeypatch.setattr(limits, "MAIL_BYTES", 1000)
    row = take(b"From: zofia@elsewhere.example\r\n\r\n" + b"words " * 300, recipients=[GENERAL])
    assert row.reason == "too_large"
    assert "words words" in page(desk, reverse("tickets:mail", args=[row.pk]))
    desk.post(reverse("tickets:mail_accept", args=[row.pk]))
    message = Ticket.objects.get().messages.get()
    assert "could not be read" in message.text
    assert [file.name for file in message.attachments.all()] == ["message.eml"]


def test_the_thousandth_page_is_reached_from_a_position(desk, provider):
    for number in range(30):
        take(f"Subject: {number}\r\n\r\nWords.".encode(), recipients=[GENERAL])
    latest = IncomingMail.objects.order_by("-pk")
    first = page(desk, LIST)
    assert first.count("/desk/mails/") >= 25 and f'mails/{latest[0].pk}/"' in first
    assert f'mails/{latest[29].pk}/"' in page(desk, f"{LIST}?after={latest[24].pk}-{latest[24].pk}")


REFUSED = {name: odd for name, odd in CORPUS.items() if odd.becomes not in ("reply", "ticket")}


@pytest.mark.parametrize("odd", REFUSED.values(), ids=REFUSED)
def test_every_odd_mail_that_was_refused_can_be_looked_at_and_taken(desk, ticket, owner, answer_address, odd):
    row = take(odd.to(answer_address), recipients=[answer_address], envelope_from=odd.envelope_from)
    assert desk.get(reverse("tickets:mail", args=[row.pk])).status_code == 200
    assert desk.post(reverse("tickets:mail_accept", args=[row.pk]), follow=True).status_code == 200
    row.refresh_from_db()
    assert row.message.ticket_id
