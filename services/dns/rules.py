"""What people type for a DNS record, in the form in which it is kept; or, in plain words, why it cannot be."""

from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from services.limits import TEXT_OCTETS
from services.names import LONGEST_NAME, NotAHost, host, is_address
from services.zones.rrsets import unquoted

NO_NAME = _("No host can have this name: letters, digits, dashes and dots, at most 63 signs between two dots.")
# In place of a host: there is none (RFC 7505 for mail, RFC 2782 for services).
NOWHERE = "."


def relative(text, zone):
    """The name of a record without the zone's; "" for the domain itself. Raises ValidationError."""
    text = text.strip()
    if text in ("", "@"):
        return ""
    try:
        name = host(text, wildcard=True)
    except NotAHost:
        raise ValidationError(NO_NAME) from None
    inside = "" if name == zone else name.removesuffix(f".{zone}")
    if text.endswith(".") and inside == name:
        raise ValidationError(_("This name is not in the domain %(zone)s."), params={"zone": zone})
    if len(f"{inside}.{zone}") > LONGEST_NAME:
        raise ValidationError(_("With the domain this name is longer than the 253 signs that there may be."))
    return inside


def ipv4(text, zone):
    """An IPv4 address in its usual form. Raises ValidationError."""
    try:
        return str(IPv4Address(text.strip()))
    except AddressValueError:
        raise ValidationError(_("Type an IPv4 address: four numbers up to 255, such as 192.0.2.10.")) from None


def ipv6(text, zone):
    """An IPv6 address in its shortest form (RFC 5952). Raises ValidationError."""
    try:
        address = IPv6Address(text.strip())
    except AddressValueError:
        raise ValidationError(_("Type an IPv6 address, such as 2001:db8::10.")) from None
    if address.scope_id:
        raise ValidationError(_("An address with “%” is known on one machine only."))
    return str(address)


def target(text, zone):
    """The whole name of another host; "@" is the domain itself. Raises ValidationError."""
    text = text.strip()
    if text == "@":
        return zone
    if is_address(text):
        raise ValidationError(_("This is an address. Type the name of a host here, such as mail.example.com."))
    if "." not in text.strip("."):
        raise ValidationError(_("Type the whole name of the host, such as mail.example.com."))
    try:
        name = host(text)
    except NotAHost:
        raise ValidationError(NO_NAME) from None
    if name.rpartition(".")[2].isdigit():
        raise ValidationError(NO_NAME)
    return name


def server(text, zone):
    """The whole name of a server, to which only letters, digits and dashes belong. Raises ValidationError."""
    name = target(text, zone)
    if "_" in name:
        raise ValidationError(_("The name of a server has no underscore."))
    return name


def server_or_none(text, zone):
    """The same, or "." to say that there is no such server."""
    return NOWHERE if text.strip() == NOWHERE else server(text, zone)


def text(typed, zone):
    """A text, also as zone files have it: strings in quotes, one after the other. Raises ValidationError."""
    octets = unquoted(typed) if typed.startswith('"') else None
    try:
        words = typed if octets is None else octets.decode()
    except UnicodeDecodeError:
        raise ValidationError(_("The text must be written in UTF-8.")) from None
    if not words:
        raise ValidationError(_("Type the text of the record."))
    if not words.isprintable():
        raise ValidationError(_("The text stands on one line, without line breaks, tabs and invisible signs."))
    if len(words.encode()) > TEXT_OCTETS:
        raise ValidationError(
            _("The text is longer than %(most)d bytes, the most there can be."), params={"most": TEXT_OCTETS}
        )
    return words


def authority(typed, tag):
    """The value of a CAA record with this tag. Raises ValidationError."""
    value = typed.strip()
    if not value.isascii() or not value.isprintable():
        raise ValidationError(_("Only plain letters, digits and signs can stand here."))
    return reports_to(value) if tag == "iodef" else issuer(value)


def issuer(value):
    """A domain of a certificate authority with its parameters, or ";" for none."""
    name, semicolon, parameters = value.partition(";")
    if not name.strip() and semicolon and not parameters.strip():
        return ";"
    try:
        return f"{host(name)}{semicolon}{parameters}"
    except NotAHost:
        raise ValidationError(
            _("Type the domain of the certificate authority, such as letsencrypt.org, or “;” for none at all.")
        ) from None


def reports_to(value):
    """An address for reports: mailto: or a web page."""
    try:
        parts = urlsplit(value)
        if parts.scheme == "mailto":
            validate_email(parts.path)
        elif parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValidationError("")
    # A ValueError comes of brackets that hold no address.
    except (ValidationError, ValueError):
        raise ValidationError(
            _("Type where reports go, such as mailto:security@example.com or https://example.com/caa.")
        ) from None
    return value
