"""Ways of paying, by name. A new one is a file with a class here and a line in GATEWAYS."""

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from billing.gateways.base import Gateway, GatewayError, Kind, Refunded, Refused, Report, Started
from billing.gateways.sandbox import Sandbox
from billing.gateways.transfer import Transfer

GATEWAYS = {"transfer": Transfer, "sandbox": Sandbox}
# Money of the wallet is a payment too, but by no gateway.
WALLET = "wallet"

__all__ = [
    "GATEWAYS",
    "WALLET",
    "Gateway",
    "GatewayError",
    "Kind",
    "Refunded",
    "Refused",
    "Report",
    "Started",
    "enabled",
    "find",
    "label",
    "origins",
    "refuse_half_configured",
]


@cache
def make(name):
    return GATEWAYS[name]()


def find(name):
    """The gateway of this name, be it enabled or not: old payments go on. Raises LookupError."""
    return make(name)


def enabled():
    """The gateways that people may choose from, in the order of the setting."""
    return [make(name) for name in settings.PAYMENT_GATEWAYS]


def origins():
    """Where forms of ours may lead to, beside our own pages."""
    return [origin for gateway in enabled() for origin in gateway.origins]


def label(name):
    """What people call a way of paying, in their language."""
    return _("balance") if name == WALLET else str(GATEWAYS[name].label) if name in GATEWAYS else name


def refuse_half_configured():
    """Stops the start when an enabled gateway is unknown or lacks a secret: an empty one signs for everybody."""
    for name in settings.PAYMENT_GATEWAYS:
        if name not in GATEWAYS:
            raise ImproperlyConfigured(f"PAYMENT_GATEWAYS names “{name}”; there are {', '.join(GATEWAYS)}.")
        empty = [needed for needed in GATEWAYS[name].needs_settings if not getattr(settings, needed, "")]
        if empty:
            raise ImproperlyConfigured(f"The gateway “{name}” needs {' and '.join(empty)}.")
