"""What stands on the first page, narrowed to what this person may see. One query for each section."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import CharField, Count, Value

from billing import cart
from billing.permissions import Permission as BillingPermission
from panel.models import Banner, News
from services.models import Domain, Product, Service
from tickets import overview
from tickets.permissions import Permission as TicketsPermission

SERVICES_SHOWN = 10
CONTACTS_SHOWN = 5
NEWS_SHOWN = 3
TICKETS_SHOWN = 5
ENDING_WITHIN_DAYS = 30


@dataclass(frozen=True)
class Holdings:
    """Which active services a person sees, in numbers: for the tiles, and for whom news are meant."""

    services: int
    domains: int
    kinds: frozenset
    products: frozenset

    @classmethod
    def of(cls, membership):
        """Counts once, by product; a domain kept elsewhere is news for its owner, but not on the tile."""
        rows = list(
            Service.objects.visible_to(membership)
            .active()
            .order_by()
            .values_list("product", "product__kind", "registration__origin")
            .annotate(count=Count("pk"))
        )
        return cls(
            services=sum(count for _product, kind, _origin, count in rows if kind != Product.Kind.DOMAIN),
            domains=sum(count for *_product, origin, count in rows if origin in Domain.HERE),
            kinds=frozenset(kind for _product, kind, *_rest in rows),
            products=frozenset(product for product, *_rest in rows),
        )


class Dashboard:
    """The sections of the first page for one membership; each is asked for at most once."""

    ending_within_days = ENDING_WITHIN_DAYS

    def __init__(self, membership):
        self.membership = membership
        self.shows_tickets = membership.may(TicketsPermission.TICKETS)
        self.shows_invoices = membership.may(BillingPermission.INVOICES)
        self.may_order = membership.may(BillingPermission.ORDERING)
        self.services = Service.objects.visible_to(membership)

    @cached_property
    def holdings(self):
        return Holdings.of(self.membership)

    @cached_property
    def contacts(self):
        """Contact persons, for those who see everything of the customer."""
        if not self.membership.sees_everything:
            return []
        return list(self.membership.customer.contacts.all()[:CONTACTS_SHOWN])

    @cached_property
    def banner(self):
        return Banner.objects.for_holder_of(self.holdings).first()

    @cached_property
    def news(self):
        return list(News.objects.for_holder_of(self.holdings)[:NEWS_SHOWN])

    @cached_property
    def active_services(self):
        return list(self.services.active()[:SERVICES_SHOWN])

    @cached_property
    def ending_services(self):
        """What is paid for at most 30 days more, the nearest first; `proforma_pk` says what is ordered already."""
        ending = self.services.ending_within(ENDING_WITHIN_DAYS).annotate(proforma_pk=cart.open_proforma())
        return list(ending[:SERVICES_SHOWN])

    @cached_property
    def tickets(self):
        return overview.latest(self.membership, self.membership.user, TICKETS_SHOWN) if self.shows_tickets else []

    @cached_property
    def counts(self):
        """How many messages are open, invoices unpaid, and renewals in the cart, of what this person may open."""
        membership, counted = self.membership, {}
        if self.shows_tickets:
            counted["tickets"] = overview.open_threads(membership)
        if self.shows_invoices:
            counted["unpaid"] = membership.customer.receivables.open()
        if self.may_order:
            counted["cart"] = cart.held(membership)
        return counts_of(counted)


def counts_of(querysets):
    """{name: number of rows} for named querysets, by one query."""
    parts = [
        rows.order_by()
        .annotate(what=Value(name, CharField()))
        .values("what")
        .annotate(count=Count("pk"))
        .values_list("what", "count")
        for name, rows in querysets.items()
    ]
    found = dict(parts[0].union(*parts[1:], all=True)) if parts else {}
    return dict.fromkeys(querysets, 0) | found
