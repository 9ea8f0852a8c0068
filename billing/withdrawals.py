"""What billing knows of contracts that consumers withdraw from: when they were concluded, and what is given back."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from billing import money, refunds
from billing.cases import close_by_itself, open_case
from billing.correcting import standing
from billing.models import CartItem, Case, Document, OrderLine, Payment, Refund

PURCHASE = CartItem.Act.PURCHASE


def concluded_at():
    """For a query of services: when the order was placed by which a service was bought.

    NULL when a company bought it, or it was a product that cannot be withdrawn from, whatever it has become since.
    """
    by_company = Document.objects.filter(order=OuterRef("order"), from_gross=False)
    bought = OrderLine.objects.filter(service=OuterRef("pk"), act=PURCHASE, state=OrderLine.State.DONE)
    bought = bought.filter(product__is_withdrawable=True)
    return Subquery(bought.exclude(Exists(by_company)).order_by("pk").values("order__placed_at")[:1])


def give_back(withdrawal):
    """Gives the staff a case with the sum to pay back; they correct the invoice and pay. Called by services."""
    lines = OrderLine.objects.filter(service=withdrawal.service_id, state=OrderLine.State.DONE).select_related("order")
    bought = lines.filter(act=PURCHASE).order_by("pk").first()
    invoice = bought and invoice_of(bought)
    later = lines.exclude(act=PURCHASE).order_by("pk")
    for line in later:
        # What was paid and could not be done is among what goes back now: nobody gets it twice.
        close_by_itself(Case.Reason.NOT_DELIVERED, line.reference)
    back = shares([(bought, to_give_back(bought, withdrawal)), *((line, paid_for(line)) for line in later)])
    open_case(
        Case.Reason.WITHDRAWAL,
        f"withdrawal:{withdrawal.pk}",
        customer=withdrawal.service.customer,
        document=invoice,
        payment=payment_of(invoice),
        service=str(withdrawal.service),
        amount=str(sum((share.amount for share in back), money.ZERO)),
        shares=[[share.payment.pk, str(share.amount)] for share in back if share.payment],
        of_it=[str(share) for share in back] if len(back) > 1 else [],
        paid=str(sum([paid_for(bought), *(paid_for(line) for line in later)], money.ZERO)),
        used_days=used_days(bought, withdrawal)[0],
        documents=[document.number for line in later if (document := invoice_of(line))],
    )


@dataclass(frozen=True)
class Share:
    """How much goes back of what one payment paid, and by which invoice."""

    payment: Payment | None
    document: Document | None
    amount: Decimal

    def __str__(self):
        return f"{self.document}: {self.amount} {money.CURRENCY}"


def shares(wanted):
    """The Shares of (line, amount) pairs, the oldest first: each goes back the way it came, and no more than is left.

    What has gone back of a payment before does not go back again.
    """
    found, given = [], defaultdict(Decimal)
    for line, amount in wanted:
        invoice = invoice_of(line)
        if payment := payment_of(invoice):
            amount = min(amount, refunds.left(payment) - given[payment.pk])
            given[payment.pk] += amount
        if amount:
            found.append(Share(payment, invoice, amount))
    return found


def to_pay_back(case):
    """[(payment, amount)] of a case about a withdrawal that staff have not paid back yet, the oldest payment first."""
    wanted = defaultdict(Decimal)
    for key, amount in case.details.get("shares", []):
        wanted[key] += Decimal(amount)
    payments = Payment.objects.in_bulk(wanted)
    rest = [(payments[key], amount - gone_for(case, payments[key])) for key, amount in wanted.items()]
    free = [(payment, min(amount, refunds.left(payment))) for payment, amount in rest]
    return [(payment, amount) for payment, amount in free if amount > 0]


def gone_for(case, payment):
    """How much of a payment went back, or is on its way, because of this case."""
    same = payment.refunds.filter(token__startswith=token(case, payment)).exclude(state=Refund.State.FAILED)
    return sum((refund.amount for refund in same), money.ZERO)


def token(case, payment, number=None):
    """What the refunds of a payment because of a case are called by, or the one of that number."""
    return f"case:{case.pk}:{payment.pk}:{'' if number is None else number}"


def next_token(case, payment):
    """The same for the next one: a form that is sent twice pays once."""
    return token(case, payment, payment.refunds.filter(token__startswith=token(case, payment)).count() + 1)


def invoice_of(line):
    """The invoice of a line's order, or None: what costs nothing has none."""
    return Document.objects.filter(order=line.order_id, kind=Document.Kind.INVOICE).order_by("pk").first()


def payment_of(invoice):
    """The payment of an invoice, so that money goes back the way it came."""
    if invoice is None:
        return None
    parts = {"parts__receivable__document": invoice.proforma_id, "parts__settled": True}
    return Payment.objects.filter(**parts).order_by("-pk").first()


def paid_for(line):
    """What stands for one line on its invoice after all corrections, gross."""
    invoice = invoice_of(line)
    if invoice is None:
        return money.ZERO
    own = [(row.tax_rate, row.amount) for row in standing(invoice) if row.order_line_id == line.pk]
    return money.total(money.sums(own, from_gross=invoice.from_gross))[2]


def to_give_back(line, withdrawal):
    """All of it, or without the days that were used where the consumer asked for the start at once.

    Art. 35 of the Consumer Rights Act: in proportion to what was performed, by the price that was agreed to.
    Without that wish nothing is owed for them (art. 36).
    """
    paid = paid_for(line)
    used, days = used_days(line, withdrawal)
    return paid - money.rounded(paid * Decimal(used) / days) if used else paid


def used_days(line, withdrawal):
    """(full days that it ran and that are to be paid, days it was bought for)."""
    service = withdrawal.service
    if line.order.early_start_asked_at is None or service.status == service.Status.PENDING or not service.ends_on:
        return 0, 1
    first_day = service.starts_on
    last_day = service.extensions.order_by("first_day").values_list("first_day", flat=True).first()
    days = (last_day - first_day).days if last_day else (service.ends_on - first_day).days + 1
    used = (timezone.localdate(withdrawal.received_at) - first_day).days
    return max(0, min(used, days)), max(days, 1)
