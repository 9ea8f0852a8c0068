"""Our records as name servers group them: all of one name and type are one set, with one TTL."""

import re
from contextlib import suppress
from ipaddress import AddressValueError, IPv6Address

# RFC 1035, 3.3: one string of a text record.
LONGEST_STRING = 255
# What stands in a quoted string of a zone file: a byte by its number, any sign behind a backslash, or the sign.
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
# Looked at first: a quote that never ends would be looked for from every other one.
QUOTED = re.compile(r'(?:\s*"(?:[^"\\]|\\.)*")+\s*', re.DOTALL)
SIGN = re.compile(r"\\(\d{3})|\\(.)|(.)", re.DOTALL)


def rrsets(zone, records):
    """{(name with a dot, type): (TTL, contents)} of the records of a zone."""
    found = {}
    for record in records:
        key = absolute(f"{record.name}.{zone}" if record.name else zone), record.type
        ttl, contents = found.get(key, (record.ttl, frozenset()))
        found[key] = min(ttl, record.ttl), contents | {content(record)}
    return found


def content(record):
    """What a record says, as zone files write it."""
    match record.type:
        case "MX":
            return f"{record.priority} {absolute(record.content)}"
        case "SRV":
            return f"{record.priority} {record.weight} {record.port} {absolute(record.content)}"
        case "CNAME" | "NS":
            return absolute(record.content)
        case "CAA":
            return f"{record.flags} {record.tag} {quoted(record.content.encode())}"
        case "TXT":
            return text(record.content)
    return record.content


def absolute(name):
    """The name with the dot that says that it is whole; "." is no host at all."""
    return f"{name.rstrip('.')}."


def text(words):
    """A text in strings of at most 255 bytes, each in quotes."""
    octets = words.encode()
    parts = [octets[i : i + LONGEST_STRING] for i in range(0, len(octets), LONGEST_STRING)]
    return " ".join(map(quoted, parts or [b""]))


def quoted(octets):
    """Bytes in quotes; what is not a plain sign goes by its number."""
    return '"' + "".join(map(sign, octets)) + '"'


def sign(octet):
    """One byte within quotes of a zone file (RFC 1035, 5.1)."""
    if octet in b'"\\':
        return f"\\{chr(octet)}"
    return chr(octet) if 32 <= octet < 127 else f"\\{octet:03}"


def unquoted(said):
    """The bytes of one or more quoted strings put together; None when it is not that."""
    return b"".join(map(octets_of, PIECE.findall(said))) if QUOTED.fullmatch(said) else None


def octets_of(piece):
    """The bytes between two quotes."""
    octets = bytearray()
    for number, escaped, plain in SIGN.findall(piece):
        octets += bytes([int(number)]) if number and int(number) < 256 else (number or escaped or plain).encode()
    return bytes(octets)


def comparable(kind, said):
    """What a name server says a record holds, in a form in which two ways to write it are equal."""
    if kind == "TXT":
        return unquoted(said) or said
    if kind == "AAAA":
        with suppress(AddressValueError):
            return str(IPv6Address(said))
    return said if kind == "CAA" else " ".join(said.lower().split())


def difference(wanted, there):
    """(keys that are to go, keys that are to be set), of two results of `rrsets`."""
    gone = sorted(there.keys() - wanted.keys())
    other = sorted(key for key, said in wanted.items() if not is_same(key[1], said, there.get(key)))
    return gone, other


def is_same(kind, one, other):
    """Whether two sets of a type have one TTL and say the same; `other` is None where there is none."""
    if other is None:
        return False
    return one[0] == other[0] and {comparable(kind, said) for said in one[1]} == {
        comparable(kind, said) for said in other[1]
    }
