"""The page on which a service becomes another product, and taking that back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import needs
from accounts.confirmation import ask
from accounts.limits import TooMany
from accounts.typed import whole_number
from billing import changes, documents, limits
from billing.checkout import PriceChanged
from billing.forms.changing import ChangeForm
from billing.parties import BuyerNotServed
from billing.permissions import Permission
from billing.views.checkout import hindrance as hindrance_of_buyer
from services import changing, targets
from services.models import Service


def find(request, pk):
    """A service that this person sees, or 404."""
    services = Service.objects.visible_to(request.membership).select_related("product", "price")
    return get_object_or_404(services, pk=pk)


@needs(Permission.ORDERING)
def change(request, pk):
    """What the service can become; `?product=5` shows one of them whole, to be agreed to."""
    service = find(request, pk)
    form = ChangeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (answer := made(request, service, form)):
        return answer
    return show(request, service, form)


def made(request, service, form):
    """The answer to a change that was made or ordered, or None; then the form, or the page, says why not."""
    if not form.is_valid():
        form.add_error(None, _("The order did not come through whole. Look at it and send it again."))
        return None
    try:
        limits.ORDERS_PLACED.charge(request.customer.pk)
        proforma = changes.make(service, form.cleaned_data["product"], agreed=form.agreed, by=request.user)
    except PriceChanged:
        form.add_error(None, _("What it costs has changed since you saw it. Look at it again, then agree to it."))
    except changing.SoldOut:
        form.add_error(None, _("There is no piece of it left."))
    except changing.NotChangeable:
        form.add_error(None, _("The service has changed meanwhile, or cannot become this. Look at it again."))
    except TooMany:
        form.add_error(None, _("You have placed a great many orders in the last hour. Please wait a while."))
    except BuyerNotServed:
        pass  # the page is shown anew and tells
    else:
        return told(request, service, form, proforma)
    return None


def told(request, service, form, proforma):
    """On to paying, or back to the service with what becomes of it."""
    if proforma:
        messages.success(request, _("The change is ordered. It is made as soon as it is paid."))
        return redirect(documents.address_to_pay([proforma.pk]))
    if form.agreed.way == changes.Way.PLANNED:
        messages.success(request, _("The change is planned. Until then everything stays as it is."))
    else:
        messages.success(request, _("The change is being made. We will write when it is done."))
    return redirect("services:manage", service.pk)


def show(request, service, form):
    """All that it can become, or the one that was chosen; or what stands in the way."""
    proforma = changes.waiting_proforma(service)
    why = None if proforma else targets.hindrance(service)
    offers = [] if proforma or why else changes.offers_of(request.customer, service)
    wanted = whole_number(request.POST.get("product") or request.GET.get("product") or "")
    chosen = next((row for row in offers if row.target.product.pk == wanted and not row.target.is_sold_out), None)
    context = {
        "service": service,
        "proforma": proforma,
        "hindrance": why,
        "change": under_way(service) if why == targets.Hindrance.UNDER_WAY else None,
        "offers": offers,
        "chosen": chosen,
        "form": form,
        "agree": ChangeForm.of(chosen) if chosen else None,
        "customer": request.customer,
    }
    if chosen and chosen.way == changes.Way.PAID:
        context |= hindrance_of_buyer(request)
    return render(request, "billing/change.html", context)


def under_way(service):
    """The change that is under way, with the day from which a planned one holds."""
    change = service.changes.select_related("product").filter(state__in=changing.UNDER_WAY).first()
    if change and change.is_planned:
        change.service, change.first_day = service, changing.first_day(change)
    return change


@needs(Permission.ORDERING)
@require_POST
def take_back(request, pk):
    """Lets the service stay what it is, after asking."""
    service = find(request, pk)
    question = ask(
        request,
        title=_("Keep %(service)s as it is?") % {"service": service},
        text=_("It stays what it is, also after the paid time, and renewals cost what they did."),
        label=_("Keep it as it is"),
        cancel_url=reverse("billing:change", args=[pk]),
    )
    if question:
        return question
    try:
        changes.take_back(service, by=request.user)
        messages.success(request, _("The service stays what it is."))
    except changing.NotChangeable:
        messages.error(
            request, _("A renewal at the price of the smaller product is ordered or paid, so it stays planned.")
        )
    return redirect("billing:change", pk)
