"""New services in the cart."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts import origin
from accounts.counting import CountOf
from accounts.limits import TooMany
from accounts.models import Membership
from billing import limits
from billing.cart.base import CartFull, Hindrance, NotForSale, SoldOut, refuse_overfull
from billing.cart.baskets import Visitor, owner_of
from billing.locks import locked_one
from billing.models import CartItem, OrderLine
from services.availability import kept_here
from services.models import Domain, OptionValue, Price, Product, ProductOption
from services.names import LONGEST_NAME, canonical_domain

# The options that a buyer must choose a value of: without any value on offer an option is no question.
ASKED = ProductOption.objects.filter(Exists(OptionValue.objects.filter(option=OuterRef("pk"), is_offered=True)))
# How many of them the product of an item has, as a column of the items.
QUESTIONS = CountOf(ASKED.filter(product=OuterRef("product")).order_by().values("pk"))


def put(basket, wanted):
    """Puts a services.purchasing.Wanted into the cart; returns the item.

    The same domain name takes the place of itself. Raises NotForSale, SoldOut or CartFull, whose messages are
    for people. Never called inside a transaction, because a visitor is counted by address.
    """
    refuse(wanted)
    if isinstance(basket, Visitor):
        try:
            limits.PUT_BY_VISITORS.charge(origin.limit_key(origin.current.get().ip))
        except TooMany:
            raise CartFull(_("A great many things were put into carts from here. Sign in, or wait a while.")) from None
        basket.begin()
    return write(basket, wanted)


@transaction.atomic
def write(basket, wanted):
    """The row of the item."""
    if not isinstance(basket, Visitor):
        locked_one(Membership.objects, pk=basket.pk)
    if wanted.origin:
        basket.cart_items.filter(domain=wanted.domain).exclude(origin="").delete()
    refuse_overfull(basket.cart_items.count() + 1)
    return CartItem.objects.create(
        **owner_of(basket),
        act=CartItem.Act.PURCHASE,
        product=wanted.product,
        price=wanted.price,
        chosen=sorted(value.pk for value in wanted.values),
        domain=wanted.domain,
        origin=wanted.origin,
        authinfo=wanted.authinfo,
        seen_net=net(wanted.price, wanted.values),
    )


@transaction.atomic
def change_periods(basket, wanted):
    """Other periods for new services that lie in the cart: {item's key: price's key}. Raises NotForSale."""
    if not isinstance(basket, Visitor):
        locked_one(Membership.objects, pk=basket.pk)
    found = list(basket.cart_items.filter(pk__in=wanted, act=CartItem.Act.PURCHASE).select_related("price"))
    changed = [item for item in found if item.price_id != wanted[item.pk]]
    offered = Price.objects.filter(is_offered=True).in_bulk([pk for pk in wanted.values() if pk]) if changed else {}
    values = OptionValue.objects.in_bulk({pk for item in changed for pk in item.chosen})
    for item in changed:
        price = offered.get(wanted[item.pk])
        if price is None or price.product_id != item.product_id or is_transfer(item):
            raise NotForSale
        item.price, item.seen_net = price, net(price, [values[pk] for pk in item.chosen if pk in values])
        item.save(update_fields=["price", "seen_net"])


def is_transfer(item):
    """A name that comes from another registrar comes with the period that a registrar moves it with."""
    return item.origin == Domain.Origin.TRANSFERRED


def refuse(wanted):
    """Raises NotForSale or SoldOut unless this is what the catalogue offers, whatever a form has sent."""
    product, price = wanted.product, wanted.price
    if not product.is_offered or not price.is_offered or price.product_id != product.pk:
        raise NotForSale(_("This is not sold at this price. Choose anew."))
    if product.is_sold_out:
        raise SoldOut(product.name)
    chosen = [value.pk for value in wanted.values]
    values = OptionValue.objects.filter(pk__in=chosen).select_related("option")
    if not fits(chosen, values, product.pk, ASKED.filter(product=product).count()):
        raise NotForSale(_("Choose one value of each option of %(product)s.") % {"product": product.name})
    refuse_domain(wanted)


def refuse_domain(wanted):
    """Raises NotForSale unless there is a domain name exactly where one belongs, and AuthInfo for a transfer."""
    product, is_domain = wanted.product, wanted.product.kind == Product.Kind.DOMAIN
    if bool(wanted.domain) != (is_domain or product.asks_domain):
        raise NotForSale(_("Say for which domain name."))
    if wanted.domain and not looks_like_a_domain(wanted.domain):
        raise NotForSale(_("This is not a domain name."))
    if is_domain and product.suffix and wanted.domain.partition(".")[2] != product.suffix:
        raise NotForSale(_("This price is for names that end in .%(suffix)s.") % {"suffix": product.suffix})
    if (wanted.origin in Domain.HERE) != is_domain or (wanted.origin and not is_domain):
        raise NotForSale
    if bool(wanted.authinfo) != (wanted.origin == Domain.Origin.TRANSFERRED):
        raise NotForSale(_("A transfer needs the AuthInfo code of the name."))


def looks_like_a_domain(name):
    """Whether it can be a name at all; what a registry takes is for the registrar to say."""
    parts = name.split(".")
    return name == canonical_domain(name) and len(parts) > 1 and all(parts) and len(name) <= LONGEST_NAME


def fits(chosen, values, product, questions):
    """Whether what is chosen (keys), which are these values, answers each of so many options of a product (its key).

    Each once, and by a value on offer.
    """
    answered = {value.option_id for value in values if value.is_offered and value.option.product_id == product}
    return len(answered) == len(chosen) == questions


def net(price, values):
    """What it costs net in all when it is bought."""
    options = sum(value.monthly_net * price.months + value.setup_net for value in values)
    return price.net + price.setup_net + options


def look(found, prices):
    """Tells each of these items its `values`, the price it would have now (`now_net` in all) and its `hindrance`.

    `prices` are those of the periods that it can be bought for, the shortest first. Where the price was replaced by
    another for the same time, that one is taken; `was_net` is what the item cost when it was put in, if it costs
    something else now.
    """
    keys = {pk for item in found for pk in item.chosen}
    values = OptionValue.objects.select_related("option").in_bulk(keys) if keys else {}
    for item in found:
        offered = prices[item.product]
        item.prices = [] if is_transfer(item) else offered
        item.values = sorted((values[pk] for pk in item.chosen if pk in values), key=lambda value: value.pk)
        now = next((price for price in offered if price.months == item.price.months), None)
        item.hindrance = hindrance(item, now)
        if item.hindrance is None:
            item.price = now
            item.now_net = net(now, item.values)
            item.was_net = item.seen_net if item.seen_net not in (None, item.now_net) else None
    look_at_names(found)


def look_at_names(found):
    """Tells those of the items that are domain names which of them were bought or ordered meanwhile.

    Only what the customer has ordered counts: an order that another one never pays keeps nobody from a name.
    """
    items = [item for item in found if item.origin]
    if not items:
        return
    domains = {item.domain for item in items}
    here, ordered = kept_here(domains), ordered_names(items[0].membership_id, domains)
    for item in items:
        item.proforma_pk = ordered.get(item.domain)
        if item.domain in here:
            item.hindrance = Hindrance.TAKEN
        elif item.proforma_pk:
            item.hindrance = Hindrance.ORDERED


def ordered_names(membership, domains):
    """{domain name: key of the proforma} of what the customer of a membership (its key) has ordered and not paid."""
    if membership is None:
        return {}
    lines = OrderLine.objects.filter(
        act=CartItem.Act.PURCHASE,
        state=OrderLine.State.OPEN,
        domain__in=domains,
        order__customer__memberships=membership,
    )
    return dict(lines.exclude(origin="").values_list("domain", "order__documents"))


def hindrance(item, price):
    """The Hindrance of an item whose product is sold at this price, or None."""
    if not item.product.is_offered:
        return Hindrance.WITHDRAWN
    if item.product.is_sold_out:
        return Hindrance.SOLD_OUT
    if price is None:
        return Hindrance.PRICE_GONE
    if not fits(item.chosen, item.values, item.product_id, item.questions):
        return Hindrance.OPTION_GONE
    return None
