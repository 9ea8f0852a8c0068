"""Balances are the sum of their movements, and every movement has its cause."""

from django.db.models import CharField, Exists, F, OuterRef, Q, Sum, Value, Window
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from billing import gateways
from billing.invariants.base import invariant, where_apart
from billing.models import Payment, Refund, WalletEntry

KIND, STATE, WAY = WalletEntry.Kind, Refund.State, Refund.Way
ENTRIES = WalletEntry.objects.select_related("wallet__customer").order_by("pk")


@invariant(_("Balance of customer %(customer)s: movement %(entry)s says %(said)s, its movements come to %(sum)s."))
def balances_are_the_sum_of_movements():
    running = Window(Sum("amount"), partition_by="wallet", order_by="pk")
    for entry in where_apart(ENTRIES.annotate(running=running), "balance_after", F("running")).iterator():
        yield entry, about(entry) | {"said": entry.balance_after, "sum": entry.running}


@invariant(_("Balance of customer %(customer)s: it fell below zero by movement %(entry)s."))
def balances_are_never_below_zero():
    for entry in ENTRIES.filter(balance_after__lt=0).iterator():
        yield entry, about(entry)


@invariant(_("Balance of customer %(customer)s: movement %(entry)s belongs to no payment that explains it."))
def movements_are_explained_by_payments():
    top_up = Q(kind=KIND.TOP_UP, payment__purpose=Payment.Purpose.TOP_UP, amount=F("payment__amount"))
    paid = Q(kind=KIND.PAYMENT, payment__gateway=gateways.WALLET, amount=-F("payment__amount"))
    explained = Q(payment__state=Payment.State.PAID, wallet__customer=F("payment__customer")) & (top_up | paid)
    for entry in ENTRIES.filter(kind__in=[KIND.TOP_UP, KIND.PAYMENT]).exclude(explained).iterator():
        yield entry, about(entry)


def about(entry):
    """What a finding about a movement tells."""
    return {"customer": entry.wallet.customer.number, "entry": entry.pk}


def entry_of(prefix, amount):
    """The movement that a refund has made."""
    reference = Concat(Value(prefix), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    return Exists(
        WalletEntry.objects.filter(
            reference=reference, kind=KIND.REFUND, amount=amount, wallet__customer=OuterRef("payment__customer")
        )
    )


IN, OUT = entry_of("refund:", OuterRef("amount")), entry_of("refund-out:", -OuterRef("amount"))
BACK = entry_of("refund-back:", OuterRef("amount"))
OURS = Refund.objects.exclude(asked_by=None).order_by("pk")  # others were made at the gateway, past the balance


@invariant(_("Refund %(refund)s of payment %(payment)s was to change the balance, which does not show it."))
def refunds_reach_the_balance():
    # What went back before it came has never been in the balance.
    entered = WalletEntry.objects.filter(payment=OuterRef("payment"), kind=KIND.TOP_UP)
    top_up = Q(Exists(entered), payment__purpose=Payment.Purpose.TOP_UP)
    lacking = Q(way=WAY.WALLET) & ~Q(IN) | top_up & ~Q(OUT) | top_up & Q(state=STATE.FAILED) & ~Q(BACK)
    for refund in OURS.filter(lacking).iterator():
        yield refund, {"refund": refund.pk, "payment": refund.payment_id}


@invariant(_("Balance of customer %(customer)s: movement %(entry)s belongs to no refund that explains it."))
def movements_are_explained_by_refunds():
    refunds = Refund.objects.filter(payment=OuterRef("payment")).annotate(key=Cast("pk", CharField()))
    top_up = {"payment__purpose": Payment.Purpose.TOP_UP}
    entries = ENTRIES.filter(kind=KIND.REFUND)
    for prefix, facts in (
        ("refund:", {"way": WAY.WALLET}),
        ("refund-out:", top_up),
        ("refund-back:", top_up | {"state": STATE.FAILED}),
    ):
        named = refunds.filter(**facts).annotate(named=Concat(Value(prefix), "key", output_field=CharField()))
        entries = entries.exclude(Exists(named.filter(named=OuterRef("reference"))))
    for entry in entries.iterator():
        yield entry, about(entry)
