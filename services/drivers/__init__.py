"""The drivers of services, by the name that products have. A new one is a file here and a line in DRIVERS."""

from django.utils.translation import gettext_lazy as _

from services.drivers.base import Accepted, Account, Done, Driver, DriverError, Used, is_permanent
from services.drivers.host_null import PretendHost
from services.drivers.manual import ManualDriver
from services.drivers.null import NullDriver
from services.drivers.sip_null import PretendSwitchboard
from services.drivers.webhook import WebhookDriver, refuse_half_configured

DRIVERS = {
    "null": NullDriver,
    "manual": ManualDriver,
    "webhook": WebhookDriver,
    "host_null": PretendHost,
    "sip_null": PretendSwitchboard,
}
LABELS = {
    "null": _("Nobody: done as soon as it is asked for"),
    "manual": _("By hand: staff say when it is done"),
    "webhook": _("A server of your own, by webhook"),
    "host_null": _("Pretend server for hosting, for trying out"),
    "sip_null": _("Pretend switchboard, for trying out"),
}

__all__ = [
    "DRIVERS",
    "Accepted",
    "Account",
    "Done",
    "Driver",
    "DriverError",
    "ManualDriver",
    "NullDriver",
    "PretendHost",
    "PretendSwitchboard",
    "Used",
    "WebhookDriver",
    "choices",
    "is_permanent",
    "refuse_half_configured",
]


def choices():
    """(name, label) for the catalogue."""
    return [(name, LABELS.get(name, name)) for name in DRIVERS]
