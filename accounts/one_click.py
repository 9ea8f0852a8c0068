"""Addresses in mails that switch such mails off by one click (RFC 8058), without signing in.

An address names the letter and its reader, with an HMAC over both; it never expires, as old mails lie in
mailboxes for years, and opens nothing else. Instead of an e-mail address it holds a keyed digest.
"""

from django.conf import settings
from django.urls import reverse

from accounts import keys
from accounts.identifiers import mailbox


def digest(address):
    """The form in which an address without a login is told apart, and which tells nobody what it is."""
    return keys.mac("mailbox", mailbox(address))


def reader_of(row):
    """Who reads a message of the outbox: a person by their key, or a bare address by its digest."""
    return f"u{row.user_id}" if row.user_id else digest(row.address)


def token(letter, reader):
    """What stands in the address."""
    return f"{letter}.{reader}.{keys.link_mac('unsubscribe', letter, reader)}"


def read(text):
    """(name of the letter, reader) that a token was made for, or None."""
    letter, _dot, rest = text.partition(".")
    reader, _dot, mac = rest.partition(".")
    return (letter, reader) if keys.same(mac, keys.link_mac("unsubscribe", letter, reader)) else None


def address(row):
    """The absolute address for a message of the outbox."""
    return settings.SITE_URL + reverse("accounts:unsubscribe", args=[token(row.letter, reader_of(row))])


def headers(url):
    """What mail programs look for to show their own button."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
