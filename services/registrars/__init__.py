"""The registrars of domains, by the name that a domain product has in its `driver`."""

from django.utils.translation import gettext_lazy as _

from services.registrars.base import Availability, Registrar, WrongAuthInfo
from services.registrars.manual import ManualRegistrar
from services.registrars.null import NullRegistrar

REGISTRARS = {"null": NullRegistrar, "manual": ManualRegistrar}
LABELS = {
    "null": _("For trying out: a small registry of the panel's own"),
    "manual": _("By hand: staff say when it is done"),
}

__all__ = ["LABELS", "REGISTRARS", "Availability", "ManualRegistrar", "NullRegistrar", "Registrar", "WrongAuthInfo"]
