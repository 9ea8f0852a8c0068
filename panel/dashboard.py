"""What stands on the first page, narrowed to what this person may see. One query for each section."""

from functools import cached_property

from accounts import bounces
from accounts.counting import up_to_most
from accounts.models import Membership
from billing import cart
from billing.permissions import Permission as BillingPermission
from panel.models import Banner, News
from services.models import Service
from tickets import overview
from tickets.permissions import Permission as TicketsPermission

SERVICES_SHOWN = 10
CONTACTS_SHOWN = 5
NEWS_SHOWN = 3
TICKETS_SHOWN = 5
ENDING_WITHIN_DAYS = 30


class Dashboard:
    """The sections of the first page for one membership; each is asked for at most once."""

    def __init__(self, membership):
        self.membership = membership
        self.shows_tickets = membership.may(TicketsPermission.TICKETS)
        self.shows_invoices = membership.may(BillingPermission.INVOICES)
        self.may_order = membership.may(BillingPermission.ORDERING)
        self.services = Service.objects.visible_to(membership)

    @cached_property
    def contacts(self):
        """Contact persons, for those who see everything of the customer."""
        if not self.membership.sees_everything:
            return []
        return list(self.membership.customer.contacts.all()[:CONTACTS_SHOWN])

    @cached_property
    def banner(self):
        return Banner.objects.for_holder_of(self.services.active()).first()

    @cached_property
    def news(self):
        return list(News.objects.for_holder_of(self.services.active())[:NEWS_SHOWN])

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
        """How many of what this person may open there are, none of them counted beyond counting.MOST; one query.

        A domain kept elsewhere is not on the tile. "mails_return" is 1 where mails to their own address come back.
        """
        membership, active = self.membership, self.services.active()
        counted = {
            "services": active.without_domains(),
            "domains": active.registered_here(),
            "mails_return": bounces.marks([membership.user.email]),
        }
        if self.shows_tickets:
            counted["tickets"] = overview.open_threads(membership)
        if self.shows_invoices:
            counted["unpaid"] = membership.customer.receivables.open()
        if self.may_order:
            counted["cart"] = cart.held(membership)
        return up_to_most(Membership.objects.filter(pk=membership.pk), counted)
