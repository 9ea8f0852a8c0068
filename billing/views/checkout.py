"""The page "Payment": what is ordered, for how much, by whom; and the button that obliges to pay."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import people
from accounts.access import needs, needs_everything
from accounts.forms.person import BillingForm
from accounts.limits import TooMany
from billing import cart, checkout, documents, limits
from billing.forms.shop import OrderForm
from billing.parties import BuyerIncomplete, BuyerNotServed, refuse
from billing.permissions import Permission


@needs(Permission.ORDERING)
def show(request):
    """The summary; sent, it becomes an order with its proforma, which is paid next."""
    form = OrderForm(request.POST or None)
    if request.method == "POST" and (proforma := placed(request, form)):
        return ordered(request, proforma)
    items = cart.items(request.membership)
    if not items:
        messages.info(request, _("There is nothing in the cart that can be ordered now."))
        return redirect("billing:cart")
    context = {"form": form, "quote": cart.quote(request.membership, items), "customer": request.customer}
    return render(request, "billing/checkout.html", context | hindrance(request))


def placed(request, form):
    """The proforma of the order, or None; then the form, or the page, says what stands in the way."""
    if not form.is_valid():
        return None
    try:
        limits.ORDERS_PLACED.charge(request.customer.pk)
        return checkout.place(request.membership, agreed=form.cleaned_data["agreed"], by=request.user)
    except checkout.PriceChanged:
        form.add_error(None, _("The sum has changed since you saw it. Look at it again, then order if you agree."))
    except TooMany:
        form.add_error(None, _("You have placed a great many orders in the last hour. Please wait a while."))
    except (checkout.EmptyCart, BuyerNotServed):
        pass  # the page is shown anew and tells
    return None


def ordered(request, proforma):
    """On to paying, as whoever orders may pay for it; the proforma went to the owner by mail, who may, too."""
    messages.success(request, _("Thank you for your order. Pay it now or later, in any of these ways."))
    return redirect(documents.address_to_pay([proforma.pk]))


def hindrance(request):
    """Why this customer cannot be invoiced, with the form where that helps; nothing when they can."""
    try:
        refuse(request.customer)
    except BuyerIncomplete as missing:
        form = BillingForm(instance=request.customer) if request.membership.sees_everything else None
        return {"missing": str(missing), "billing_form": form}
    except BuyerNotServed as refusal:
        return {"refusal": str(refusal)}
    return {}


@needs_everything
def buyer(request):
    """Changes what will stand on the invoice, then back to the order; for people who see everything."""
    form = BillingForm(request.POST or None, instance=request.customer)
    if request.method == "POST" and form.is_valid():
        people.change_billing(request.customer, form, by=request.user)
        return redirect("billing:checkout")
    return render(request, "billing/buyer.html", {"form": form})
