"""What a payment brings about, once: documents paid, services extended, invoices issued, or the wallet topped up."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone, translation

from accounts import contacts
from accounts.history import record
from billing import stock, verifying, wallet
from billing.actions import Action, in_words
from billing.cases import open_case
from billing.invoicing import issue_invoice
from billing.locks import locked
from billing.models import CartItem, Case, OrderLine, Receivable, WalletEntry
from services import changing, expiry, purchasing
from services.availability import kept_here
from services.models import OptionValue, Product, Service


class Undeliverable(Exception):
    """What was paid for cannot be made any more: an option was deleted, or the domain name is somebody else's."""


@dataclass(frozen=True)
class Done:
    """What a line has brought about: of which service, and the days that it bought where these are known."""

    service_id: int
    period: tuple | None = None


def settle(payment, *, event=None):
    """Pays what the payment is for. The caller holds its lock, in the transaction that says it is paid."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a payment is settled in the transaction that says it is paid")
    if payment.is_top_up:
        top_up(payment)
        return
    parts = {part.receivable_id: part for part in payment.parts.all()}
    rows = locked(Receivable.objects.filter(pk__in=parts).select_related("document__order", "customer__provider"))
    due = [row for row in rows if row.state == Receivable.State.OPEN]
    lock_services(due)
    done = {row.pk: mark_paid(row, parts[row.pk], payment) for row in due}
    for row in due:
        issue_invoice(
            row.document,
            paid_on=timezone.localdate(payment.paid_at),
            paid_by=payment.gateway,
            done=done[row.pk],
            by=payment.started_by,
        )
    if due:
        verifying.paid(payment)
    if surplus := [row for row in rows if row not in due]:
        unexpected(payment, [parts[row.pk] for row in surplus], event)


def lock_services(due):
    """Locks what is to be extended, all at once: one by one the lines of orders would say in which order."""
    lines = OrderLine.objects.filter(order__documents__receivable__in=due)
    locked(Service.objects.filter(pk__in=lines.values("service")))
    lock_names(lines)


def lock_names(lines):
    """Lets domain names of one suffix be given away one after the other: two customers may have paid for the same."""
    locked(Product.objects.filter(pk__in=lines.exclude(origin="").values("product")))


def mark_paid(receivable, part, payment):
    """Ends what was owed and does what was ordered; what that brought about, by the order's lines."""
    receivable.state, receivable.paid_at = Receivable.State.PAID, payment.paid_at
    receivable.save(update_fields=["state", "paid_at"])
    part.settled = True
    part.save(update_fields=["settled"])
    record(
        Action.DOCUMENT_PAID,
        customer=receivable.customer,
        by=payment.started_by,
        document=receivable.document.number,
        amount=in_words(receivable.amount, receivable.currency),
        way=payment.gateway,
    )
    about = {"payment": payment, "document": receivable.document}
    return fulfil_all(receivable.document.order, by=payment.started_by, **about)


def fulfil_free(order, *, by):
    """Does what was ordered for nothing; the caller holds the locks of the order."""
    lock_names(order.lines)
    fulfil_all(order, by=by, customer=order.customer)


def fulfil_all(order, *, by, **about):
    """Does every line of an order: {line's key: Done} of those that could be done."""
    lines = order.lines.select_related(
        "order__customer", "order__placed_by", "service__customer", "service__product", "product", "price"
    )
    return {line.pk: done for line in lines if (done := fulfil(line, by=by, **about))}


def fulfil(line, *, by, **about):
    """Does what one line was paid for, once: Done, or None with a case for staff that is `about` the payment.

    Paid money stays paid and invoiced, whatever has become of the service meanwhile.
    """
    try:
        with transaction.atomic():
            done = DEEDS[line.act](line, by=by)
    except (expiry.NotRenewable, changing.NotChangeable, Undeliverable):
        line.state, done = OrderLine.State.FAILED, None
        stock.give_back([line])
        changing.forget([line.reference])
        open_case(Case.Reason.NOT_DELIVERED, line.reference, service=line.thing, **about)
    else:
        line.state = OrderLine.State.DONE
    line.authinfo = ""
    line.save(update_fields=["state", "service", "authinfo"])
    return done


def extend(line, *, by):
    """A renewal: so many months more."""
    extension = expiry.extend(line.service, line.months, reference=line.reference, by=by)
    return Done(line.service_id, (extension.first_day, extension.last_day))


def begin(line, *, by):
    """A purchase: the service is being set up from now on. Whoever ordered it may see it, whoever has paid."""
    values = OptionValue.objects.select_related("option").in_bulk(line.chosen)
    if len(values) != len(line.chosen) or (line.origin and kept_here([line.domain])):
        raise Undeliverable
    wanted = purchasing.Wanted(
        line.product, line.price, tuple(values.values()), line.domain, line.origin, line.authinfo
    )
    customer, person = line.order.customer, line.order.placed_by
    membership = customer.memberships.filter(user=person).first() if person else None
    # Its name is that of the product for whoever ordered it, not for who happens to note the payment.
    with translation.override(person.language if person else contacts.language_of(customer)):
        line.service = purchasing.begin(customer, wanted, reference=line.reference, by=by, membership=membership)
    return Done(line.service_id)


def change(line, *, by):
    """Another product for a service. The days stay those of the proforma: the difference was counted for them."""
    changing.begin(line.reference, by=by)
    return Done(line.service_id)


# What is done for a line of each act; raises NotRenewable, NotChangeable or Undeliverable.
DEEDS = {CartItem.Act.RENEWAL: extend, CartItem.Act.PURCHASE: begin, CartItem.Act.CHANGE: change}


def unexpected(payment, parts, event):
    """Money for what is paid or cancelled already: it is kept, and staff decide."""
    amount = sum(part.amount for part in parts)
    open_case(
        Case.Reason.PAID_ALREADY,
        f"payment:{payment.pk}",
        payment=payment,
        event=event,
        amount=str(amount),
        documents=[part.receivable.document.number for part in parts],
    )
    record(
        Action.PAYMENT_UNEXPECTED,
        customer=payment.customer,
        by=payment.started_by,
        amount=in_words(amount, payment.currency),
    )


def top_up(payment):
    """Puts the money into the wallet."""
    wallet.enter(
        payment.customer,
        WalletEntry.Kind.TOP_UP,
        payment.amount,
        reference=f"payment:{payment.pk}",
        payment=payment,
        by=payment.started_by,
    )
    record(
        Action.WALLET_TOPPED_UP,
        customer=payment.customer,
        by=payment.started_by,
        amount=in_words(payment.amount, payment.currency),
        way=payment.gateway,
    )
