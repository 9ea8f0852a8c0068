"""The kinds of services, by Product.Kind: a new one is a folder like these and a line here."""

from services.kinds.base import Kind, Link, Part, may
from services.kinds.domain import DOMAIN
from services.kinds.hosting import HOSTING
from services.kinds.other import OTHER
from services.kinds.voip import VOIP
from services.models import Product

KINDS = {
    Product.Kind.HOSTING: HOSTING,
    Product.Kind.DOMAIN: DOMAIN,
    Product.Kind.VOIP: VOIP,
    Product.Kind.OTHER: OTHER,
}

__all__ = ["KINDS", "Kind", "Link", "Part", "kind_of", "links_of", "parts_of"]


def kind_of(service):
    """The Kind that says how a service is shown."""
    return KINDS[service.product.kind]


def parts_of(service, membership, *, for_support=False):
    """[(template, what it knows as `part`)] for a service out of `shown.for_page`, in the order of the page."""
    parts = [part for part in kind_of(service).parts if part.for_support or not for_support]
    told = [(part.template, part.needs(service, membership)) for part in parts if may(membership, part.permission)]
    return [(template, context) for template, context in told if context is not None]


def links_of(service, membership):
    """[(link, address)] of what leads on from the heading, for this person and now."""
    links = [link for link in kind_of(service).links if may(membership, link.permission)]
    return [(link, link.address(service)) for link in links if link.is_shown(service, membership)]
