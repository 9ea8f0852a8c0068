"""The page "Renewing services": what can be renewed, and into the cart with it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, OuterRef, Subquery, Value, When
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import needs
from billing import cart, renewals
from billing.forms.shop import RenewalFilter, RenewalsForm, key
from billing.parties import prices_are_gross
from billing.permissions import Permission

SERVICES_ON_A_PAGE = 25


@needs(Permission.ORDERING)
@require_safe
def show(request):
    """All that this person may renew, the nearest end first; `?service=5` puts that one on top and ticks it."""
    return listing(request, ticked={key(request.GET.get("service", ""))})


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
    except cart.CartFull:
        form.add_error(
            None, _("The cart holds %(most)d renewals at most. Pay these first.") % {"most": cart.MOST_ITEMS}
        )
    return not form.errors


def listing(request, *, ticked, chosen=None, form=None):
    """One page of the services that fit the filter, with the periods of each."""
    membership = request.membership
    narrowing = RenewalFilter(request.GET)
    page = Paginator(narrowing.apply(services_of(membership, request.GET)), SERVICES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = renewals.rows(membership.customer, list(page.object_list))
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


def services_of(membership, query):
    """What can be renewed, in order, with what is ordered or in the cart already."""
    in_cart = membership.cart_items.filter(service=OuterRef("pk")).values("price")
    first = Case(When(pk=key(query.get("service", "")) or 0, then=Value(0)), default=Value(1))
    order = ["ends_on", "pk"] if "service" not in query else [first, "ends_on", "pk"]
    services = cart.renewable(membership).annotate(proforma_pk=cart.open_proforma(), cart_price=Subquery(in_cart))
    return services.order_by(*order)
