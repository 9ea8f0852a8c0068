"""The page "Payment": what is ordered, for how much, by whom; and the button that obliges to pay."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import people
from accounts.access import needs, needs_everything
from accounts.forms.person import BillingForm
from accounts.limits import TooMany
from accounts.models import Terms
from billing import cart, checkout, documents, free, limits, promos
from billing.forms.shop import OrderForm
from billing.parties import BuyerIncomplete, BuyerNotServed, refuse
from billing.permissions import Permission


@needs(Permission.ORDERING)
def show(request):
    """The summary; sent, it becomes an order with its proforma, which is paid next."""
    basket = cart.of(request)
    items = cart.items(basket)
    form = OrderForm(request.POST or None, **needed(request.customer, items))
    if request.method == "POST":
        if answer := placed(request, form):
            return answer
        items = cart.items(basket)
    if not items:
        messages.info(request, _("There is nothing in the cart that can be ordered now."))
        return redirect("billing:cart")
    quote = cart.quote(basket, items, promo=promos.of(request, items))
    context = {"form": form, "quote": quote, "customer": request.customer, "has_purchases": form.terms is not None}
    context["has_renewals"] = checkout.has_renewals(items)
    return render(request, "billing/checkout.html", context | (hindrance(request) if quote.gross else {}))


def needed(customer, items):
    """What the form must ask for beside the sum: the terms and the wish for an early start, for new services."""
    has_purchases = checkout.has_purchases(items)
    return {
        "terms": Terms.in_force() if has_purchases else None,
        "early_start": checkout.asks_for_early_start(customer, items),
    }


def placed(request, form):
    """The answer to whoever has ordered, or None; then the form, or the page, says what stands in the way."""
    if not form.is_valid():
        return None
    try:
        limits.ORDERS_PLACED.charge(request.customer.pk)
        code = request.session.get(promos.IN_SESSION, "")
        order = checkout.place(request.membership, **form.agreement, code=code, by=request.user)
    except checkout.PriceChanged:
        form.add_error(None, _("The sum has changed since you saw it. Look at it again, then order if you agree."))
    except checkout.NotAgreed:
        messages.error(request, _("The cart has changed since you saw it. Look at it again, then order if you agree."))
        return redirect("billing:checkout")
    except TooMany:
        form.add_error(None, _("You have placed a great many orders in the last hour. Please wait a while."))
    except (cart.SoldOut, free.TooManyFree, promos.PromoRefused) as refusal:
        form.add_error(None, str(refusal))
    except (checkout.EmptyCart, BuyerNotServed):
        pass  # the page is shown anew and tells
    else:
        request.session.pop(promos.IN_SESSION, None)
        return ordered(request, order)
    return None


def ordered(request, order):
    """On to paying, as whoever orders may pay for it; the proforma went to the owner by mail, who may, too."""
    if order.is_free:
        messages.success(request, _("Thank you for your order. It costs nothing and is being done."))
        return redirect("billing:order", order.pk)
    messages.success(request, _("Thank you for your order. Pay it now or later, in any of these ways."))
    return redirect(documents.address_to_pay([order.proforma.pk]))


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
