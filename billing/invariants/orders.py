"""What was ordered is done when it is paid, once, and never before."""

from datetime import timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from billing.invariants.base import invariant
from billing.models import CartItem, Case, Document, DocumentLine, Order, OrderLine, PromoCode, Receivable
from services.calendar import months_later
from services.models import Extension, ProvisioningJob

ACT, STATE = CartItem.Act, OrderLine.State
PREFIX = "order-line:"
LINES = OrderLine.objects.select_related("order", "service", "product").order_by("pk")
EXTENSIONS = Extension.objects.select_related("service").order_by("pk")


def reference(key):
    """OrderLine.reference as the database writes it."""
    return Concat(Value(PREFIX), Cast(key, CharField()), output_field=CharField())


def names(line):
    """What a finding about a line tells."""
    return {"line": line, "service": line.thing}


@invariant(_("Line %(line)s of an order is called done, but %(service)s was not extended by as many months."))
def what_is_done_has_extended_its_service():
    extension = Extension.objects.filter(
        reference=reference(OuterRef("pk")), service=OuterRef("service"), months=OuterRef("months")
    )
    for line in LINES.filter(~Exists(extension), act=ACT.RENEWAL, state=STATE.DONE).iterator():
        yield line, names(line)


@invariant(_("Line %(line)s of an order is called done, but %(service)s is not being set up by it."))
def what_is_done_has_begun_its_service():
    begun = ProvisioningJob.objects.filter(
        reference=Concat(Value("create:"), reference(OuterRef("pk"))), service=OuterRef("service")
    )
    for line in LINES.filter(~Exists(begun), act=ACT.PURCHASE, state=STATE.DONE).iterator():
        yield line, names(line)


@invariant(_("%(service)s is being set up (%(reference)s), but no line of an order is done by that."))
def services_are_begun_by_what_is_done():
    done = OrderLine.objects.filter(act=ACT.PURCHASE, state=STATE.DONE)
    named = done.annotate(named=Concat(Value("create:"), reference("pk"))).values("named")
    jobs = ProvisioningJob.objects.filter(reference__startswith=f"create:{PREFIX}").select_related("service")
    for job in jobs.exclude(reference__in=named).order_by("pk").iterator():
        yield job, {"service": job.service, "reference": job.reference}


@invariant(_("%(service)s was extended (%(reference)s), but no line of an order is done by that."))
def services_are_extended_by_what_is_done():
    done = OrderLine.objects.filter(state=STATE.DONE).annotate(named=reference("pk"))
    by_orders = EXTENSIONS.filter(reference__startswith=PREFIX)
    for extension in by_orders.exclude(reference__in=done.values("named")).iterator():
        yield extension, {"service": extension.service, "reference": extension.reference}


@invariant(_("%(service)s was paid for %(months)s months, but extended from %(first)s to %(last)s."))
def extensions_last_their_months():
    """By the month: on which day of it a period ends is told by the anchor, which may have changed since."""
    for pk, months, first, last in EXTENSIONS.values_list("pk", "months", "first_day", "last_day").iterator():
        due = months_later(first - timedelta(days=1), months)
        if (last.year, last.month) != (due.year, due.month):
            extension = EXTENSIONS.get(pk=pk)
            dates = {"first": first.isoformat(), "last": last.isoformat()}
            yield extension, {"service": extension.service, "months": months, **dates}


@invariant(_("Invoice line of %(service)s: another period than the service was extended by (%(first)s – %(last)s)."))
def invoices_name_the_period_that_was_paid():
    line = DocumentLine.objects.filter(document__kind=Document.Kind.INVOICE, service_id=OuterRef("service_id"))
    same = line.filter(period_from=OuterRef("first_day"), period_to=OuterRef("last_day"))
    for extension in EXTENSIONS.filter(~Exists(same), reference__startswith=PREFIX).iterator():
        dates = {"first": extension.first_day.isoformat(), "last": extension.last_day.isoformat()}
        yield extension, {"service": extension.service, **dates}


def lines_of(state):
    """Whether what is owed for a line's order is in this state."""
    return Exists(Receivable.objects.filter(document__order=OuterRef("order"), state=state))


@invariant(_("Line %(line)s of an order (%(service)s) is not done, though it is paid."))
def what_is_paid_is_done():
    undone = LINES.filter(state__in=[STATE.OPEN, STATE.CANCELLED])
    for line in undone.filter(lines_of(Receivable.State.PAID)).iterator():
        yield line, names(line)


@invariant(_("Line %(line)s of an order (%(service)s) is done, though nobody has paid it."))
def only_what_is_paid_is_done():
    done = LINES.filter(state__in=[STATE.DONE, STATE.FAILED], order__is_free=False)
    for line in done.exclude(lines_of(Receivable.State.PAID)).iterator():
        yield line, names(line)


@invariant(_("Line %(line)s of a cancelled order still keeps %(service)s from being ordered."))
def cancelled_orders_hold_nothing():
    for line in LINES.filter(lines_of(Receivable.State.CANCELLED), state=STATE.OPEN).iterator():
        yield line, names(line)


@invariant(_("Line %(line)s (%(service)s) is cancelled, but its order waits for payment."))
def what_can_be_paid_waits_to_be_done():
    for line in LINES.filter(lines_of(Receivable.State.OPEN), state=STATE.CANCELLED).iterator():
        yield line, names(line)


@invariant(_("Line %(line)s was paid, %(service)s could not be delivered, and no case tells staff."))
def what_could_not_be_done_is_told():
    told = Case.objects.filter(reason=Case.Reason.NOT_DELIVERED, key=reference(OuterRef("pk")))
    for line in LINES.filter(~Exists(told), state=STATE.FAILED).iterator():
        yield line, names(line)


@invariant(_("Order %(order)s costs nothing and is not done, or something is owed for it."))
def what_costs_nothing_is_done_at_once():
    owed = Receivable.objects.filter(document__order=OuterRef("pk"))
    waits = OrderLine.objects.filter(order=OuterRef("pk"), state__in=[STATE.OPEN, STATE.CANCELLED])
    for order in Order.objects.filter(Exists(owed) | Exists(waits), is_free=True).order_by("pk").iterator():
        yield order, {"order": order}


@invariant(_("Line %(line)s (%(service)s) is over and keeps a piece of the stock, or the AuthInfo of a domain."))
def what_is_over_keeps_nothing():
    kept = Q(state__in=[STATE.CANCELLED, STATE.FAILED], took_piece=True) | (~Q(state=STATE.OPEN) & ~Q(authinfo=""))
    for line in LINES.filter(kept).iterator():
        yield line, names(line)


@invariant(_("Promo code %(code)s counts %(uses)s uses: too few or too many, or an order that was cancelled."))
def promo_codes_count_their_orders():
    """Orders are erased after some years and stay counted."""
    cancelled = Order.objects.filter(promo=OuterRef("pk"), documents__receivable__state=Receivable.State.CANCELLED)
    wrong = Q(uses__lt=F("placed")) | Q(uses__gt=F("most_uses")) | Exists(cancelled)
    for code in PromoCode.objects.annotate(placed=Count("orders")).filter(wrong).order_by("pk").iterator():
        yield code, {"code": code, "uses": code.uses}
