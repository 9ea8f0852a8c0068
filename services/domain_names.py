"""Domain names that somebody types: what can be registered of them, in the people's form and in punycode."""

from dataclasses import dataclass

import idna
from django.utils.translation import gettext as _

from services.names import LONGEST_LABEL, canonical_domain, is_mixed

# What the name of a service holds.
LONGEST_NAME = 120


class BadName(Exception):
    """It cannot be a domain name; the message says why, in the reader's language."""


class NotSold(BadName):
    """Its suffix is not sold here."""


@dataclass(frozen=True)
class Name:
    """A name right below a suffix; `label` is as people write it, `ascii_label` in punycode."""

    label: str
    ascii_label: str
    suffix: str

    @property
    def ascii(self):
        """What registries know it by."""
        return f"{self.ascii_label}.{self.suffix}"

    @property
    def shown(self):
        """As people write it; in punycode when its letters come from several scripts and may deceive them."""
        return self.ascii if self.is_mixed else f"{self.label}.{self.suffix}"

    @property
    def is_mixed(self):
        """Whether its letters come from several scripts."""
        return is_mixed(self.label)

    @property
    def is_international(self):
        """Whether it is shown in another form than registries know."""
        return self.shown != self.ascii

    def __str__(self):
        return self.shown


def parse(text, suffixes):
    """The Names that were meant, one for every suffix; the one that was typed comes first.

    Raises BadName with words for the person.
    """
    host = remapped(canonical_domain(text))
    suffix = next((one for one in by_length(suffixes) if host.endswith(f".{one}")), "")
    label = host.removesuffix(f".{suffix}") if suffix else host
    if not suffix and "." in host:
        raise NotSold(
            _("We do not sell names that end in “.%(suffix)s”.") % {"suffix": host.partition(".")[2][:LONGEST_LABEL]}
        )
    if "." in label:
        raise BadName(_("Only one word can stand before “.%(suffix)s”.") % {"suffix": suffix})
    label, ascii_label = both_forms(label)
    if len(label) + 1 + max(map(len, suffixes), default=0) > LONGEST_NAME:
        raise BadName(_("This name is too long."))
    order = [suffix, *(one for one in suffixes if one != suffix)] if suffix else suffixes
    names = [Name(label, ascii_label, one) for one in order]
    if suffix and names[0].ascii in suffixes:
        words = _("“.%(suffix)s” is an ending of names, so it cannot be one itself.")
        raise BadName(words % {"suffix": names[0].ascii})
    return [name for name in names if name.ascii not in suffixes]


def only(text, suffixes):
    """The one Name that was typed with its suffix. Raises BadName."""
    names = parse(text, suffixes)
    if not any(canonical_domain(text).endswith(f".{one}") for one in suffixes):
        raise BadName(_("Type the whole name with its ending."))
    return names[0]


def remapped(host):
    """Full-width letters and other ways of writing the same, made one."""
    if not host:
        raise BadName(_("Type the name that you look for."))
    try:
        return idna.uts46_remap(host, std3_rules=True, transitional=False).strip(".")
    except idna.IDNAError:
        raise BadName(_("A name has letters, digits and hyphens only, no spaces or other signs.")) from None


def both_forms(label):
    """(as people write it, in punycode) of a label of either form."""
    try:
        written = idna.decode(label) if label.startswith("xn--") else label
        ascii_label = idna.encode(written).decode()
    except idna.IDNAError as error:
        raise BadName(reason(label, error)) from None
    if len(ascii_label) > LONGEST_LABEL:
        raise BadName(too_long())
    return written, ascii_label


def reason(label, error):
    """Why a label is none, in plain words."""
    if "too long" in str(error).lower():
        return too_long()
    if label.startswith("-") or label.endswith("-"):
        return _("A name neither begins nor ends with a hyphen.")
    if label[2:4] == "--" and not label.startswith("xn--"):
        return _("A name has no two hyphens as its third and fourth sign.")
    return _("A name has letters, digits and hyphens only, no spaces or other signs.")


def too_long():
    return _("A name has at most %(most)d signs; letters beyond a–z count for more.") % {"most": LONGEST_LABEL}


def by_length(suffixes):
    """The longest first, so that "com.pl" is found before "pl"."""
    return sorted(suffixes, key=len, reverse=True)


def in_punycode(domain):
    """A domain name that is kept here, as registries know it. Raises BadName."""
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode()
    except idna.IDNAError:
        raise BadName(_("“%(name)s” is no domain name.") % {"name": domain[:LONGEST_NAME]}) from None
