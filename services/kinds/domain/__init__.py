"""Domain: what its page consists of."""

from django.utils.translation import gettext_lazy as _

from services.dns import records
from services.kinds import common
from services.kinds.base import Kind, Link, Part
from services.kinds.domain.registration import registration
from services.models import Product

REGISTRATION = Part("services/kinds/domain/_registration.html", registration)


def has_zone(service, membership):
    """Where its records are looked after here."""
    return records.has_zone(service)


RECORDS = Link(label=_("DNS records"), url_name="services:records", icon="globe", is_shown=has_zone)

DOMAIN = Kind(
    label=Product.Kind.DOMAIN.label,
    icon="globe",
    parts=(*common.FIRST, REGISTRATION, *common.LAST),
    links=(common.RENEW, RECORDS, common.WITHDRAW),
)
