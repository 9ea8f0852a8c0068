"""The balance: its movements, topping it up, and when to be warned."""

from functools import partial

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import needs
from accounts.limits import TooMany
from accounts.pages import page_of
from billing import charging, gateways, limits, payments, ways
from billing import wallet as wallets
from billing.forms.wallet import ThresholdForm, TopUpForm
from billing.models import PaymentPart
from billing.permissions import Permission
from billing.views import paying


@needs(Permission.INVOICES)
@require_safe
def wallet(request):
    """The balance and its movements, the latest first."""
    return wallet_page(request)


def wallet_page(request, *, top_up=None, threshold=None):
    """The page with its two forms, which a refused one comes back on."""
    own = wallets.of(request.customer)
    parts = Prefetch("payment__parts", PaymentPart.objects.select_related("receivable__document"))
    entries = own.entries.select_related("payment").prefetch_related(parts)
    context = {
        "wallet": own,
        "balance": own.balance,
        "waiting": charging.sum_waiting(request.customer),
        "page": page_of(entries, by="-pk", params=request.GET),
        "top_up": top_up or TopUpForm(ways=ways.by_gateway()),
        "threshold": threshold or ThresholdForm(initial={"threshold": own.threshold}),
    }
    return render(request, "billing/wallet.html", context)


@needs(Permission.INVOICES)
@require_POST
def top_up(request):
    """Begins to put money in."""
    form = TopUpForm(request.POST, ways=ways.by_gateway())
    if form.is_valid():
        gateway = gateways.find(form.cleaned_data["way"])
        start = partial(
            payments.start_top_up, request.customer, form.cleaned_data["amount"], gateway=gateway, by=request.user
        )
        if payment := paying.begin(request, form, start):
            return HttpResponseRedirect(paying.page_of(payment))
    return wallet_page(request, top_up=form)


@needs(Permission.INVOICES)
@require_POST
def threshold(request):
    """Says below which balance a mail is sent."""
    form = ThresholdForm(request.POST)
    if not (form.is_valid() and is_patient(request, form)):
        return wallet_page(request, threshold=form)
    amount = form.cleaned_data["threshold"]
    wallets.set_threshold(request.customer, amount, by=request.user)
    if amount is None:
        messages.success(request, _("No mail will be sent about a low balance."))
    else:
        messages.success(request, _("We will write when the balance falls below that."))
    return redirect("billing:wallet")


def is_patient(request, form):
    """Whether the warning was not set too often in the last hour; if it was, the form says so."""
    try:
        limits.THRESHOLDS_SET.charge(request.customer.pk)
    except TooMany:
        form.add_error("threshold", _("You have changed this very often in the last hour. Please wait a while."))
    return not form.errors
