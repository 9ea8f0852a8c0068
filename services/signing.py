"""Signatures of what the panel and a server of the provider's tell each other: HMAC-SHA-256 over time and body."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from accounts.typed import whole_number

HEADER = "Panel-Signature"
# Older than this is a replay; a clock may be as much ahead of ours.
OLDEST = timedelta(minutes=5)
# Reaches the year 5138.
MOST_DIGITS = 11


class NotBelieved(Exception):
    """The signature is wrong, missing or too old. The message says which."""


def sign(secret, body, at):
    """The value of the header for a raw body: "t=<unix seconds>,v1=<HMAC-SHA-256 over t.body>"."""
    return f"t={at},v1={mac(secret, body, at)}"


def mac(secret, body, at):
    """HMAC-SHA-256 under the secret, as hexadecimal digits."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def verify(secret, body, header, *, now):
    """The signature of a raw body, once it is right and young enough. Raises NotBelieved."""
    if not secret:
        raise NotBelieved("there is no secret to check signatures with")
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    at, signature = whole_number(parts.get("t", ""), digits=MOST_DIGITS), parts.get("v1", "")
    if at is None or not signature:
        raise NotBelieved("there is no signature")
    if not hmac.compare_digest(signature.encode(), mac(secret, body, at).encode()):
        raise NotBelieved("the signature is wrong")
    if abs(now - datetime.fromtimestamp(at, UTC)) > OLDEST:
        raise NotBelieved("it was not signed just now")
    return signature
