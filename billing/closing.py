"""What becomes of money when a customer closes the account."""

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import checkout
from billing.models import Receivable, Wallet
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
    words = _("%(amount)s are left in your balance. Write to us before: we will pay them back.")
    return [words % {"amount": in_words(wallet.balance, wallet.currency)}]


def cancel_orders(customer, by):
    """Takes back every order that nobody has paid, so that nothing more is asked for."""
    for receivable in Receivable.objects.open().filter(customer=customer).order_by("pk"):
        checkout.cancel(receivable, by=by)
