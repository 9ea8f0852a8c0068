"""The tables of a document: its lines, pairs of lines on a correction, and the sums by rate of tax."""

from itertools import groupby

from django.utils.translation import gettext as _

from billing.models import Document
from billing.typesetting.written import amount, days, quantity, rate


def table(document):
    """The head of the table and its rows, all in words."""
    rows = list(document.lines.all())
    price = _("Gross price") if document.from_gross else _("Net price")
    value = _("Gross value") if document.from_gross else _("Net value")
    said = {"head": [_("No."), _("Name"), _("Quantity"), price, _("VAT"), value], "rows": [], "pairs": []}
    if document.kind == Document.Kind.CORRECTION:
        said["pairs"] = [pair(position, list(two)) for position, two in groupby(rows, lambda row: row.position)]
    else:
        said["rows"] = [[str(row.position), *named(row), *figures(row)] for row in rows]
    return said


def pair(position, rows):
    """A corrected line: as it was, as it is to be, and by how much its value changes; one row when it stays."""
    before = next((row for row in rows if row.before), None)
    after = next((row for row in rows if not row.before), None)
    said = {"no": str(position), "named": named(after or before), "rows": []}
    if before and after and figures(before) == figures(after):
        return said | {"rows": [[_("Unchanged"), *figures(after)]]}
    if before:
        said["rows"].append([_("Before"), *figures(before)])
    if after:
        said["rows"].append([_("After"), *figures(after)])
    change = (after.amount if after else 0) - (before.amount if before else 0)
    return said | {"difference": [_("Difference"), amount(change)]}


def named(row):
    """The name of a line and what stands in small letters below it."""
    period = row.period_from and row.period_to and days(row.period_from, row.period_to)
    small = [period, row.pkwiu and _("PKWiU %(code)s") % {"code": row.pkwiu}, row.gtu]
    return [row.name, " · ".join(filter(None, small))]


def figures(row):
    """Quantity with its unit, price, rate, value."""
    return [f"{quantity(row.quantity)} {row.unit}", amount(row.price), rate(row.tax_rate), amount(row.amount)]


def rates(document):
    """The sums by rate with their head and, under several rates, their total."""
    rows = [[rate(row.rate), amount(row.net), amount(row.vat), amount(row.gross)] for row in document.rates.all()]
    return {
        "head": [_("VAT rate"), _("Net"), _("VAT"), _("Gross")],
        "rows": rows,
        "total": [_("Total"), amount(document.net), amount(document.vat), amount(document.gross)],
    }
