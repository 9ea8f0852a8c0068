"""What a document says, as plain words in its language: nothing is left to count or to translate on the page."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import countries
from billing import gateways, transfers, words
from billing.models import Document
from billing.money import CURRENCY, in_words
from billing.typesetting import lines
from billing.typesetting.letters import printable
from billing.typesetting.written import day, days


def of(document):
    """Everything on the page of a document, ready to be printed, in the document's language."""
    with override(document.language):
        return cleaned(
            {
                "language": document.language,
                "title": title(document),
                "number": document.number,
                "page": _("page {page} of {pages}"),
                "seller": seller(document),
                "buyer": buyer(document),
                "facts": facts(document),
                "remark": remark(document),
                "correction": correction(document),
                "lines": lines.table(document),
                "rates": lines.rates(document),
                "total": total(document),
                "spelled": [_("In words:"), words.spelled(document.gross, document.currency, document.language)],
                "notes": notes(document),
                "transfer": transfer(document),
                "footer": footer(document.seller),
            }
        ) | {"qr": qr(document)}


def cleaned(said):
    """The same with every text made printable."""
    if isinstance(said, dict):
        return {name: cleaned(value) for name, value in said.items()}
    if isinstance(said, list):
        return [cleaned(value) for value in said]
    return printable(said) if isinstance(said, str) else said


def title(document):
    """What kind of document it is."""
    return {
        Document.Kind.PROFORMA: _("Proforma invoice"),
        Document.Kind.INVOICE: _("VAT invoice"),
        Document.Kind.CORRECTION: _("Correction invoice"),
    }[document.kind]


def seller(document):
    """Podmiot1."""
    party = document.seller
    return {
        "role": _("Seller"),
        "brand": party.brand,
        "name": party.name,
        "rows": [party.line1, party.line2, _("NIP %(number)s") % {"number": party.tax_id}],
    }


def buyer(document):
    """Podmiot2, with the identifier it has."""
    party = document.buyer
    abroad = [countries.name(party.country)] if party.country != document.seller.country else []
    numbers = [
        party.tax_id and _("NIP %(number)s") % {"number": party.tax_id},
        party.eu_number and _("EU VAT number %(number)s") % {"number": f"{party.eu_prefix}{party.eu_number}"},
        party.other_id and _("Number %(number)s") % {"number": f"{party.other_id} ({party.other_country})"},
        _("Customer number %(number)s") % {"number": party.number},
    ]
    return {
        "role": _("Buyer"),
        "name": party.name,
        "rows": [*filter(None, [party.line1, party.line2]), *abroad, *filter(None, numbers)],
    }


def facts(document):
    """(what, when) of the head: dates, and the documents it follows from."""
    period = document.period_from and days(document.period_from, document.period_to)
    found = [
        (_("Date of issue"), day(document.issued_on)),
        (_("Date of supply or payment"), document.supplied_on and day(document.supplied_on)),
        (_("Period of the service"), period),
        (_("Payable until"), document.due_on and day(document.due_on)),
        (_("Proforma"), document.proforma and document.proforma.number),
    ]
    return [list(fact) for fact in found if fact[1]]


def remark(document):
    """A sentence that nobody may overlook, or ""."""
    if document.is_proforma:
        return _("This is not a VAT invoice. You will get one as soon as it is paid.")
    return ""


def correction(document):
    """What is corrected, and why; nothing on other documents."""
    if document.corrects is None:
        return []
    corrected = document.corrects
    words_of = {"number": corrected.number, "date": day(corrected.issued_on)}
    return [
        [_("Corrected invoice"), _("%(number)s of %(date)s") % words_of],
        [_("Reason of the correction"), document.correction_reason],
        *former_buyer(document),
    ]


def former_buyer(document):
    """Podmiot2K: how the buyer stood before this correction, when it is them that it corrects."""
    earlier = document.corrects.corrections.filter(pk__lt=document.pk).order_by("-pk").first() or document.corrects
    if earlier.buyer_data == document.buyer_data:
        return []
    party = earlier.buyer
    return [[_("Buyer before"), ", ".join(filter(None, [party.name, party.line1, party.line2]))]]


def total(document):
    """The sum in large letters, and what became of it."""
    amount = in_words(document.gross, document.currency)
    if document.kind == Document.Kind.CORRECTION:
        return {"label": _("Amount of the correction"), "amount": amount, "below": []}
    if document.paid_on is None:
        return {"label": _("To be paid"), "amount": amount, "below": []}
    how = {"date": day(document.paid_on), "way": gateways.label(document.paid_by)}
    below = [
        _("Paid on %(date)s: %(way)s") % how,
        _("Left to pay: %(amount)s") % {"amount": in_words(0, document.currency)},
    ]
    return {"label": _("Paid"), "amount": amount, "below": below}


def notes(document):
    """The words that the law asks for where an annotation applies (art. 106e of the VAT act)."""
    applying = document.notes_data
    said = [
        applying.get("split_payment") and _("Split payment (mechanizm podzielonej płatności)"),
        applying.get("reverse_charge") and _("Reverse charge (odwrotne obciążenie)"),
        applying.get("cash_method") and _("Cash accounting (metoda kasowa)"),
        applying.get("self_billing") and _("Self-billing (samofakturowanie)"),
        applying.get("exemption") and _("Basis of the VAT exemption: %(basis)s") % {"basis": applying["exemption"]},
    ]
    return [*filter(None, said)]


def transfer(document):
    """Where an unpaid document is to be paid."""
    if not document.is_proforma:
        return None
    party = document.seller
    rows = [
        (_("Account"), transfers.readable(party.bank_account)),
        (_("Bank"), party.bank_name),
        (_("Recipient"), party.name),
        (_("Title of the transfer"), document.number),
        (_("Amount"), in_words(document.gross, document.currency)),
    ]
    return {
        "heading": _("Pay by bank transfer"),
        "rows": [list(row) for row in rows if row[1]] if party.bank_account else [],
        "scan": _("Scan it in your bank's app"),
        "alt": _("QR code of the transfer"),
        "online": _("Or pay online:"),
        "url": settings.SITE_URL + reverse("billing:document", args=[document.pk]),
    }


def qr(document):
    """The drawing of the transfer's QR code, or ""."""
    if not document.is_proforma or document.currency != CURRENCY:
        return ""
    text = transfers.qr(document.seller, document.gross, document.number)
    return transfers.svg(text) if text else ""


def footer(party):
    """Who the seller is in the registers, and how to reach them."""
    return [
        " · ".join(filter(None, [party.name, party.registry])),
        " · ".join(filter(None, [party.email, party.phone, party.website])),
    ]
