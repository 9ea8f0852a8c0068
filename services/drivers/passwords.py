"""Passwords of a server's own making; nothing that a person has chosen."""

import secrets

# Without letters and digits that are taken for each other: people type it into a telephone.
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# Over 115 bits.
LENGTH = 20


def new_password():
    """A new one, for one account."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
