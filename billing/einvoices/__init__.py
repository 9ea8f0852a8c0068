"""E-invoice systems, by name."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from billing.einvoices.base import EInvoiceError, EInvoices
from billing.einvoices.null import NullEInvoices

SYSTEMS = {"null": NullEInvoices}

__all__ = ["SYSTEMS", "EInvoiceError", "EInvoices", "NullEInvoices", "refuse_unknown", "system"]


def system():
    """The e-invoice system of this seller."""
    return SYSTEMS[settings.E_INVOICES]()


def refuse_unknown():
    """Stops the start when the setting names a system that is not here."""
    if settings.E_INVOICES not in SYSTEMS:
        raise ImproperlyConfigured(f"E_INVOICES is “{settings.E_INVOICES}”; there are {', '.join(SYSTEMS)}.")
