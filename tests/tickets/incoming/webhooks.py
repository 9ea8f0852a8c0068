"""The doors for Postmark and Mailgun: who may knock, and what becomes of the mails they bring."""

import base64
import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from tests.support.mail_company import SHARED, basic, signed
from tests.tickets.incoming.conftest import letter
from tests.tickets.incoming.corpus import CORPUS
from tests.work.providers import started
from tickets.incoming import webhooks
from tickets.models import IncomingMail

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

POSTMARK, MAILGUN = reverse("tickets:door", args=["postmark"]), reverse("tickets:door", args=["mailgun"])


@pytest.fixture(autouse=True)
def opened(settings):
    settings.MAIL_WEBHOOKS = ["postmark", "mailgun"]
    settings.ANYMAIL = settings.ANYMAIL | SHARED


@pytest.fixture
def company():
    return Client(raise_request_exception=False)


def told_by_postmark(sender, to, **more):
    """A mail as Postmark tells of it."""
    return {
        "FromFull": {"Name": "Anna", "Email": sender},
        "ToFull": [{"Email": to, "Name": ""}],
        "OriginalRecipient": to,
        "Subject": "Re: Slow pages",
        "MessageID": "22c74902",
        "TextBody": "It works now.",
        "HtmlBody": "<p>It works now.</p>",
        "Headers": [
            {"Name": "Return-Path", "Value": f"<{sender}>"},
            {"Name": "Message-ID", "Value": "<1@mail.example>"},
            {"Name": "Authentication-Results", "Value": "mx.panel.example; dmarc=pass header.from=example.com"},
        ],
        "Attachments": [],
    } | more


def post_postmark(company, told, headers=None):
    return company.post(POSTMARK, json.dumps(told), content_type="application/json", headers=basic() | (headers or {}))


def post_mailgun(company, told, **more):
    """With the secret that Postmark needs, too: once it is set, anymail asks everybody for it."""
    return company.post(MAILGUN, told, headers=basic(), **more)


def raw_by_mailgun(sender, to, raw, **more):
    return {"recipient": to, "sender": sender, "body-mime": raw} | signed() | more


def test_postmark_brings_an_answer_with_its_file(company, ticket, owner, answer_address):
    file = {"Name": "../../etc/x.txt", "ContentType": "text/plain", "Content": base64.b64encode(b"words").decode()}
    told = told_by_postmark(owner.email, answer_address, Attachments=[file])
    assert post_postmark(company, told).status_code == 200
    message = ticket.messages.last()
    assert message.text == "It works now."
    assert [file.name for file in message.attachments.all()] == ["x.txt"]


def test_postmark_s_raw_mail_is_taken_as_it_came(company, ticket, owner, answer_address):
    raw = letter(owner.email, answer_address, "Zażółć.").as_string()
    assert post_postmark(company, told_by_postmark(owner.email, answer_address, RawEmail=raw)).status_code == 200
    assert ticket.messages.last().text == "Zażółć."


@pytest.mark.parametrize("header", ["Authentication-Results", "AUTHENTICATION-results"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_what_a_sender_says_about_themselves_is_not_believed(
    company, ticket, owner, answer_address, header, line_break
):
    words = f"{header}: mx.panel.example;{line_break} dmarc=pass header.from=example.com"
    raw = f"X: 1{line_break}{words}{line_break}From: {owner.email}{line_break}Subject: x{line_break * 2}Hello"
    post_postmark(company, told_by_postmark(owner.email, answer_address, RawEmail=raw))
    message = ticket.messages.last()
    assert (message.text, message.is_verified, message.author) == ("Hello", False, None)


def test_mailgun_brings_an_answer_of_parts(company, ticket, owner, answer_address):
    told = {
        "recipient": answer_address,
        "sender": owner.email,
        "message-headers": json.dumps([["From", owner.email], ["Subject", "Re: Slow pages"], ["Message-Id", "<1@b>"]]),
        "body-plain": "Zażółć gęślą jaźń",
        "attachment-count": "2",
        "attachment-1": SimpleUploadedFile(
            "a.bin", bytes(range(256)) * 20 + b"\r\n\r\r\n", "application/octet-stream"
        ),
        "attachment-2": SimpleUploadedFile("within.eml", b"Subject: x\r\n\r\nWithin", "message/rfc822"),
    }
    assert post_mailgun(company, told | signed()).status_code == 200
    message = ticket.messages.last()
    assert message.text == "Zażółć gęślą jaźń"
    first = message.attachments.first()
    with first.file.open() as file:
        assert first.name == "a.bin" and file.read() == bytes(range(256)) * 20 + b"\r\n\r\r\n"
    assert message.attachments.count() == 2


def test_mailgun_brings_mails_as_they_came_to_the_address_that_its_route_names(company, ticket, owner, answer_address):
    told = raw_by_mailgun(owner.email, answer_address, letter(owner.email, answer_address).as_string())
    assert company.post("/mail/mailgun/mime", told, headers=basic()).status_code == 200
    assert ticket.messages.last().text == "It works now."


def test_mailgun_brings_a_large_mail_as_it_came(company, ticket, owner, answer_address):
    mail = letter(owner.email, answer_address)
    mail.add_attachment(b"x" * 5_000_000, maintype="application", subtype="octet-stream", filename="large.bin")
    answer = post_mailgun(company, raw_by_mailgun(owner.email, answer_address, mail.as_string()))
    assert answer.status_code == 200
    assert ticket.messages.last().attachments.get().size == 5_000_000


def test_the_same_mail_brought_again_makes_one_message(company, ticket, owner, answer_address):
    told = told_by_postmark(owner.email, answer_address)
    assert [post_postmark(company, told).status_code for _time in range(2)] == [200, 200]
    assert ticket.messages.count() == 2


@pytest.mark.parametrize("secret", ["postmark:another", "", "postmark:a-secret-of-the-test"])
def test_postmark_without_the_right_secret_brings_nothing(company, ticket, owner, answer_address, secret):
    answer = post_postmark(company, told_by_postmark(owner.email, answer_address), headers=basic(secret))
    assert answer.status_code == 400
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize(
    "change", [signed(key="another"), {"signature": ""}, {"token": "ż"}, {"timestamp": "1"}, {"signature": "ż"}]
)
def test_mailgun_without_a_right_signature_brings_nothing(company, ticket, owner, answer_address, change):
    told = raw_by_mailgun(owner.email, answer_address, letter(owner.email, answer_address).as_string())
    assert post_mailgun(company, told | change).status_code == 400
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b"\xff", "application/json"),
        (b"[" * 200_000, "application/json"),
        (b'{"RecordType": "Bounce"}', "application/json"),
        (b"", "multipart/form-data"),
        (b"--b", "multipart/form-data; boundary=b"),
        (b"\r\n--b" * 2000, "multipart/form-data; boundary=b"),
        (b"a=1", "application/x-www-form-urlencoded"),
    ],
)
def test_nonsense_of_nobody_is_refused(company, provider, body, content_type):
    for address in (POSTMARK, MAILGUN):
        assert company.post(address, body, content_type=content_type).status_code == 400
    assert company.post(MAILGUN, body, content_type=content_type, headers=basic()).status_code == 400
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"Headers": 1}', b'{"Attachments": [{"Name": "a"}]}'])
def test_what_a_company_brings_and_nobody_can_read_is_kept_for_support(company, provider, body):
    assert company.post(POSTMARK, body, content_type="application/json", headers=basic()).status_code == 200
    row = IncomingMail.objects.get()
    assert row.state == "refused"
    with row.raw.open() as kept:
        assert kept.read() == body


