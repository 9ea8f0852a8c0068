"""The payment page, in Polish or English as the browser asks for."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from billing.money import in_words
from billing.sandbox.choices import GROUPS, PAY, REFUSE

STYLE = (Path(__file__).parent / "style.css").read_bytes()


def language(header):
    """The first language of an Accept-Language header that we have."""
    for code, _quality in parse_accept_lang_header(header.lower()):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def render(name, header, **context):
    """A page in the language of the header."""
    with translation.override(language(header)):
        return render_to_string(f"sandbox/{name}.html", context | {"language": translation.get_language()}).encode()


def payment(found, header):
    """Where the person decides, or reads what was decided."""
    with translation.override(language(header)):
        amount = in_words(found.amount, found.currency)
    return render("payment", header, payment=found, amount=amount, pay=PAY, refuse=REFUSE, groups=GROUPS)


def unknown(header):
    """There is no such payment, or no longer: the sandbox forgets everything when it ends."""
    return render("unknown", header)


def policy(back_to=""):
    """The content security policy. Chromium holds form-action against the redirect after a form, too."""
    parts = urlsplit(back_to)
    forms = f"'self' {parts.scheme}://{parts.netloc}" if back_to else "'none'"
    return f"default-src 'none'; style-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
