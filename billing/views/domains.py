"""Looking for a domain name, registering it or moving it here: into the cart with it."""

import logging
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import origin
from accounts.limits import TooMany
from billing import cart, domain_offers, limits
from billing.buyers import for_buyers, may_buy
from billing.forms.domains import NameForm, SearchForm, TransferForm
from billing.pricing import Reader
from services.availability import State

# Of registrars that sell hundreds; who looks for one of them types it.
ENDINGS_ON_A_PAGE = 50
log = logging.getLogger("billing.domains")


@login_not_required
@require_safe
def search(request):
    """The field and, for `?name=`, what there is of that name under the suffixes that are sold; else their prices."""
    reader = Reader.of(request)
    products = domain_offers.endings(reader)
    form = SearchForm(request.GET if "name" in request.GET else None, suffixes=products)
    context = {"form": form, "suffixes": products, "reader": reader, "may_buy": may_buy(request)}
    if not form.is_bound:
        context |= prices(request, reader, products)
    elif products and form.is_valid() and is_patient(request, form):
        context["found"] = domain_offers.look(form.cleaned_data["name"], reader, products)
    return render(request, "billing/domain_search.html", context)


def prices(request, reader, products):
    """A page of what the endings cost."""
    page = Paginator(list(products.values()), ENDINGS_ON_A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "offers": domain_offers.sold(reader, page.object_list)}


@for_buyers
@require_POST
def register(request):
    """Puts the registration of a free name into the cart."""
    reader = Reader.of(request)
    products = domain_offers.endings(reader)
    form = NameForm(request.POST, suffixes=products)
    if form.is_valid() and is_patient(request, form) and is_put(request, form, reader, products, needed=State.FREE):
        return redirect("billing:cart")
    for words in (words for errors in form.errors.values() for words in errors):
        messages.error(request, words)
    again = urlencode({"name": form.cleaned_data["name"].ascii}) if "name" in form.cleaned_data else ""
    return redirect(f"{reverse('billing:domain_search')}?{again}")


@for_buyers
@sensitive_post_parameters("authinfo")
def transfer(request):
    """The name and its AuthInfo, which is encrypted at once; then into the cart."""
    reader = Reader.of(request)
    products = domain_offers.endings(reader)
    form = TransferForm(request.POST or None, suffixes=products, initial={"name": request.GET.get("name", "")})
    right = request.method == "POST" and form.is_valid() and is_patient(request, form)
    if right and is_put(request, form, reader, products, needed=State.TAKEN):
        return redirect("billing:cart")
    context = {"form": form, "reader": reader} | prices(request, reader, products)
    return render(request, "billing/domain_transfer.html", context)


def is_patient(request, form):
    """Whether registrars may be asked once more for this person or from this address; if not, the form says so."""
    user = request.user
    try:
        limits.NAMES_ASKED.charge(f"user {user.pk}" if user.is_authenticated else origin.limit_key(request.origin.ip))
    except TooMany:
        form.add_error("name", _("You have looked for very many names. Please wait a few minutes."))
        return False
    return user.is_authenticated or is_quiet(form)


def is_quiet(form):
    """Whether all visitors together have left registrars in peace; if not, the form says so."""
    try:
        limits.NAMES_ASKED_BY_VISITORS.charge("all")
    except TooMany:
        log.warning("visitors have looked for very many names")
        form.add_error("name", _("Very many names are being looked for now. Sign in, or wait a few minutes."))
    return not form.errors


def is_put(request, form, reader, products, *, needed):
    """Whether the name lies in the cart now; if it is neither `needed` nor looked at by hand, the form says why."""
    name = form.cleaned_data["name"]
    found = next(iter(domain_offers.look([name], reader, products)), None)
    state = found.state if found else State.UNKNOWN
    if state not in (needed, State.BY_HAND):
        form.add_error("name", WHY_NOT[state]() % {"name": name})
        return False
    try:
        cart.put(cart.of(request), domain_offers.wanted(found, form.cleaned_data.get("authinfo", "")))
    except (cart.NotForSale, cart.CartFull) as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("%(name)s is in the cart.") % {"name": found.name})
    return True


# Why a name in this state is not what was asked for, in words.
WHY_NOT = {
    State.FREE: lambda: _("%(name)s is registered nowhere, so it cannot be moved. You can register it."),
    State.TAKEN: lambda: _("%(name)s is taken. If it is yours, you can move it here."),
    State.PREMIUM: lambda: _("%(name)s is a premium name with a price of its own. Write to us if you want it."),
    State.UNKNOWN: lambda: _("%(name)s cannot be checked now. Try again in a moment; nothing was put into the cart."),
    State.HERE: lambda: _("%(name)s is registered with us already."),
}
