"""Mails for the tests, and the mail server's word on them."""

from email.message import EmailMessage

import pytest

from tests.support.readers import reply_address
from tickets.models import Category


@pytest.fixture(autouse=True)
def first_category(category):
    """Where threads begin that come by mail."""
    return Category.objects.get()


def proof(domain, result="pass", server="mx.panel.example"):
    """An Authentication-Results header as our mail server writes it."""
    return f"{server}; dkim=pass header.d={domain}; dmarc={result} (p=NONE) header.from={domain}"


def letter(sender, to, text="It works now.", *, subject="Re: Slow pages", proved=True, **headers):
    """A mail as bytes; `proved` lets our mail server vouch for it."""
    mail = EmailMessage()
    if proved:
        mail["Authentication-Results"] = proof(sender.rpartition("@")[2].rstrip(">"))
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = headers.pop("message_id", f"<{abs(hash((sender, to, text, subject)))}@mail.example>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


@pytest.fixture
def answer_address(ticket, owner):
    """Where the owner answers in the thread."""
    return reply_address(ticket, user=owner)
