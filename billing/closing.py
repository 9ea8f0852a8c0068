"""What becomes of money when a customer closes the account."""

from django.db.models import Exists, Max, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import charging, checkout
from billing.models import Document, ErasedNumber, OrderLine, Payment, Receivable, Wallet, WalletEntry
from billing.money import in_words


def unpaid(customer):
    """A sentence about what is still to be paid, if anything is: per currency one."""
    sentences = []
    for currency, count, amount in open_sums(customer):
        words = ngettext(
            "%(count)d proforma of %(amount)s in all is not paid; the order ends with the account.",
            "%(count)d proformas of %(amount)s in all are not paid; their orders end with the account.",
            count,
        )
        sentences.append(words % {"count": count, "amount": in_words(amount, currency)})
    return sentences


def open_sums(customer):
    """(currency, how many, how much) of the customer's open receivables."""
    rows = Receivable.objects.open().filter(customer=customer).order_by("currency")
    for currency in sorted(set(rows.values_list("currency", flat=True))):
        same = rows.filter(currency=currency)
        yield currency, same.count(), same.aggregate(amount=Sum("amount"))["amount"]


def balance(customer):
    """A sentence about money that is left in the wallet, if there is any."""
    wallet = Wallet.objects.filter(customer=customer).first()
    if wallet is None or not wallet.balance:
        return []
    words = _("%(amount)s are left in the balance. We pay them back on request.")
    return [words % {"amount": in_words(wallet.balance, wallet.currency)}]


def unpaid_usage(customer):
    """A sentence about what was used of services and waits for a top-up, if anything does."""
    amount = charging.sum_waiting(customer)
    if not amount:
        return []
    words = _("Use of services for %(amount)s was not paid: the balance was too small. We can still ask for it.")
    return [words % {"amount": in_words(amount)}]


def cancel_orders(customer, by):
    """Takes back every order that nobody has paid, so that nothing more is asked for."""
    for receivable in Receivable.objects.open().filter(customer=customer).order_by("pk"):
        checkout.cancel(receivable, by=by)


def cancel_orders_of(service, by):
    """Takes unpaid orders of this service alone back; what was ordered with other things stays to be paid or left."""
    mine = OrderLine.objects.filter(service=service, state=OrderLine.State.OPEN).values("order")
    others = OrderLine.objects.filter(order=OuterRef("document__order")).exclude(service=service)
    rows = Receivable.objects.open().filter(document__order__in=mine).exclude(Exists(others))
    for receivable in rows.order_by("pk"):
        checkout.cancel(receivable, by=by)


def last_entry(customer):
    """The day of the customer's newest document, payment or movement of the balance, or None."""
    issued = Document.objects.filter(customer=customer).aggregate(day=Max("issued_on"))["day"]
    paid = Payment.objects.filter(customer=customer).aggregate(at=Max("started_at"))["at"]
    moved = WalletEntry.objects.filter(wallet__customer=customer).aggregate(at=Max("at"))["at"]
    return max(filter(None, [issued, *(timezone.localdate(at) for at in (paid, moved) if at)]), default=None)


def keep_numbers(documents):
    """Of documents that are erased the numbers stay: a series has no gaps."""
    columns = ("provider_id", "series", "year", "sequence")
    rows = [ErasedNumber(**{name: getattr(document, name) for name in columns}) for document in documents]
    ErasedNumber.objects.bulk_create(rows)
