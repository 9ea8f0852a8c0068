"""Random selectors, keyed digests and encryption: every use of the keys from outside the database."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def new_selector():
    """128 random bits as text, for looking a row up without telling its number."""
    return secrets.token_urlsafe(16)


def new_digits(length):
    """A random code of `length` digits, leading zeros included."""
    return f"{secrets.randbelow(10**length):0{length}d}"


def mac(purpose, *parts):
    """HMAC-SHA-256 under the key for short codes, as 64 hexadecimal digits."""
    message = "\x1f".join([purpose, *(str(part) for part in parts)])
    return hmac.new(settings.SHORT_CODE_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def short_code(purpose, nonce, length):
    """The digits that belong to a nonce; uniform to within 10**length / 2**256."""
    return f"{int(mac(purpose, nonce), 16) % 10**length:0{length}d}"


def link_mac(*parts):
    """The secret half of a link: 192 bits, safe in an address."""
    return base64.urlsafe_b64encode(bytes.fromhex(mac("link", *parts))[:24]).decode()


def same(typed, right):
    """Compares without telling by its duration how much was right."""
    return hmac.compare_digest(typed.encode(), right.encode())


def fernet():
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.ENCRYPTION_KEY.encode()).digest()))


def encrypt(text):
    """`text` so that it can be shown again (Fernet: AES-128-CBC with HMAC-SHA-256)."""
    return fernet().encrypt(text.encode()).decode()


def decrypt(token):
    """What was encrypted, or None when it was tampered with or the key has changed."""
    try:
        return fernet().decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def encrypted(column):
    """A property of a model whose text is kept encrypted in `column`: `password = encrypted("secret")`.

    It reads "" where nothing is kept, and None when the key that it was encrypted with is gone.
    """

    def read(row):
        token = getattr(row, column)
        return decrypt(token) if token else ""

    def write(row, text):
        setattr(row, column, encrypt(text) if text else "")

    return property(read, write)
