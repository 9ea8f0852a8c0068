"""Hosting: what its page consists of."""

from services.kinds import common
from services.kinds.base import Kind
from services.models import Product

HOSTING = Kind(
    label=Product.Kind.HOSTING.label,
    icon="server",
    parts=(*common.FIRST, *common.LAST),
    links=common.LINKS,
)
