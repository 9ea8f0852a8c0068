"""E-mail addresses of our own that name a row under a MAC: nobody guesses one."""

import base64
import re

from django.conf import settings

from accounts.keys import mac, same

# 80 bits as 16 characters of base32 (RFC 4648), which outlive a server that writes addresses in capitals.
PROOF_BYTES = 10
# PostgreSQL's bigint has at most 19 digits; fewer than those are enough for every row there will be.
LOCAL_PART = re.compile(r"([a-z]+)\+([0-9]{1,18})-([a-z2-7]{16})")


def write(purpose, pk):
    """The address of row `pk`, "" when no mail comes in here."""
    return f"{purpose}+{pk}-{proof(purpose, pk)}@{settings.REPLY_DOMAIN}" if settings.REPLY_DOMAIN else ""


def read(purpose, addresses):
    """The number of the row that the first of our own addresses names, or None; forged ones name none."""
    for address in addresses:
        local, _at, domain = address.strip().casefold().rpartition("@")
        match = LOCAL_PART.fullmatch(local)
        ours = match and settings.REPLY_DOMAIN and domain == settings.REPLY_DOMAIN and match[1] == purpose
        if ours and same(match[3], proof(purpose, match[2])):
            return int(match[2])
    return None


def proof(purpose, pk):
    """What only we can put beside the number of a row."""
    return base64.b32encode(bytes.fromhex(mac(f"{purpose}-address", pk))[:PROOF_BYTES]).decode().lower()
