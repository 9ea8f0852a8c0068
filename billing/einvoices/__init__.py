"""E-invoice systems, by name."""

from django.conf import settings

from billing.einvoices.base import EInvoiceError, EInvoices
from billing.einvoices.null import NullEInvoices

SYSTEMS = {"null": NullEInvoices}

__all__ = ["SYSTEMS", "EInvoiceError", "EInvoices", "NullEInvoices", "system"]


def system():
    """The e-invoice system of this seller."""
    return SYSTEMS[settings.E_INVOICES]()
