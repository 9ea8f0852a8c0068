"""The catalogue, which needs no signing in: groups with their products, one product, and into the cart with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import page_of
from accounts.wording import reading_language
from billing import cart, pricing
from billing.buyers import for_buyers, may_buy
from billing.forms.catalogue import ChoiceForm, SearchForm
from billing.pricing import Reader
from services import catalogue as offers

# Twenty-five products with PRODUCTS_OF_A_GROUP of each.
GROUPS_ON_A_PAGE = 5
PRODUCTS_ON_A_PAGE = 25


@login_not_required
@require_safe
def catalogue(request):
    """The groups, each with its first products; with `?q=` the products that are called so."""
    reader, form = Reader.of(request), SearchForm(request.GET)
    if form.words:
        return found(request, reader, form)
    # Dozens at most, so that they are counted by looking at them.
    page = Paginator(list(offers.groups(reader.provider)), GROUPS_ON_A_PAGE).get_page(request.GET.get("page"))
    offers.with_products(page.object_list, reader.provider)
    for group in page:
        group.first = pricing.priced(reader, group.first)
    return render(request, "billing/catalogue.html", {"page": page, "reader": reader, "form": form})


def found(request, reader, form):
    """The products that are called so, of all groups, by name; a frequent word is not counted."""
    named = offers.named(offers.products(reader.provider), form.words)
    page = page_of(offers.with_prices(named), by=f"name_{reading_language()}", params=request.GET)
    products = pricing.priced(reader, page.rows)
    context = {"page": page, "products": products, "reader": reader, "form": form, "narrowed": True}
    return render(request, "billing/catalogue.html", context)


def products_page(request, reader, products):
    """The page of these products that the address asks for, each with its price."""
    page = Paginator(products, PRODUCTS_ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = pricing.priced(reader, offers.with_prices(page.object_list))
    return page


@login_not_required
@require_safe
def group(request, slug):
    """All products of one group."""
    reader = Reader.of(request)
    inside = offers.products(reader.provider).filter(group__slug=slug).select_related("group")
    page = products_page(request, reader, inside)
    if not page.object_list:
        return not_on_offer(request)
    context = {"group": page[0].group, "page": page, "reader": reader}
    return render(request, "billing/product_group.html", context)


@login_not_required
@require_safe
def product(request, code):
    """One product with what can be chosen, and what that costs; the address may say what is chosen."""
    reader = Reader.of(request)
    found = offers.find(offers.products(reader.provider), code)
    if found is None:
        return not_on_offer(request)
    return product_page(request, found, ChoiceForm(product=found, reader=reader, chosen=request.GET))


@for_buyers
@require_POST
def add(request, code):
    """Puts what is chosen into the cart; the button "Recalculate" only shows what it would cost."""
    reader = Reader.of(request)
    found = offers.find(offers.products(reader.provider), code)
    if found is None:
        return not_on_offer(request)
    asks_price = "recalculate" in request.POST
    form = ChoiceForm(request.POST, product=found, reader=reader, is_order=not asks_price)
    if form.is_valid() and asks_price:
        return redirect(f"{reverse('billing:product', args=[code])}?{form.query}")
    if form.is_valid() and put(request, form):
        messages.success(request, _("%(product)s is in the cart.") % {"product": found.name})
        return redirect("billing:cart")
    return product_page(request, found, form)


def put(request, form):
    """Whether what the form wants lies in the cart now; if not, the form says why."""
    try:
        cart.put(cart.of(request), form.wanted)
    except (cart.NotForSale, cart.CartFull) as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def product_page(request, product, form, **more):
    """The page of a product; `more` goes to the template."""
    quote, renewal = pricing.quote(form.reader, form.wanted) if form.wanted else (None, None)
    context = {"product": product, "form": form, "reader": form.reader, "may_buy": may_buy(request)}
    context |= {"quote": quote, "renewal": renewal}
    return render(request, "billing/product.html", context | more)


def not_on_offer(request):
    """The same words for what is not offered any more, not yet, or never was."""
    return render(request, "billing/not_on_offer.html", status=404)
