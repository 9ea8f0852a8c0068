"""The parts and links that every kind has."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from services import offers
from services.changing import first_day
from services.credentials import can_change, with_failures
from services.ending import can_end
from services.expiry import is_renewable
from services.kinds.base import Link, Part
from services.models import Product, Service, ServiceChange
from services.renewing import may_decide
from services.withdrawing import may_withdraw, until


def renewable(service, membership):
    """What the facts say about renewal."""
    return {"renewable": is_renewable(service) and not service.is_ending}


def goes_on(service, membership):
    """Whether time can be added and is wanted."""
    return is_renewable(service) and not service.cancelled_at


def renewal_price(service, membership):
    """What the next period costs, in the product and with the options that it will have then; `net` in all."""
    if not goes_on(service, membership):
        return None
    terms = offers.terms(service)
    price = offers.own_price(service) or offers.usual(service, offers.for_services([service])[service])
    if price is None or not terms.net(price):
        return None
    is_gross = service.customer.kind != Customer.Kind.COMPANY
    return {"price": price, "terms": terms, "net": terms.net(price), "is_gross": is_gross}


def credentials(service, membership):
    """Accounts on servers, without their passwords, and how a change of each stands."""
    if not service.has_credentials:
        return None
    return {"accounts": with_failures(service.credentials.all()), "can_change": can_change(service)}


def renewing(service, membership):
    """The switch and cancelling, for who decides about them."""
    decides = may_decide(membership) and not service.is_ending
    return {} if decides and is_renewable(service) else None


def leaving(service, membership):
    """Ending at once, and the 14 days of consumers."""
    withdraws = may_withdraw(service, membership)
    ends = may_decide(membership) and can_end(service) and not service.is_ending
    if not withdraws and not ends:
        return None
    return {"ends": ends, "withdraws": withdraws, "until": until(service) if withdraws else None}


def may_change(service, membership):
    """While it runs and is one of a group whose products it could become."""
    runs = service.status == Service.Status.ACTIVE and goes_on(service, membership) and not service.is_ending
    return runs and service.has_others and service.product.kind != Product.Kind.DOMAIN


def to_come(service, membership):
    """The other product that it is planned to become, and when; of work that goes on the top of the page tells."""
    if not getattr(service, "has_change", True):
        return None
    change = service.changes.filter(state=ServiceChange.State.PLANNED).select_related("product").first()
    if change is None:
        return None
    change.service = service
    return {"change": change, "day": first_day(change)}


def configuration(service, membership):
    """Only where there is any."""
    return {} if service.configuration else None


FACTS = Part("services/kinds/_facts.html", renewable, for_support=True)
PRICE = Part("services/kinds/_price.html", renewal_price, for_support=True)
TO_COME = Part("services/kinds/_to_come.html", to_come, for_support=True)
CONFIGURATION = Part("services/kinds/_configuration.html", configuration, for_support=True)
CREDENTIALS = Part("services/kinds/_credentials.html", credentials, for_support=True)
RENEWING = Part("services/kinds/_renewing.html", renewing)
INVOICES = Part("services/kinds/_invoices.html", permission="invoices")
MESSAGES = Part("services/kinds/_messages.html", permission="tickets")
LEAVING = Part("services/kinds/_leaving.html", leaving)

RENEW = Link(
    label=_("Renew"),
    url_name="billing:renewals",
    query="service",
    icon="refresh",
    is_shown=goes_on,
    permission="ordering",
    is_primary=True,
)

CHANGE = Link(
    label=_("Change the product"),
    url_name="billing:change",
    icon="edit",
    is_shown=may_change,
    permission="ordering",
)

WITHDRAW = Link(label=_("withdraw from contract here"), url_name="services:withdraw", is_shown=may_withdraw)

# A kind puts its own parts between these.
FIRST = (FACTS, TO_COME, PRICE, CONFIGURATION, CREDENTIALS)
LAST = (RENEWING, INVOICES, MESSAGES, LEAVING)
LINKS = (RENEW, CHANGE, WITHDRAW)
