"""The cart: what is in it, what it comes to, other periods, and out again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import origin
from accounts.limits import TooMany
from accounts.typed import whole_number
from billing import cart, limits, pricing, promos, renewals
from billing.buyers import for_buyers
from billing.forms.shop import PeriodsForm, PromoForm
from billing.models import CartItem
from services.availability import kept_here


@for_buyers
@require_safe
def show(request):
    """What can be bought with its sums, and what cannot with the reason."""
    return listing(request)


def listing(request, code=None):
    """The page of the cart; `code` is the form of a promo code that does not count."""
    basket = cart.of(request)
    found = cart.contents(basket)
    buyable = [item for item in found if item.hindrance is None]
    promo = promos.of(request, buyable)
    quote = cart.quote(basket, buyable, promo=promo)
    for item, lines in zip(buyable, quote.parts, strict=True):
        item.lines, item.amount = lines, sum(line.amount for line in lines)
        item.options = periods_of(request, item)
    look_for_names(buyable)
    context = {
        "items": buyable,
        "fallen": [item for item in found if item.hindrance],
        "choosable": any(len(item.options) > 1 for item in buyable),
        "quote": quote,
        "promo": promo,
        "code": code or PromoForm(),
    }
    return render(request, "billing/cart.html", context)


def periods_of(request, item):
    """What can be chosen between in the row of an item."""
    if item.act == CartItem.Act.RENEWAL:
        return renewals.options(request.customer, item.service, item.prices)
    return pricing.periods(pricing.Reader.of(request), item.product, item.prices)


def look_for_names(items):
    """Tells those that are for a domain name which is neither kept here nor in the cart (`lacks_name`)."""
    there = {item.domain for item in items if item.origin}
    lacking = [item for item in items if item.domain and item.domain not in there]
    kept = kept_here({item.domain for item in lacking}) if lacking else ()
    for item in lacking:
        item.lacks_name = item.domain not in kept


@for_buyers
@require_POST
def code(request):
    """Takes a promo code, or takes it away again when the field is empty."""
    form = PromoForm(request.POST)
    if form.is_valid() and counts(request, form):
        return redirect("billing:cart")
    return listing(request, form)


def counts(request, form):
    """Whether the code of the form counts for what is in the cart now; if not, the form says why."""
    typed = form.cleaned_data["code"]
    request.session.pop(promos.IN_SESSION, None)
    if not typed:
        return True
    basket = cart.of(request)
    try:
        limits.CODES_TRIED.charge(request.user.pk or origin.limit_key(request.origin.ip))
        promo = promos.find(typed, basket.customer, cart.items(basket))
    except TooMany:
        form.add_error("code", _("You have tried a great many codes in the last hour. Please wait a while."))
    except promos.PromoRefused as refusal:
        form.add_error("code", str(refusal))
    else:
        request.session[promos.IN_SESSION] = promo.code
    return not form.errors


@for_buyers
@require_POST
def change(request):
    """Keeps the chosen periods; the button "Payment" does so too and goes on."""
    form, basket = PeriodsForm(request.POST), cart.of(request)
    form.is_valid()
    try:
        cart.change_periods(basket, form.bought)
        if request.membership:
            cart.change(basket, form.wanted)
    except cart.NotForSale:
        messages.error(request, _("A price or a service has changed meanwhile. Look at the cart again."))
        return redirect("billing:cart")
    return redirect("billing:checkout" if "pay" in request.POST else "billing:cart")


@for_buyers
@require_POST
def remove(request):
    """Takes one item out, or what concerns one service."""
    basket = cart.of(request)
    if item := whole_number(request.POST.get("item", "")):
        cart.take_out(basket, item)
    elif service := whole_number(request.POST.get("service", "")):
        cart.remove(basket, service)
    return redirect("billing:cart")
