"""What a login, phone, tax number or postal code must look like, and the one form it is kept in."""

import re
import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import iban
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as NumberError
from stdnum.pl import nip

# Of an address that mails can be sent to (RFC 5321, 4.5.3.1.3, less its brackets), and of the columns that keep them.
EMAIL_LENGTH = 254
# Of Poland, as people type it: the dash is left out, or a space.
POSTAL_CODE = re.compile(r"([0-9]{2})[ -]?([0-9]{3})")


def canonical_login(text):
    """NFKC, trimmed, case-folded: the form in which logins are kept and counted."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def is_anothers_address(login, email):
    """Whether a login is an e-mail address other than this one: nobody signs in under a stranger's address."""
    return "@" in login and bool(email) and login != canonical_login(email)


def mailbox(email):
    """An address in the form in which two of them are compared: only A to Z count as their lower-case letters.

    More would make one of two mailboxes: "ı" in capitals is "I", but mike and mıke are different people.
    """
    return email.encode().lower().decode()


def delivered_to(email):
    """The mailbox with its domain as mail servers look it up (IDNA): many spellings, one mailbox."""
    local, _at, domain = mailbox(email).rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return mailbox(email)


def canonical_phone(text, region="PL"):
    """The number in E.164 (+48…); raises django's ValidationError when it cannot be one."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValidationError(_("Type a phone number, for example +48 600 700 800."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable_phone(number):
    """A kept number in groups (+48 600 700 800), or as it is when it cannot be read."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def validate_phone(text):
    """Refuses what is not a phone number."""
    canonical_phone(text)


def validate_nip(text):
    """Refuses a NIP whose check digit is wrong (Polish tax number, modulo 11)."""
    try:
        nip.validate(text)
    except NumberError:
        raise ValidationError(_("This is not a valid NIP: check its ten digits.")) from None


def canonical_nip(text):
    """The ten digits of a NIP, without spaces, dashes and the PL prefix."""
    return nip.compact(text)


def validate_eu_vat(text):
    """Refuses what no EU country issues as a VAT number."""
    try:
        vat.validate(text)
    except NumberError:
        raise ValidationError(
            _("This is not a valid EU VAT number: it begins with the country, for example DE136695976.")
        ) from None


def canonical_eu_vat(text):
    """The number in capitals with its country in front, without spaces, dots and dashes."""
    return "".join(sign for sign in text.upper() if sign.isalnum() or sign in "+*")


def canonical_postal_code(text):
    """A Polish postal code as it is printed (80-244); raises django's ValidationError when it is none."""
    found = POSTAL_CODE.fullmatch(text.strip())
    if not found:
        raise ValidationError(_("Type a Polish postal code, for example 80-244."))
    return "-".join(found.groups())


def canonical_account(text):
    """An account number as an IBAN without spaces; 26 digits are a Polish one."""
    compact = iban.compact(text)
    return f"PL{compact}" if compact.isdigit() and len(compact) == 26 else compact


def validate_account(text):
    """Refuses what is no IBAN, nor a Polish account number (its check digits are wrong)."""
    try:
        iban.validate(canonical_account(text))
    except NumberError:
        raise ValidationError(_("This is not a valid account number: check its 26 digits.")) from None
