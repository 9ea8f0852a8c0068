"""What was used is charged once, and what was charged is invoiced once."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from billing import usage_invoices
from billing.invariants.base import AMOUNT, invariant, where_apart
from billing.invariants.wallets import ENTRIES, about
from billing.models import UsageCharge, UsageDay, UsageInvoice, WalletEntry
from services.models import Service, Usage

KIND = WalletEntry.Kind
CHARGES = UsageCharge.objects.select_related("usage__service", "customer").order_by("pk")
INVOICES = UsageInvoice.objects.select_related("document").order_by("pk")


def of(charge):
    """What a finding about a charge tells."""
    return {"service": charge.usage.service, "reference": charge.usage.reference}


@invariant(_("%(service)s: nobody has said what the use %(reference)s costs."))
def what_is_used_has_a_price():
    for use in Usage.objects.filter(charge=None).select_related("service").order_by("pk").iterator():
        yield use, {"service": use.service, "reference": use.reference}


@invariant(_("%(service)s: the use %(reference)s is called charged, but another amount has left the balance."))
def charges_move_the_balance():
    same = Q(entry__kind=KIND.USAGE, entry__amount=-F("gross"), entry__wallet__customer=F("customer"))
    for charge in CHARGES.exclude(entry=None).exclude(same).iterator():
        yield charge, of(charge)


@invariant(_("%(service)s: the use %(reference)s is charged to somebody else than the customer of the service."))
def charges_are_of_the_services_customer():
    for charge in CHARGES.exclude(customer=F("usage__service__customer")).iterator():
        yield charge, of(charge)


@invariant(_("Balance of customer %(customer)s: movement %(entry)s belongs to no use that explains it."))
def movements_are_explained_by_usage():
    for entry in ENTRIES.filter(kind=KIND.USAGE, charge=None).iterator():
        yield entry, about(entry)


@invariant(_("Invoice %(number)s for use says %(said)s, the charges on it come to %(sum)s."))
def usage_invoices_are_the_sum_of_charges():
    charged = UsageCharge.objects.filter(invoice=OuterRef("pk"), customer=OuterRef("document__customer"))
    total = charged.order_by().values("invoice").annotate(sum=Sum("gross")).values("sum")
    rows = INVOICES.annotate(charged=Subquery(total, output_field=AMOUNT))
    for invoice in where_apart(rows, "document__gross", "charged").iterator():
        document = invoice.document
        yield invoice, {"number": document.number, "said": document.gross, "sum": invoice.charged}


@invariant(_("%(service)s: its days of use come to %(said)s, its uses to %(sum)s."))
def days_are_the_sum_of_uses():
    charged = UsageCharge.objects.filter(usage__service=OuterRef("pk")).order_by().values("usage__service")
    kept = UsageDay.objects.filter(service=OuterRef("pk")).order_by().values("service")
    rows = Service.objects.filter(Exists(Usage.objects.filter(service=OuterRef("pk")))).annotate(
        charged=Subquery(charged.annotate(sum=Sum("gross")).values("sum"), output_field=AMOUNT),
        kept=Subquery(kept.annotate(sum=Sum("gross")).values("sum"), output_field=AMOUNT),
    )
    for service in where_apart(rows.order_by("pk"), "kept", "charged").iterator():
        yield service, {"service": service, "said": service.kept, "sum": service.charged}


@invariant(_("%(service)s: the use %(reference)s was charged long ago and stands on no invoice."))
def charges_are_invoiced():
    """A month may end today, and its invoices be issued in the night; two months are too long."""
    last_month = (usage_invoices.first_of_month() - timedelta(days=1)).replace(day=1)
    late = usage_invoices.not_invoiced(last_month).select_related("usage__service").order_by("pk")
    for charge in late.iterator():
        yield charge, of(charge)
