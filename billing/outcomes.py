"""What is known of a payment, for the person who looks at its page: nothing is promised that is not certain."""

from functools import cached_property

from accounts.typed import whole_number
from billing import documents, gateways, refunds, transfers
from billing.gateways.transfer import Transfer
from billing.models import CartItem, Document, OrderLine, Payment, Receivable, Refund
from billing.parties import Seller
from billing.permissions import Permission
from services.models import Extension, ServiceChange

# The page of a payment that waits comes again after so many seconds, and then no more: about five minutes.
REFRESH_AFTER = (2, 3, 5, 5, 10, 10, 15, 20, 30, 60, 60, 60)
SERVICES_SHOWN = 50
PAID_CHANGES = (ServiceChange.State.ASKED, ServiceChange.State.DONE)


def refresh_after(visit):
    """(seconds until the page comes again, its number then), or None when it has come often enough.

    `visit` is how often it has come again, as the address says.
    """
    number = whole_number(visit, digits=3) or 0
    return (REFRESH_AFTER[number], number + 1) if number < len(REFRESH_AFTER) else None


class Outcome:
    """One payment as `membership` may see it; `visit` is how often its page has come again."""

    def __init__(self, payment, membership, *, visit=""):
        self.payment = payment
        self.membership = membership
        self.visit = visit

    @cached_property
    def way(self):
        """The way of paying, in words."""
        return gateways.label(self.payment.gateway)

    @property
    def sees_wallet(self):
        """Whether the balance is this person's to see."""
        return self.membership.may(Permission.INVOICES)

    @cached_property
    def parts(self):
        """What it pays: a part for each proforma that this person may see."""
        parts = self.payment.parts.filter(receivable__document__in=documents.visible_to(self.membership))
        return list(parts.select_related("receivable__document"))

    @cached_property
    def open(self):
        """The receivables that are still to be paid."""
        return [part.receivable for part in self.parts if part.receivable.state == Receivable.State.OPEN]

    @property
    def address_of_open(self):
        """Where these can be paid."""
        return documents.address_to_pay(row.document_id for row in self.open)

    @property
    def is_needless(self):
        """Whether all that it was begun for is paid or cancelled meanwhile."""
        return not self.payment.is_paid and not self.payment.is_top_up and bool(self.parts) and not self.open

    @cached_property
    def surplus(self):
        """The proformas that it came for too late: something else had paid them, or they were cancelled."""
        return [part.receivable for part in self.parts if not part.settled] if self.payment.is_paid else []

    @property
    def is_in_balance(self):
        """Whether it has topped the balance up; money that the gateway gave back before it came has not."""
        return refunds.is_in_balance(self.payment)

    @cached_property
    def in_question(self):
        """Whether support is looking into something about it."""
        return self.payment.cases.filter(closed_at=None).exists()

    @cached_property
    def refunds(self):
        """What went back, or is on its way."""
        return list(self.payment.refunds.exclude(state=Refund.State.FAILED)) if self.payment.is_paid else []

    @cached_property
    def invoices(self):
        """The invoices that it brought about."""
        settled = [part.receivable.document_id for part in self.parts if part.settled]
        return list(Document.objects.filter(kind=Document.Kind.INVOICE, proforma__in=settled).order_by("pk"))

    @cached_property
    def lines(self):
        """The lines of its orders with their services, so many at most."""
        orders = [part.receivable.document.order_id for part in self.parts if part.settled]
        lines = OrderLine.objects.filter(order__in=orders).select_related("service__product", "product").order_by("pk")
        return list(lines[:SERVICES_SHOWN])

    @cached_property
    def extended(self):
        """The extensions that it brought about: each tells its service and the new date."""
        references = [line.reference for line in self.lines if line.state == OrderLine.State.DONE]
        return list(Extension.objects.filter(reference__in=references).select_related("service").order_by("pk"))

    @cached_property
    def changed(self):
        """The changes that it paid for: each tells its service and what that becomes."""
        references = [line.reference for line in self.lines if line.act == CartItem.Act.CHANGE]
        changes = ServiceChange.objects.filter(reference__in=references, state__in=PAID_CHANGES) if references else []
        return list(changes and changes.select_related("service", "product").order_by("pk"))

    @property
    def not_extended(self):
        """What was paid for and could not be done."""
        return [line.thing for line in self.lines if line.state == OrderLine.State.FAILED]

    @property
    def begun(self):
        """The lines of its orders that brought new services about, whatever has become of these since."""
        purchases = [line for line in self.lines if line.act == CartItem.Act.PURCHASE]
        return [line for line in purchases if line.state == OrderLine.State.DONE]

    @cached_property
    def orders(self):
        """The keys of the orders that it is for, the oldest first."""
        return sorted({part.receivable.document.order_id for part in self.parts})

    @cached_property
    def transfer(self):
        """What a bank transfer must say, while one is waited for."""
        waits = self.payment.state == Payment.State.STARTED and self.payment.gateway == Transfer.name
        return TransferOrder(self.payment) if waits and not self.is_needless else None

    @property
    def waits(self):
        """Whether an answer of the gateway is awaited now."""
        return (
            self.payment.state == Payment.State.STARTED
            and not self.is_needless
            and gateways.find(self.payment.gateway).can_be_asked
        )

    @property
    def refresh(self):
        """(seconds until the page comes again, its number then), or None when it has come often enough."""
        return refresh_after(self.visit) if self.waits else None

    @property
    def pay_page(self):
        """Where a person who turned back can go on with paying; only an address of the web."""
        return self.payment.page if self.waits and self.payment.page.startswith(("https://", "http://")) else ""


class TransferOrder:
    """The account, the amount and the title of a transfer, and its QR code."""

    def __init__(self, payment):
        self.seller = Seller.of(payment.customer.provider)
        self.amount = payment.amount
        self.title = transfers.title(payment)

    @property
    def account(self):
        """The account as it is typed: without the country for a Polish one."""
        return self.seller.bank_account.removeprefix("PL")

    @property
    def account_in_groups(self):
        """The account for reading."""
        return transfers.readable(self.seller.bank_account)

    @cached_property
    def drawing(self):
        """The Polish QR code, or "" where there is none for such a transfer."""
        text = transfers.qr(self.seller, self.amount, self.title)
        return transfers.svg(text) if text else ""
