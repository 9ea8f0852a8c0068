"""The cart: what is in it, what it comes to, other periods, and out again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import needs
from billing import cart, renewals
from billing.forms.shop import PeriodsForm, key
from billing.permissions import Permission


@needs(Permission.ORDERING)
@require_safe
def show(request):
    """What can be bought with its sums, and what cannot with the reason."""
    customer, found = request.customer, cart.contents(request.membership)
    buyable = [item for item in found if item.hindrance is None]
    quote = cart.quote(request.membership, buyable)
    for item, line in zip(buyable, quote.lines, strict=True):
        item.line, item.options = line, renewals.options(customer, item.service, item.prices)
    context = {
        "items": buyable,
        "fallen": [item for item in found if item.hindrance],
        "choosable": any(len(item.options) > 1 for item in buyable),
        "quote": quote,
    }
    return render(request, "billing/cart.html", context)


@needs(Permission.ORDERING)
@require_POST
def change(request):
    """Keeps the chosen periods; the button "Payment" does so too and goes on."""
    form = PeriodsForm(request.POST)
    form.is_valid()
    try:
        cart.change(request.membership, form.wanted)
    except cart.NotForSale:
        messages.error(request, _("A price or a service has changed meanwhile. Look at the cart again."))
        return redirect("billing:cart")
    return redirect("billing:checkout" if "pay" in request.POST else "billing:cart")


@needs(Permission.ORDERING)
@require_POST
def remove(request):
    """Takes one renewal out."""
    if service := key(request.POST.get("service", "")):
        cart.remove(request.membership, service)
    return redirect("billing:cart")
