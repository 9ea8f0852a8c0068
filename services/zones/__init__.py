"""The name servers that carry the records of domains, by the name that a domain product has in its `zones`."""

from django.utils.translation import gettext_lazy as _

from services.zones.base import ZoneDriver
from services.zones.null import NullZones
from services.zones.powerdns import PowerDns

ZONES = {"null": NullZones, "powerdns": PowerDns}
LABELS = {"null": _("Nobody: the records are kept in the panel only"), "powerdns": "PowerDNS"}

__all__ = ["LABELS", "ZONES", "NullZones", "PowerDns", "ZoneDriver"]
