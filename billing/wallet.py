"""The balance: topped up, spent, and warned about when it is low."""

from django.db import transaction
from django.utils import timezone

from accounts import notify
from accounts.history import record
from billing import recipients
from billing.actions import Action, in_words
from billing.locks import locked_one
from billing.models import Wallet, WalletEntry

# Called with a customer whose balance has grown, in that transaction: appended in AppConfig.ready().
ON_MONEY = []


class NotEnough(Exception):
    """The balance is smaller than what is to be paid."""


class ReferenceTaken(Exception):
    """Another movement of money goes by this reference."""


def of(customer):
    """The customer's wallet, made when it is first asked for."""
    return Wallet.objects.get_or_create(customer=customer)[0]


def locked_of(customer):
    """The customer's wallet, locked until the transaction ends."""
    return locked_one(Wallet.objects.select_related("customer"), pk=of(customer).pk)


@transaction.atomic
def enter(customer, kind, amount, *, reference, payment=None, text="", by=None):
    """Writes a movement; the same `reference` moves money once. Raises NotEnough: a balance is never below zero.

    Raises ReferenceTaken when another movement, of this or another wallet, goes by that reference.
    """
    wallet = locked_of(customer)
    if before := WalletEntry.objects.filter(reference=reference).first():
        if (before.wallet_id, before.amount) != (wallet.pk, amount):
            raise ReferenceTaken
        return before
    balance = wallet.balance + amount
    if amount < 0 and balance < 0:
        raise NotEnough
    entry = WalletEntry.objects.create(
        wallet=wallet,
        kind=kind,
        amount=amount,
        reference=reference,
        payment=payment,
        text=text,
        by=by,
        balance_after=balance,
    )
    watch(wallet, balance)
    if amount > 0:
        for tell in ON_MONEY:
            tell(customer)
    return entry


def spend(wallet, kind, wanted):
    """Writes the movements (negative amount, reference, text) in their order, up to the first that is too much.

    The caller holds the lock of the wallet and knows that none of the references was used. Returns the entries.
    """
    balance, entries = wallet.balance, []
    for amount, reference, text in wanted:
        if balance + amount < 0:
            break
        balance += amount
        entries.append(
            WalletEntry(wallet=wallet, kind=kind, amount=amount, reference=reference, text=text, balance_after=balance)
        )
    WalletEntry.objects.bulk_create(entries)
    if entries:
        watch(wallet, balance)
    return entries


def watch(wallet, balance):
    """One mail when the balance falls below the threshold; the next only after it was above again."""
    low = wallet.threshold is not None and balance < wallet.threshold
    if low and wallet.warned_at is None:
        for reader in recipients.of(wallet.customer):
            notify.mail("balance_low", **reader, wallet=wallet.pk)
    if low != (wallet.warned_at is not None):
        wallet.warned_at = timezone.now() if low else None
        wallet.save(update_fields=["warned_at"])


@transaction.atomic
def set_threshold(customer, threshold, *, by):
    """Below which balance a mail is sent; None for never. A balance that is below already is warned about now."""
    wallet = locked_of(customer)
    if wallet.threshold == threshold:
        return
    wallet.threshold, wallet.warned_at = threshold, None
    wallet.save(update_fields=["threshold", "warned_at"])
    amount = "–" if threshold is None else in_words(threshold, wallet.currency)
    record(Action.THRESHOLD_CHANGED, customer=customer, by=by, amount=amount)
    watch(wallet, wallet.balance)


@transaction.atomic
def adjust(customer, amount, *, text, reference, by):
    """A movement that staff answer for; twice is harmless. Raises NotEnough, or ReferenceTaken."""
    wallet = locked_of(customer)
    is_new = not wallet.entries.filter(reference=reference).exists()
    enter(customer, WalletEntry.Kind.ADJUSTMENT, amount, reference=reference, text=text, by=by)
    if is_new:
        words = in_words(amount, wallet.currency)
        record(Action.WALLET_ADJUSTED, customer=customer, by=by, amount=words, text=text)
