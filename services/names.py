"""Domain names in the one form they are kept and looked for in, and host names as DNS has them."""

import re
import unicodedata
from ipaddress import ip_address

import idna

# RFC 1035: octets of a name and of each part of it.
LONGEST_NAME, LONGEST_LABEL = 253, 63
# Scripts that are written together: Japanese, and what Chinese and Korean take from it.
TOGETHER = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "KATAKANA-HIRAGANA"}
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")


def canonical_domain(text):
    """The bare name in lower case: an address copied from a browser comes down to its host.

    International names stay as people write them; nothing here talks to a registry.
    """
    host = text.strip().casefold().rpartition("://")[2].partition("/")[0]
    return host.removeprefix("www.").rstrip(".")


class NotAHost(ValueError):
    """No host can have this name."""


def host(text, *, wildcard=False):
    """A host name as DNS has it: ASCII, small letters, no dot at the end. Raises NotAHost.

    Parts may begin with an underscore, as services and keys do; `wildcard` lets the first one be "*".
    """
    labels = [
        label(part, wildcard=wildcard and not i) for i, part in enumerate(text.strip().removesuffix(".").split("."))
    ]
    name = ".".join(labels)
    if len(name) > LONGEST_NAME:
        raise NotAHost(text)
    return name


def label(part, *, wildcard=False):
    """One part of a host name; of international ones what registries take (IDNA 2008). Raises NotAHost."""
    if wildcard and part == "*":
        return part
    try:
        ascii_part = part.lower() if part.isascii() else idna.encode(part, uts46=True).decode()
        if ascii_part.startswith("xn--"):
            idna.decode(ascii_part)
    except idna.IDNAError:
        raise NotAHost(part) from None
    if len(ascii_part) > LONGEST_LABEL or not LABEL.fullmatch(ascii_part):
        raise NotAHost(part)
    return ascii_part


def is_address(text):
    """Whether it is an IP address and so no name, though its parts could be some."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def forms_of(domain):
    """Every form in which a domain name may be kept here: as it is, in punycode, and in its own letters."""
    try:
        ascii_name = host(domain)
    except NotAHost:
        return {domain}
    parts = [idna.decode(part) if part.startswith("xn--") else part for part in ascii_name.split(".")]
    return {domain, ascii_name, ".".join(parts)}


def readable_host(name):
    """The host name as people write it: international parts in their own letters, unless these may deceive."""
    return ".".join(readable_label(part) for part in name.split(".")) if "xn--" in name else name


def readable_label(part):
    """One part of a host name as people write it; as DNS has it where that may deceive."""
    try:
        written = idna.decode(part) if part.startswith("xn--") else part
    except idna.IDNAError:
        return part
    return part if is_mixed(written) else written


def is_mixed(label):
    """Whether letters of several scripts stand together, as in names that are made to look like others."""
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in label if sign.isalpha()}
    return len(scripts) > 1 and not scripts <= TOGETHER
