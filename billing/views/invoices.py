"""The list of documents, the page of one, its PDF, and taking an unpaid order back."""

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import needs
from accounts.confirmation import ask
from accounts.history import record
from accounts.pages import ROWS_ON_A_PAGE, page_of
from billing import checkout, documents, einvoices
from billing.actions import Action
from billing.documents import for_payers
from billing.forms.invoices import DocumentFilter
from billing.models import Delivery, Document
from billing.permissions import Permission
from services.models import Service

# So many of the latest stand on the page of a service.
ROWS_IN_PLACE = 5
# Long texts that only the page of one document shows.
NOT_IN_LISTS = ("seller_data", "buyer_data", "notes_data")


def find(request, pk):
    """A document that this person may see, or 404."""
    seen = documents.visible_to(request.membership).select_related("receivable", "delivery", "corrects", "customer")
    return get_object_or_404(seen, pk=pk)


@for_payers
@require_safe
def invoices(request):
    """All documents, the latest first; what is unpaid can be ticked and paid together."""
    form = DocumentFilter(request.GET)
    found = form.apply(documents.with_status(documents.visible_to(request.membership)))
    page = page_of(found.defer(*NOT_IN_LISTS), by="-issued_on", params=request.GET)
    owed = documents.to_pay(request.membership).aggregate(count=Count("pk"), sum=Sum("amount"))
    context = {"page": page, "form": form, "owed": owed, "some_payable": any(row.is_payable for row in page.rows)}
    return render(request, "billing/invoices.html", context)


@needs(Permission.INVOICES)
@require_safe
def of_service(request, pk):
    """The documents on which a service stands, the latest first; `?part=1` is what its own page shows in place."""
    service = get_object_or_404(Service.objects.visible_to(request.membership), pk=pk)
    found = documents.with_status(documents.about(service, request.membership)).defer(*NOT_IN_LISTS)
    part = request.GET.get("part") == "1"
    page = page_of(found, by="-issued_on", params=request.GET, size=ROWS_IN_PLACE if part else ROWS_ON_A_PAGE)
    context = {"service": service, "page": page}
    return render(request, "billing/_of_service.html" if part else "billing/of_service.html", context)


@for_payers
@require_safe
def document(request, pk):
    """Everything that stands on a document, and what has become of it."""
    found = find(request, pk)
    paid = documents.payments_of(request.membership).filter(parts__receivable__document=documents.proforma_of(found))
    related = list(documents.related_to(found, request.membership))
    found.is_corrected = any(other.kind == Document.Kind.CORRECTION for other in related)
    context = {
        "document": found,
        "pairs": found.kind == Document.Kind.CORRECTION,
        "lines": found.lines.all(),
        "rates": found.rates.all(),
        "payments": paid,
        "related": related,
        "withheld": einvoices.system().withholds_pdf(found),
    }
    return render(request, "billing/document.html", context)


@for_payers
@require_safe
def pdf(request, pk):
    """Hands the PDF out in a way that no browser runs or shows it within a page of ours."""
    found = find(request, pk)
    if reason := why_no_pdf(found):
        messages.info(request, reason)
        return redirect("billing:document", pk)
    try:
        file = found.delivery.pdf.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    if request.method == "GET":
        record(Action.DOCUMENT_DOWNLOADED, customer=found.customer, by=request.user, document=found.number)
    response = FileResponse(file, as_attachment=True, filename=found.file_name, content_type="application/pdf")
    response.headers["Content-Security-Policy"] = "sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def why_no_pdf(found):
    """Why there is no PDF to give, or ""."""
    if einvoices.system().withholds_pdf(found):
        return _("The PDF of %(number)s comes once the e-invoice system has confirmed it.") % {"number": found.number}
    if not Delivery.objects.filter(document=found).exclude(pdf="").exists():
        return _("The PDF of %(number)s is being made. Try again in a minute.") % {"number": found.number}
    return ""


@for_payers
@require_POST
def cancel(request, pk):
    """Takes an unpaid order back, after asking."""
    found = find(request, pk)
    if not found.is_proforma:
        raise Http404
    question = ask(
        request,
        title=_("Cancel the order with proforma %(number)s?") % {"number": found.number},
        text=_("Its services can be ordered again afterwards. If you have paid for it already, do not cancel it."),
        label=_("Cancel the order"),
        cancel_url=reverse("billing:document", args=[pk]),
        danger=True,
    )
    if question:
        return question
    if checkout.cancel(found.receivable, by=request.user):
        messages.success(request, _("The order with proforma %(number)s is cancelled.") % {"number": found.number})
    else:
        messages.error(request, _("This order is paid already, so it cannot be cancelled."))
    return redirect("billing:document", pk)
