"""Paying documents, and the page that tells what is known of a payment."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.limits import TooMany
from accounts.typed import whole_number
from billing import asking, documents, gateways, limits, money, payments, wallet, ways
from billing.documents import for_payers
from billing.forms.invoices import WayForm
from billing.outcomes import Outcome


@for_payers
def pay(request):
    """Shows what is to be paid and how that can be done; a POST begins. `?all=yes` is whatever is to be paid."""
    if request.method != "POST" and "all" in request.GET:
        keys = documents.to_pay(request.membership).values_list("document", flat=True)
        return redirect(documents.address_to_pay(keys[: payments.MOST_DOCUMENTS]))
    wanted = chosen(request)
    due = [row.receivable for row in wanted if row.is_payable]
    if not 0 < len(due) <= payments.MOST_DOCUMENTS:
        return back_to_list(request, wanted, due)
    total = sum((row.amount for row in due), money.ZERO)
    form = WayForm(request.POST or None, ways=ways.for_documents(request.membership, total))
    if request.method == "POST":
        if len(due) < len(wanted):
            return redirect(documents.address_to_pay(row.pk for row in wanted))
        if form.is_valid():
            try:
                if payment := begin(request, form, partial(pay_by, request, form, due)):
                    return HttpResponseRedirect(page_of(payment))
            except payments.NothingToPay:
                return redirect(documents.address_to_pay(row.pk for row in wanted))
    context = {"form": form, "due": due, "total": total, "left_out": len(wanted) - len(due)}
    waiting = documents.waiting_for(due, request.membership)
    return render(request, "billing/pay.html", {**context, "waiting": waiting})


def chosen(request):
    """The documents that the address or the form names; 404 when one of them is not this person's to see."""
    named = (request.POST if request.method == "POST" else request.GET).getlist("document")
    keys = {whole_number(key) for key in named}
    if None in keys:
        raise Http404
    seen = documents.visible_to(request.membership).filter(pk__in=keys).select_related("receivable")
    found = list(seen.order_by("issued_on", "pk"))
    if len(found) != len(keys):
        raise Http404
    return found


def back_to_list(request, wanted, due):
    """There is nothing to pay here, or too much: back to the list with the reason."""
    if due:
        words = _("At most %(count)d documents can be paid at once. Tick fewer of them.")
        messages.info(request, words % {"count": payments.MOST_DOCUMENTS})
    elif wanted:
        messages.info(request, _("There is nothing left to pay: what you chose is paid or cancelled already."))
    else:
        messages.info(request, _("Tick the documents that you want to pay."))
    return redirect("billing:invoices")


def pay_by(request, form, due):
    """The payment of these receivables by the chosen way.

    Raises NothingToPay, NotDeliverable, NotEnough or GatewayError.
    """
    way = form.cleaned_data["way"]
    if way == gateways.WALLET:
        return payments.pay_from_wallet(request.customer, due, by=request.user)
    return payments.start(request.customer, due, gateway=gateways.find(way), by=request.user)


def begin(request, form, start):
    """The payment that `start` begins, or None with the reason in the form: nothing is lost, another way is open."""
    try:
        limits.PAYMENTS_STARTED.charge(request.user.pk)
        return start()
    except TooMany:
        form.add_error(None, _("You have started a great many payments in the last hour. Please wait a while."))
    except gateways.GatewayError:
        form.add_error(
            "way",
            _("This way of paying does not answer now, and nothing was paid. Choose another one, or try again later."),
        )
    except payments.NameTaken as refusal:
        words = _("It was registered here by somebody else meanwhile: %(names)s. Cancel the order, or write to us.")
        form.add_error(None, words % {"names": ", ".join(refusal.services)})
    except payments.NotDeliverable as refusal:
        words = _("The service has ended, so it cannot be extended: %(services)s. Cancel the order, or write to us.")
        form.add_error(None, words % {"services": ", ".join(map(str, refusal.services))})
    except wallet.NotEnough:
        form.add_error("way", _("The balance is too small now. Choose another way of paying."))
    return None


def page_of(payment):
    """Where the person goes on: the gateway's page, or ours when it is paid at once."""
    return payment.page or reverse("billing:payment", args=[payment.token])


@for_payers
@require_safe
def payment(request, token):
    """What is known of a payment. While it waits, the worker asks the gateway and the page comes again."""
    mine = documents.payments_of(request.membership).select_related("customer__provider")
    found = get_object_or_404(mine, token=token)
    asking.look(found)
    context = {"payment": found, "outcome": Outcome(found, request.membership, visit=request.GET.get("n", ""))}
    return render(request, "billing/payment.html", context)
