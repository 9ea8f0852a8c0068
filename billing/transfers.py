"""What a bank transfer must say, as text and as the Polish QR code for transfers."""

import re
from decimal import Decimal
from io import BytesIO

import segno
from django.utils.safestring import mark_safe

from billing.money import rounded

# "Rekomendacja Związku Banków Polskich dotycząca kodu dwuwymiarowego („2D”)", 2013: lengths in characters,
# the whole in bytes of UTF-8, and six digits for grosze.
LONGEST_NAME, LONGEST_TITLE, LONGEST_CODE = 20, 32, 160
LARGEST_AMOUNT = Decimal("9999.99")
POLISH_ACCOUNT = re.compile(r"PL\d{26}")
# What separates the fields, and what no bank shows.
NOT_IN_A_FIELD = re.compile(r"[|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


def title(payment):
    """What the transfer of a payment is to be titled, so that staff find what it is for.

    The numbers of its documents; where they are too many for the QR code, the customer and the payment.
    """
    if payment.is_top_up:
        return f"DOL {payment.customer.number}/{payment.pk}"
    parts = payment.parts.select_related("receivable__document")
    numbers = ", ".join(part.receivable.document.number for part in parts)
    return numbers if len(numbers) <= LONGEST_TITLE else f"PLAT {payment.customer.number}/{payment.pk}"


def qr(seller, amount, title):
    """The text of the transfer's QR code, or "" where the standard has none.

    There is none for an account outside Poland, for no money and for more than 9 999.99 PLN, nor when the
    title does not fit: cut off, nobody would know what the money is for. `seller` is a parties.Seller.
    """
    title = field(title)
    if not POLISH_ACCOUNT.fullmatch(seller.bank_account) or len(title) > LONGEST_TITLE:
        return ""
    if not 0 < rounded(amount) <= LARGEST_AMOUNT:
        return ""
    name = field(seller.name)[:LONGEST_NAME].strip()
    grosze = f"{int(rounded(amount) * 100):06}"
    text = f"{seller.tax_id}|PL|{seller.bank_account[2:]}|{grosze}|{name}|{title}|||"
    return text if len(text.encode()) <= LONGEST_CODE else ""


def field(text):
    """Text without the separator, control characters and needless spaces."""
    return " ".join(NOT_IN_A_FIELD.sub(" ", text).split())


def svg(text):
    """The QR code of a text as <svg>, at level L as the standard asks for; its size is up to where it stands."""
    code = segno.make(text, error="l", boost_error=False, micro=False, encoding="utf-8")
    drawing = BytesIO()
    code.save(drawing, "svg", xmldecl=False, omitsize=True, svgclass="qr", lineclass=None, light="#fff", border=4)
    return mark_safe(drawing.getvalue().decode())  # noqa: S308  squares of ours, nothing of the text is in it


def readable(account):
    """An IBAN as people copy it: a Polish one as 61 1090 1014 …, any other with its country, in fours."""
    head, rest = (account[2:4], account[4:]) if account.startswith("PL") else ("", account)
    return " ".join(filter(None, [head, *(rest[n : n + 4] for n in range(0, len(rest), 4))]))
