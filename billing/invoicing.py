"""Issuing documents: proforma, invoice, correction. What is issued is copied and never changes."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts.history import record
from billing import money, numbering
from billing.actions import Action
from billing.delivering import deliver
from billing.models import Delivery, Document, DocumentLine, DocumentRate, Receivable
from billing.parties import Notes, Seller
from services.models import Product

EXEMPTION = "art. 43 ust. 1 ustawy o VAT"
# Above this a domestic invoice with goods of annex 15 is paid by split payment (art. 108a(1a) of the VAT act).
SPLIT_PAYMENT_ABOVE = Decimal("15000.00")
KINDS = Document.Kind
# What a product says of every line that sells it.
ON_INVOICES = ("unit", "tax_rate", "tax_point", "pkwiu", "gtu", "in_annex_15")


@dataclass(frozen=True)
class Line:
    """A line before it is issued; `price` and `amount` are gross for private persons, else net."""

    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    tax_rate: str
    tax_point: str
    pkwiu: str = ""
    gtu: str = ""
    in_annex_15: bool = False
    period_from: date | None = None
    period_to: date | None = None
    order_line_id: int | None = None
    service_id: int | None = None
    before: bool = False

    @property
    def amount(self):
        """Quantity × price, to grosze."""
        return money.rounded(self.quantity * self.price)

    @classmethod
    def selling(cls, product, **fields):
        """One piece of a product with all that invoices say about it; `fields` say the rest, or something else."""
        about = {name: getattr(product, name) for name in ON_INVOICES}
        return cls(**{"quantity": Decimal(1)} | about | fields)

    @classmethod
    def of(cls, row, **changes):
        """The line that a DocumentLine was issued from."""
        return replace(cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__}), **changes)


@transaction.atomic
def issue_proforma(order, *, buyer, lines, from_gross, language, at=None):
    """Asks for payment of an order: the proforma and what is owed for it, as of now unless told `at`."""
    customer = order.customer
    due_on = timezone.localdate(at) + timedelta(days=customer.provider.payment_days)
    proforma = issue(
        KINDS.PROFORMA,
        customer,
        buyer=buyer.data(),
        lines=lines,
        from_gross=from_gross,
        language=language,
        at=at,
        order=order,
        due_on=due_on,
    )
    Receivable.objects.create(
        document=proforma, customer=customer, amount=proforma.gross, currency=proforma.currency, due_on=due_on
    )
    return proforma


@transaction.atomic
def issue_invoice(proforma, *, paid_on, paid_by, done, by):
    """The VAT invoice of a paid proforma: the same buyer, lines and amounts, and when it was paid.

    `done` says what lines of the order have brought about, by the line's key: the `service_id`, and the `period`
    (first day, last day) that was really paid for, None where it counts from a day to come.
    One proforma becomes one invoice: the database refuses a second.
    """
    lines = [invoice_line(row, done.get(row.order_line_id)) for row in proforma.lines.all()]
    invoice = issue(
        KINDS.INVOICE,
        proforma.customer,
        buyer=proforma.buyer_data,
        lines=lines,
        from_gross=proforma.from_gross,
        language=proforma.language,
        currency=proforma.currency,
        order=proforma.order,
        proforma=proforma,
        paid_on=paid_on,
        paid_by=paid_by,
        **tax_dates(lines, paid_on),
    )
    record(Action.INVOICE_ISSUED, customer=proforma.customer, by=by, document=invoice.number)
    return invoice


def invoice_line(row, done):
    """A line of the proforma, with the service and the days that it bought; a set-up fee buys no days."""
    if done is None:
        return Line.of(row)
    first_day, last_day = done.period or (row.period_from, row.period_to)
    return Line.of(row, service_id=done.service_id, period_from=first_day, period_to=last_day)


def tax_dates(lines, paid_on):
    """Either the period that all lines fall into or the day of payment: FA(3) takes one of the two.

    What is bought anew runs from the day on which it is set up, which nobody knows yet, and was paid in advance:
    its date is that of the payment (art. 106e(1)(6) of the VAT act).
    """
    if any(line.tax_point == Product.TaxPoint.ONE_OFF or line.period_from is None for line in lines):
        return {"supplied_on": paid_on}
    return {
        "period_from": min(line.period_from for line in lines),
        "period_to": max(line.period_to for line in lines),
    }


@transaction.atomic
def issue_correction(invoice, lines, *, buyer, reason, correction_type, by):
    """A correction with pairs of lines, before and after; its sums are the differences."""
    correction = issue(
        KINDS.CORRECTION,
        invoice.customer,
        buyer=buyer,
        lines=lines,
        from_gross=invoice.from_gross,
        language=invoice.language,
        currency=invoice.currency,
        corrects=invoice,
        period_from=invoice.period_from,
        period_to=invoice.period_to,
        supplied_on=invoice.supplied_on,
        correction_reason=reason,
        correction_type=correction_type,
    )
    record(
        Action.CORRECTION_ISSUED,
        customer=invoice.customer,
        by=by,
        document=correction.number,
        invoice=invoice.number,
    )
    return correction


def issue(kind, customer, *, buyer, lines, from_gross, language, at=None, **fields):
    """Draws the number and writes the document with its lines and sums, all in the caller's transaction."""
    provider, now = customer.provider, at or timezone.now()
    today = timezone.localdate(now)
    code = numbering.SERIES[kind]
    sequence = numbering.draw(provider, code, today.year)
    rates = rate_sums(lines, from_gross=from_gross, difference=kind == KINDS.CORRECTION)
    net, vat, gross = money.total(rates)
    document = Document(
        provider=provider,
        customer=customer,
        kind=kind,
        series=code,
        year=today.year,
        sequence=sequence,
        number=numbering.number(code, sequence, today.year),
        issued_at=now,
        issued_on=today,
        language=language,
        from_gross=from_gross,
        net=net,
        vat=vat,
        gross=gross,
        seller_data=Seller.of(provider).data(),
        buyer_data=buyer,
        notes_data=notes(buyer, lines, gross).data(),
        **fields,
    )
    line_rows = [
        DocumentLine(document=document, position=position, amount=line.amount, **asdict(line))
        for position, line in numbered(lines)
    ]
    rate_rows = [DocumentRate(document=document, **asdict(rate)) for rate in rates]
    document.digest = digest(document, line_rows, rate_rows)
    document.save()
    DocumentLine.objects.bulk_create(line_rows)
    DocumentRate.objects.bulk_create(rate_rows)
    Delivery.objects.create(document=document)
    deliver.enqueue(document.pk)
    return document


