"""The page "Renewing services": what can be renewed, and into the cart with it."""

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import needs
from accounts.pages import page_of
from accounts.typed import whole_number
from billing import cart, renewals
from billing.forms.shop import RenewalFilter, RenewalsForm
from billing.parties import prices_are_gross
from billing.permissions import Permission


@needs(Permission.ORDERING)
@require_safe
def show(request):
    """All that this person may renew, the nearest end first; `?service=5` puts that one on top and ticks it."""
    return listing(request, ticked={whole_number(request.GET.get("service", ""))})


@needs(Permission.ORDERING)
def add(request):
    """Puts what is ticked into the cart; what cannot be done is said on the same page of the list."""
    if request.method != "POST":
        return redirect(f"{reverse('billing:renewals')}?{request.GET.urlencode()}")
    form = RenewalsForm(request.POST)
    if form.is_valid() and put(request.membership, form):
        added = ngettext("One renewal is in the cart.", "%(count)d renewals are in the cart.", len(form.wanted))
        messages.success(request, added % {"count": len(form.wanted)})
        return redirect("billing:cart")
    return listing(request, ticked=set(form.wanted), chosen=form.chosen, form=form)


def put(membership, form):
    """Whether what the form wants lies in the cart now; if not, the form says why."""
    try:
        cart.add_all(membership, form.wanted)
    except cart.NotForSale:
        form.add_error(None, _("A price or a service has changed meanwhile. Look at what is ticked and try again."))
    except cart.CartFull as full:
        form.add_error(None, str(full))
    return not form.errors


def listing(request, *, ticked, chosen=None, form=None):
    """One page of the services that fit the filter, with the periods of each."""
    membership = request.membership
    narrowing = RenewalFilter(request.GET)
    services = narrowing.apply(services_of(membership))
    page = page_of(services, by="ends_on", params=request.GET)
    rows = renewals.rows(membership.customer, with_wanted(page, services, request.GET))
    for row in rows:
        row.restore(ticked, chosen or {})
    context = {
        "page": page,
        "rows": rows,
        "sellable": any(row.is_for_sale for row in rows),
        "form": narrowing,
        "narrowed": any(narrowing.cleaned_data.values()),
        "choice": form,
        "gross": prices_are_gross(membership.customer),
    }
    return render(request, "billing/renewals.html", context)


def services_of(membership):
    """What can be renewed, with what is ordered or in the cart already."""
    in_cart = membership.cart_items.filter(service=OuterRef("pk")).order_by().values("price")
    services = cart.renewable(membership).annotate(proforma_pk=cart.open_proforma(), cart_price=Subquery(in_cart))
    # Long texts that are read in the catalogue, not here.
    return services.defer("product__description_pl", "product__description_en")


def with_wanted(page, services, query):
    """The services of a page; on the first one that of `?service=5` stands on top, wherever its place would be."""
    wanted = whole_number(query.get("service", ""))
    if wanted is None or page.before:
        return page.rows
    on_top = [service for service in page.rows if service.pk == wanted] or list(services.filter(pk=wanted))
    return on_top + [service for service in page.rows if service.pk != wanted]
