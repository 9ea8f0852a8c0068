"""The drivers of services, by the name that a product has of its own."""

from django.utils.translation import gettext_lazy as _

from services.drivers.base import Driver, DriverError
from services.drivers.null import NullDriver

DRIVERS = {"null": NullDriver}
LABELS = {"null": _("Looked after by hand")}

__all__ = ["DRIVERS", "Driver", "DriverError", "NullDriver", "choices", "driver_of"]


def choices():
    """(name, label) for the catalogue."""
    return [(name, LABELS.get(name, name)) for name in DRIVERS]


def driver_of(service):
    """The driver of the service's product. Raises DriverError, permanent, when no version knows it."""
    try:
        return DRIVERS[service.product.driver]()
    except KeyError:
        raise DriverError(f"no driver is called “{service.product.driver}”", permanent=True) from None
