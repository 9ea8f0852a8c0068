"""A whole conversation by mail: out through an SMTP server, answered in a mail program, in through our own door."""

import smtplib
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr

import pytest
from django.urls import reverse

from accounts.outbox import send_waiting
from tests.cast import signed_in
from tests.support.listening import WAIT_SECONDS
from tests.tickets.incoming.conftest import letter, proof
from tickets import conversation
from tickets.incoming import take
from tickets.models import IncomingMail


class MailProgram:
    """What somebody reads and answers their mails with; `port` is where their mail server brings what they write."""

    def __init__(self, address, port, *, is_lmtp):
        self.address, self.port = address, port
        self.server = smtplib.LMTP if is_lmtp else smtplib.SMTP

    def answer(self, mail, text):
        """Writes above the quotation, as most do, and sends."""
        words = mail.get_body(["plain"]).get_content()
        quoted = "".join(f"> {line}\n" for line in words.splitlines())
        reply = EmailMessage()
        reply["Authentication-Results"] = proof(self.address.rpartition("@")[2])
        reply["From"], reply["To"], reply["Subject"] = self.address, mail["Reply-To"], f"Re: {mail['Subject']}"
        reply["Message-ID"] = make_msgid(domain="mail.example")
        reply["In-Reply-To"] = mail["Message-ID"]
        reply["References"] = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
        reply.set_content(f"{text}\n\nOn Sat, 21 Nov 2026 at 10:12, {mail['From']} wrote:\n{quoted}")
        with self.server("127.0.0.1", self.port, timeout=WAIT_SECONDS) as server:
            server.sendmail(self.address, [parseaddr(mail["Reply-To"])[1]], reply.as_bytes())
        return reply


@pytest.mark.parametrize("is_lmtp", [False, True])
def test_a_conversation_goes_on_by_mail(postman, listener, ticket, owner, support, is_lmtp):
    program = MailProgram(owner.email, listener(is_lmtp=is_lmtp).port, is_lmtp=is_lmtp)
    conversation.answer(ticket, by=support, text="Please try now.")
    send_waiting()
    opened, asked = postman.mails
    answered = program.answer(asked, "It works, thank you!")

    page = signed_in(owner).get(reverse("tickets:thread", args=[ticket.number])).content.decode()
    assert "It works, thank you!" in page and "Unverified" not in page
    message = ticket.messages.last()
    assert message.text == "It works, thank you!" and "> Please try now." in message.quoted
    assert message.author == owner

    conversation.answer(ticket, by=support, text="We are glad.")
    send_waiting()
    last = postman.mails[-1]
    assert last["In-Reply-To"] == answered["Message-ID"]
    assert last["References"].split() == [mail["Message-ID"] for mail in (opened, asked, answered)]
    assert last["Reply-To"] == asked["Reply-To"]

    program.answer(last, "Good night.")
    assert [message.text for message in ticket.messages.all()] == [
        "Since Monday.",
        "Please try now.",
        "It works, thank you!",
        "We are glad.",
        "Good night.",
    ]
    assert len(postman.mails) == 3, "nobody but support is answered"


def test_a_thread_that_began_by_mail_answers_that_mail(postman, owner, customer, support):
    mail = letter(owner.email, "support@example.com", subject="No mail since noon")
    take(mail.as_bytes(), recipients=["support@example.com"])
    conversation.answer(IncomingMail.objects.get().message.ticket, by=support, text="Looking.")
    send_waiting()
    confirmed, answered = postman.mails
    assert confirmed["In-Reply-To"] == mail["Message-ID"]
    assert answered["References"].split() == [mail["Message-ID"], confirmed["Message-ID"]]


def test_a_stranger_s_thread_finds_its_place_in_their_mail_program(postman, provider, support):
    mail = letter("zofia@elsewhere.example", "support@example.com", subject="A question", proved=False)
    take(mail.as_bytes(), recipients=["support@example.com"])
    ticket = IncomingMail.objects.get().message.ticket
    conversation.answer(ticket, by=support, text="An answer.")
    send_waiting()
    assert postman.mails[-1]["References"].split() == [mail["Message-ID"], postman.mails[0]["Message-ID"]]
    assert parseaddr(postman.mails[-1]["Reply-To"])[1].startswith("reply+")


@pytest.mark.parametrize("threaded", [True, False])
def test_the_same_mail_twenty_times_at_once_makes_one_message(
    postgresql, together, ticket, owner, answer_address, threaded
):
    address = answer_address if threaded else "support@example.com"
    mail = letter(owner.email, address).as_bytes()
    rows = together(20, lambda number: take(mail, recipients=[address]))
    assert len({row.pk for row in rows}) == 1
    assert IncomingMail.objects.count() == 1
    assert sum(thread.messages.count() for thread in type(ticket).objects.all()) == 2
