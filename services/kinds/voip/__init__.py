"""VoIP: what its page consists of."""

from django.utils.translation import gettext_lazy as _

from services.kinds import common
from services.kinds.base import Kind, Link, Part
from services.models import Product

USAGE = Link(label=_("Calls and use"), url_name="billing:usage", icon="phone")


def withheld(service, membership):
    """Only while its SIP accounts wait for the provider to know the customer."""
    return {} if service.has_withheld else None


VOIP = Kind(
    label=Product.Kind.VOIP.label,
    icon="phone",
    parts=(Part("services/kinds/_withheld.html", withheld, for_support=True), *common.FIRST, *common.LAST),
    links=(common.RENEW, USAGE, common.CHANGE, common.WITHDRAW),
)
