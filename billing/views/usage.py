"""What was used of a service, what it cost, and the same as a file."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import needs
from accounts.pages import page_of
from billing import usage_days
from billing.exporting import csv_response
from billing.forms.usage import UsageFilter
from services.models import Service

# So many are in memory while a file is written.
CHUNK = 1000


def find(request, pk):
    """A service that this person sees, with its usage in the time that the address asks for; or 404."""
    service = get_object_or_404(Service.objects.visible_to(request.membership).select_related("product"), pk=pk)
    form = UsageFilter(request.GET)
    return service, form, form.apply(service.usage.select_related("charge"))


@needs()
@require_safe
def usage(request, pk):
    """Every use, the latest first, with the sums of them all."""
    service, form, uses = find(request, pk)
    # The customer is named because what waits is found by them.
    waiting = uses.filter(charge__customer=service.customer_id)
    context = {
        "service": service,
        "form": form,
        "page": page_of(uses, by="-started_at", params=request.GET),
        "sums": usage_days.sums_of(form.apply_to_days(service.usage_days.all()), waiting),
        "narrowed": form.is_used,
    }
    return render(request, "billing/usage.html", context)


@needs()
@require_safe
def usage_csv(request, pk):
    """The same for a spreadsheet."""
    service, _form, uses = find(request, pk)
    return csv_response(f"usage-{service.pk}.csv", rows_of(uses.order_by("started_at", "pk")))


def rows_of(uses):
    """The heading and a row for each use."""
    yield [_("From"), _("To"), _("Description"), _("Quantity"), _("Unit"), _("Net"), _("Gross"), _("Charged")]
    for use in uses.iterator(chunk_size=CHUNK):
        times = [written(use.started_at), written(use.ended_at)]
        amounts = [number_format(use.net), number_format(use.charge.gross)]
        yield [*times, use.what, number_format(use.quantity), use.unit, *amounts, written(use.charge.charged_at)]


def written(at):
    """A time that spreadsheets understand, or nothing."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""