def numbered(lines):
    """(position, line); the two lines of a correction's pair share a position."""
    position = 0
    for index, line in enumerate(lines):
        is_second = not line.before and index > 0 and lines[index - 1].before
        position += 0 if is_second else 1
        yield position, line


def rate_sums(lines, *, from_gross, difference):
    """What the lines come to by rate; for a correction what comes after less what was before.

    Tax is counted on each side by itself, so that what a correction gives back is what was charged.
    """
    after = money.sums([(line.tax_rate, line.amount) for line in lines if not line.before], from_gross=from_gross)
    if not difference:
        return after
    before = money.sums([(line.tax_rate, line.amount) for line in lines if line.before], from_gross=from_gross)
    return money.differences(before, after)


def notes(buyer, lines, gross):
    """The annotations that the lines call for."""
    annexed = any(line.in_annex_15 for line in lines)
    return Notes(
        split_payment=bool(annexed and buyer["tax_id"] and gross > SPLIT_PAYMENT_ABOVE),
        exemption=EXEMPTION if any(line.tax_rate == Product.TaxRate.EXEMPT for line in lines) else "",
    )


NOT_DIGESTED = {"id", "digest", "document"}


def digest(document, lines, rates):
    """SHA-256 over everything on the document, as 64 hexadecimal digits: any later change shows."""
    content = [values(document), [values(line) for line in lines], [values(rate) for rate in rates]]
    return hashlib.sha256(json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()


def values(row):
    """The columns of a row, the same before it is written and after it is read."""
    return {field.attname: plain(field, getattr(row, field.attname)) for field in digested(type(row))}


@cache
def digested(model):
    """The columns of a model that a digest is made of."""
    return [field for field in model._meta.concrete_fields if field.name not in NOT_DIGESTED]


def plain(field, value):
    """Amounts with all their decimals, times in UTC."""
    if isinstance(value, Decimal):
        return f"{value:.{field.decimal_places}f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value
