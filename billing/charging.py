"""Use of services is charged to the balance: once for each use, the oldest first, never below zero."""

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone, translation
from django_tasks import task

from accounts import contacts
from accounts.models import Customer
from accounts.work.retry import retries
from billing import money, owing, usage_days, wallet
from billing.models import UsageCharge, WalletEntry
from billing.money import ZERO, rounded
from services.models import Service

# So many movements are written under one lock of the wallet; who pays meanwhile waits for less than a second.
AT_ONCE = 500
# What the movement says is cut to its column.
TEXT_LENGTH = 200


def price(service, uses):
    """Writes what new uses of a service cost; called by services in the transaction that keeps them.

    Whoever told the same at the same time has come to an end by now, so that what they priced is seen.
    """
    priced = set(UsageCharge.objects.filter(usage__in=uses).values_list("usage", flat=True))
    now, rate = timezone.now(), service.product.tax_rate
    charges = [
        UsageCharge(usage=use, customer=service.customer, tax_rate=rate, gross=money.with_tax(use.net, rate))
        for use in uses
        if use.pk not in priced
    ]
    for row in charges:
        row.charged_at = None if row.gross else now
    UsageCharge.objects.bulk_create(charges, batch_size=AT_ONCE)
    usage_days.add(service, charges)
    charge.enqueue(service.customer_id)


def waiting(customer):
    """What was used and could not be charged yet."""
    return UsageCharge.objects.filter(customer=customer, charged_at=None)


def sum_waiting(customer):
    """How much that is."""
    return rounded(waiting(customer).aggregate(sum=Sum("gross"))["sum"] or ZERO)


def money_came(customer):
    """The balance has grown; what waited for that is charged. Called in the transaction that says so."""
    if waiting(customer).exists():
        charge.enqueue(customer.pk)


@task()
@retries(10, on=(Exception,))
def charge(customer_pk):
    """Charges what waits, as far as the balance reaches; however often and by however many at once."""
    while charge_some(customer_pk) == AT_ONCE:
        pass
    look_at_rest(Customer.objects.get(pk=customer_pk))


@transaction.atomic
def look_at_rest(customer):
    """Does what follows when something waits still, or no more."""
    if not (waiting(customer).exists() or owing.open_of(customer).exists()):
        return
    wallet.locked_of(customer)
    used = Service.objects.filter(usage__charge__in=waiting(customer)).distinct().order_by("pk")
    owing.look(customer, sum_waiting(customer), used)


@transaction.atomic
def charge_some(customer_pk):
    """Charges at most AT_ONCE of what waits; returns how many.

    It stops at the first that the balance is too small for: a cheap call of today does not go before a dear
    one of yesterday.
    """
    rows = UsageCharge.objects.filter(customer=customer_pk, charged_at=None)
    first = rows.select_related("customer").first()
    if first is None:
        return 0
    own = wallet.locked_of(first.customer)
    oldest = rows.select_related("usage__service").order_by("usage__started_at", "pk")
    found = list(oldest[:AT_ONCE])
    with translation.override(contacts.language_of(first.customer)):
        wanted = [(-row.gross, reference(row.usage), text(row.usage)) for row in found]
    entries = wallet.spend(own, WalletEntry.Kind.USAGE, wanted)
    now, paid = timezone.now(), found[: len(entries)]
    for row, entry in zip(paid, entries, strict=True):
        row.entry, row.charged_at = entry, now
    UsageCharge.objects.bulk_update(paid, ["entry", "charged_at"], batch_size=AT_ONCE)
    return len(paid)


def reference(use):
    """By what the movement goes: the driver's own name of the use."""
    return f"usage:{use.driver}:{use.reference}"


def text(use):
    """What the customer reads beside the movement; books are kept for years, so whom one has called is not in them."""
    return f"{use.service.name}: {use.how_much}"[:TEXT_LENGTH]