@pytest.mark.parametrize("told", [{}, {"recipient": "support@example.com"}, {"message-headers": "[[1]]"}])
def test_what_mailgun_has_signed_and_nobody_can_read_is_kept_too(company, provider, told):
    assert post_mailgun(company, told | signed()).status_code == 200
    assert IncomingMail.objects.get().state == "refused"


def test_nonsense_made_to_keep_us_busy_is_refused_at_once(company, provider):
    body = b"--b\r\nContent-Disposition: form-data" + b";" * 500_000 + b"\r\n\r\n\r\n--b--"
    began = time.process_time()
    assert company.post(MAILGUN, body, content_type="multipart/form-data; boundary=b").status_code == 400
    assert time.process_time() - began < 2


def test_what_is_too_large_is_not_read_to_its_end(company, provider, monkeypatch):
    monkeypatch.setattr(webhooks, "LARGEST_BODY", 100)
    assert company.post(POSTMARK, b"x" * 101, content_type="application/json", headers=basic()).status_code == 413


def test_while_the_database_is_away_it_is_brought_again(company, ticket, owner, answer_address, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("nobody there")

    with monkeypatch.context() as broken:
        broken.setattr(IncomingMail.objects, "filter", away)
        assert post_postmark(company, told_by_postmark(owner.email, answer_address)).status_code == 500
    assert post_postmark(company, told_by_postmark(owner.email, answer_address)).status_code == 200
    assert ticket.messages.count() == 2


@pytest.mark.parametrize("address", [POSTMARK, MAILGUN, reverse("tickets:door", args=["brevo"])])
def test_who_is_not_named_finds_no_door(company, provider, settings, address):
    settings.MAIL_WEBHOOKS = []
    assert company.post(address, b"{}", content_type="application/json", headers=basic()).status_code == 404


def test_the_corpus_comes_by_mailgun(company, ticket, owner, answer_address):
    for odd in CORPUS.values():
        mime = SimpleUploadedFile("mime", odd.to(answer_address))
        fields = {"recipient": answer_address, "sender": odd.envelope_from} | signed()
        body, content_type = form(fields, mime.read())
        assert post_mailgun(company, body, content_type=content_type).status_code == 200
    assert not IncomingMail.objects.filter(is_verified=True).exists()
    assert IncomingMail.objects.count() >= len(CORPUS) - 5, "a few differ only in what was taken out"


def form(fields, mime):
    """A form with a whole mail in one of its fields, byte by byte."""
    parts = [
        f'--odd\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    raw = b'--odd\r\nContent-Disposition: form-data; name="body-mime"\r\n\r\n' + mime + b"\r\n--odd--\r\n"
    return "".join(parts).encode() + raw, "multipart/form-data; boundary=odd"


@pytest.mark.parametrize(
    "environment",
    [
        {"MAIL_WEBHOOKS": "postmark"},
        {"MAIL_WEBHOOKS": "mailgun", "ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": "short"},
        {"MAIL_WEBHOOKS": "pigeon"},
    ],
)
def test_without_a_secret_the_panel_does_not_start(environment):
    code, words = started(**environment)
    assert code != 0 and ("ANYMAIL_" in words or "MAIL_WEBHOOKS" in words)
