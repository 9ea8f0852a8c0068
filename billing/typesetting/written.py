"""How figures and dates are written on documents, in the language that is switched on."""

from babel.numbers import format_decimal
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext


def day(date):
    """A date."""
    return date_format(date, "SHORT_DATE_FORMAT")


def days(first, last):
    """A period, with its last day."""
    return f"{day(first)} – {day(last)}"


def amount(value):
    """Money without its currency, which stands with the total: "1 234,56"."""
    return format_decimal(value, format="#,##0.00", locale=get_language())


def quantity(value):
    """A quantity without needless zeros: "1", "2,5"."""
    return format_decimal(value, format="#,##0.######", locale=get_language())


def rate(name):
    """A rate of tax: "23%"; what is exempt is "zw." in Polish."""
    return pgettext("rate of VAT on a document", "exempt") if name == "zw" else f"{name}%"
