"""What was charged for use in a month becomes one invoice to the customer, paid from the balance."""

from collections import defaultdict
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from accounts import contacts
from accounts.history import record
from accounts.models import Customer
from accounts.work.retry import retries
from billing import gateways, wallet
from billing.actions import Action
from billing.cases import close_by_itself, open_case
from billing.invoicing import KINDS, Line, issue, tax_dates
from billing.models import Case, UsageCharge, UsageInvoice
from billing.money import ZERO
from billing.parties import Buyer, BuyerNotServed
from services.calendar import months_later
from services.models.usage import in_words

WARSAW = ZoneInfo("Europe/Warsaw")


def not_invoiced(before):
    """What was charged before that day and stands on no invoice yet."""
    until = datetime.combine(before, time.min, WARSAW)
    return UsageCharge.objects.filter(invoice=None, gross__gt=0, charged_at__lt=until)


def first_of_month(moment=None):
    """The first day of a moment's month, of this month without one."""
    return timezone.localdate(moment, WARSAW).replace(day=1)


def customers_due():
    """Keys of customers with something of a month that is over."""
    rows = not_invoiced(first_of_month()).order_by("customer")
    return list(rows.values_list("customer", flat=True).distinct())


@task()
@retries(4)
def issue_due(customer_pk):
    """Issues what is due to a customer, month by month; whom nothing can be invoiced to is told to staff."""
    customer = Customer.objects.select_related("provider").get(pk=customer_pk)
    key = f"usage-of:{customer_pk}"
    try:
        while issue_next(customer):
            pass
    except BuyerNotServed as refusal:
        open_case(Case.Reason.NOT_INVOICED, key, customer=customer, error=str(refusal))
    else:
        close_by_itself(Case.Reason.NOT_INVOICED, key)


@transaction.atomic
def issue_next(customer):
    """Issues the invoice of the oldest month that has none; returns it, or None when nothing is due.

    The lock of the wallet makes two workers come one after the other, and keeps charges as they are. Raises
    BuyerNotServed.
    """
    wallet.locked_of(customer)
    oldest = not_invoiced(first_of_month()).filter(customer=customer).order_by("charged_at").first()
    if oldest is None:
        return None
    month = first_of_month(oldest.charged_at)
    # What came too late for its month is on the invoice of the next.
    while UsageInvoice.objects.filter(customer=customer, month=month).exists():
        month = months_later(month, 1)
    if month >= first_of_month():
        return None
    rows = not_invoiced(months_later(month, 1)).filter(customer=customer)
    charges = list(rows.select_related("usage__service__product").order_by("usage__started_at", "pk"))
    return issue_for(customer, month, charges)


def issue_for(customer, month, charges):
    """The invoice of these charges. Tax is counted in the gross: so it comes to what the balance has paid."""
    buyer = Buyer.of(customer)
    language = contacts.language_of(customer)
    with translation.override(language):
        lines = lines_of(charges)
    paid_on = timezone.localdate(max(row.charged_at for row in charges), WARSAW)
    document = issue(
        KINDS.INVOICE,
        customer,
        buyer=buyer.data(),
        lines=lines,
        from_gross=True,
        language=language,
        paid_on=paid_on,
        paid_by=gateways.WALLET,
        **tax_dates(lines, paid_on),
    )
    invoice = UsageInvoice.objects.create(customer=customer, month=month, document=document)
    UsageCharge.objects.filter(pk__in=[row.pk for row in charges]).update(invoice=invoice)
    record(Action.INVOICE_ISSUED, customer=customer, document=document.number)
    return document


def lines_of(charges):
    """A line for each service, unit and rate, in the order in which they were used first."""
    groups = defaultdict(list)
    for row in charges:
        groups[row.usage.service, row.usage.unit, row.tax_rate].append(row)
    return [line(*key, rows) for key, rows in groups.items()]


def line(service, unit, rate, rows):
    """What was used of one service. How much stands in its name: quantity times price would not come to grosze."""
    product, uses = service.product, [row.usage for row in rows]
    how_much = in_words(sum(use.quantity for use in uses), unit)
    words = {"service": f"{product.name} – {service.name}", "how_much": how_much}
    return Line.selling(
        product,
        name=_("%(service)s, use: %(how_much)s") % words,
        price=sum((row.gross for row in rows), ZERO),
        tax_rate=rate,
        period_from=timezone.localdate(min(use.started_at for use in uses), WARSAW),
        period_to=timezone.localdate(max(use.ended_at for use in uses), WARSAW),
        service_id=service.pk,
    )
