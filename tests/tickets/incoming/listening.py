"""The door for mail servers: what it takes, what it refuses, and that it says yes only to what is kept."""

import smtplib
import socket
from pathlib import Path

import pytest
from django.db import OperationalError

from tests.support.listening import WAIT_SECONDS
from tests.tickets.incoming.conftest import letter
from tests.tickets.incoming.corpus import CORPUS, REPLY, TICKET
from tickets import limits
from tickets.incoming import listener as door
from tickets.models import IncomingMail, Ticket

GENERAL = "support@example.com"


@pytest.fixture(autouse=True)
def inboxes(settings):
    settings.MAIL_INBOXES = [GENERAL]


def server_at(listener, *, is_lmtp=False):
    """A mail server that has just connected."""
    opened = listener(is_lmtp=is_lmtp)
    return (smtplib.LMTP if is_lmtp else smtplib.SMTP)("127.0.0.1", opened.port, timeout=WAIT_SECONDS)


@pytest.mark.parametrize("is_lmtp", [False, True])
def test_a_mail_lands_in_its_thread(listener, ticket, owner, answer_address, is_lmtp):
    with server_at(listener, is_lmtp=is_lmtp) as server:
        server.sendmail(owner.email, [answer_address], letter(owner.email, answer_address).as_bytes())
    message = ticket.messages.last()
    assert (message.text, message.author) == ("It works now.", owner)


def test_lmtp_answers_for_every_recipient(listener, ticket, owner, answer_address):
    with server_at(listener, is_lmtp=True) as server:
        server.ehlo_or_helo_if_needed()
        server.mail(owner.email)
        for recipient in (answer_address, GENERAL):
            server.rcpt(recipient)
        code, _words = server.data(letter(owner.email, answer_address).as_bytes())
        second, _words = server.getreply()
        assert (code, second) == (250, 250)
        assert server.noop()[0] == 250
    assert IncomingMail.objects.count() == 1


@pytest.mark.parametrize("recipient", ["somebody@elsewhere.example", "owner@example.com", "postmaster", "a@b@c"])
def test_mail_for_others_is_not_taken(listener, provider, recipient):
    with server_at(listener) as server, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        server.sendmail("zofia@elsewhere.example", [recipient], b"Subject: x\r\n\r\nx")
    assert refused.value.recipients[recipient][0] >= 500
    assert not IncomingMail.objects.exists()


def test_an_address_in_capitals_is_ours_too(listener, ticket, owner, answer_address):
    with server_at(listener) as server:
        server.sendmail(
            owner.email, [answer_address.upper(), GENERAL.upper()], letter(owner.email, GENERAL).as_bytes()
        )
    assert ticket.messages.count() == 2


def test_a_notice_has_no_sender(listener, ticket, owner, answer_address):
    with server_at(listener) as server:
        server.sendmail("", [answer_address], letter(owner.email, answer_address).as_bytes())
    assert IncomingMail.objects.get().reason == "automatic"


def test_a_mail_that_is_too_large_is_refused_before_and_after_it_comes(listener, provider):
    with server_at(listener) as server:
        server.ehlo()
        assert int(server.esmtp_features["size"]) == limits.MAIL_BYTES
        assert server.mail("a@b.example", [f"size={limits.MAIL_BYTES + 1}"])[0] == 552
        server.mail("a@b.example")
        server.rcpt(GENERAL)
        line = b"x" * 998 + b"\r\n"
        assert server.data(line * (limits.MAIL_BYTES // len(line) + 1))[0] == 552
        assert server.noop()[0] == 250
    assert not IncomingMail.objects.exists()


def test_of_too_many_recipients_the_rest_comes_later(listener, provider):
    with server_at(listener) as server:
        server.ehlo()
        server.mail("a@b.example")
        answers = [server.rcpt(f"a{number}@mail.panel.example")[0] for number in range(door.RECIPIENTS_AT_MOST + 1)]
    assert answers == [250] * door.RECIPIENTS_AT_MOST + [452]


def test_while_the_database_is_away_the_mail_stays_with_its_server(
    listener, ticket, owner, answer_address, monkeypatch
):
    mail = letter(owner.email, answer_address).as_bytes()
    with server_at(listener) as server:
        with monkeypatch.context() as broken, pytest.raises(smtplib.SMTPDataError) as later:
            broken.setattr(IncomingMail.objects, "filter", away)
            server.sendmail(owner.email, [answer_address], mail)
        assert later.value.smtp_code == 451
        assert ticket.messages.count() == 1
        server.sendmail(owner.email, [answer_address], mail)
    assert ticket.messages.count() == 2


def away(*args, **kwargs):
    raise OperationalError("nobody there")


def test_a_full_disk_keeps_the_mail_with_its_server_too(listener, ticket, owner, answer_address, settings, files):
    files.parent.mkdir(exist_ok=True)
    Path(files).write_text("not a folder")
    with server_at(listener) as server, pytest.raises(smtplib.SMTPDataError) as later:
        server.sendmail(owner.email, [answer_address], letter(owner.email, answer_address).as_bytes())
    assert later.value.smtp_code == 451
    assert ticket.messages.count() == 1 and not IncomingMail.objects.exists()


def test_one_visitor_too_many_is_asked_to_come_back(listener, provider, monkeypatch):
    monkeypatch.setattr(door, "VISITORS_AT_MOST", 2)
    port = listener().port
    visitors = [smtplib.SMTP("127.0.0.1", port, timeout=WAIT_SECONDS) for _number in range(2)]
    with pytest.raises(smtplib.SMTPConnectError) as refused:
        smtplib.SMTP("127.0.0.1", port, timeout=WAIT_SECONDS)
    assert refused.value.smtp_code == 421
    visitors.pop().quit()
    smtplib.SMTP("127.0.0.1", port, timeout=WAIT_SECONDS).quit()
    visitors.pop().quit()


def test_who_says_nothing_is_shown_out(listener, provider, monkeypatch):
    monkeypatch.setattr(door, "COMMAND_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", listener().port), timeout=WAIT_SECONDS) as silent:
        assert silent.recv(200).startswith(b"220")
        assert silent.recv(200) == b""


@pytest.mark.slow
def test_the_whole_corpus_comes_through_the_door(listener, ticket, owner, answer_address):
    with server_at(listener) as server:
        for odd in CORPUS.values():
            to = GENERAL if odd.becomes == TICKET else answer_address
            server.sendmail(odd.envelope_from, [to], odd.to(answer_address))
    rows = list(IncomingMail.objects.order_by("pk").values_list("state", "reason"))
    taken = ("taken", "")
    assert rows == [taken if odd.becomes in (REPLY, TICKET) else ("refused", odd.becomes) for odd in CORPUS.values()]
    assert ticket.messages.count() == 1 + sum(odd.becomes == REPLY for odd in CORPUS.values())
    assert Ticket.objects.count() == 1 + sum(odd.becomes == TICKET for odd in CORPUS.values())
