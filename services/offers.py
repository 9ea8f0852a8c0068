"""At which prices a service can be renewed, its options included."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects

from services.models import ChangeOption, Price, Product, ServiceChange, ServiceOption

# Where a service keeps what `load` has looked up.
OWN, TO_COME = "options_now", "changes_to_come"
OPTIONS = ServiceOption.objects.select_related("value__option")
AGREED = ChangeOption.objects.select_related("value__option")
CERTAIN = ServiceChange.objects.filter(state__in=ServiceChange.CERTAIN).select_related("product", "price")


@dataclass(frozen=True)
class Terms:
    """What a service is in its next period: `options` are the rows with `value` and the agreed `monthly_net`."""

    product: Product
    price_id: int | None
    options: tuple = ()

    def net(self, price):
        """What a period costs: the price, and every option for each of its months."""
        return price.net + sum(option.monthly_net for option in self.options) * price.months

    @property
    def options_in_words(self):
        """Their names, in the reader's language: "Disk: 50 GB, Backup: daily"."""
        return ", ".join(option.value.in_words for option in self.options)


def flags(service="pk"):
    """What `flagged` annotates; `service` is the key of the service in rows of another table."""
    return {
        "has_options": Exists(ServiceOption.objects.filter(service=OuterRef(service))),
        "has_change": Exists(CERTAIN.filter(service=OuterRef(service))),
    }


def flagged(services):
    """The queryset with what tells `load` that most services have neither options nor a change to come."""
    return services.annotate(**flags())


def load(services):
    """Looks up what the terms of all these services are made of: one query for options, one for changes to come.

    Of services that were `flagged` each is asked only when one of them has any.
    """
    options = Prefetch("options", OPTIONS, to_attr=OWN)
    changes = Prefetch("changes", CERTAIN.prefetch_related(Prefetch("options", AGREED)), to_attr=TO_COME)
    for name, flag, lookup in [(OWN, "has_options", options), (TO_COME, "has_change", changes)]:
        asked = [service for service in services if getattr(service, flag, True)]
        for service in services:
            setattr(service, name, [])
        for service in asked:
            delattr(service, name)
        prefetch_related_objects(asked, lookup)


def terms(service):
    """The Terms of a service: those of the change that is certain to come, else its own."""
    if not hasattr(service, OWN):
        load([service])
    if service.changes_to_come:
        change = service.changes_to_come[0]
        return Terms(change.product, change.price_id, tuple(change.options.all()))
    return own_terms(service)


def own_price(service):
    """The price that was agreed to for its next period; None where the product's offered prices are open."""
    if not hasattr(service, OWN):
        load([service])
    return service.changes_to_come[0].price if service.changes_to_come else service.price


def own_terms(service):
    """The Terms of a service as it is now, whatever is to come."""
    if not hasattr(service, OWN):
        load([service])
    return Terms(service.product, service.price_id, tuple(service.options_now))


def for_services(services, beside=()):
    """{service: its prices, the shortest period first} for all of them, by a few queries.

    The same of the products `beside` them, at which these are bought: {product: its offered prices}.

    An own price that is no longer offered to others is the only one; otherwise the product's offered
    prices are open. What is to become another product is renewed at that one's prices. Services that nothing
    can be bought for have an empty list; what costs nothing, options included, is not bought, as nothing can be
    paid or invoiced.
    """
    services = list(services)
    load([service for service in services if not hasattr(service, OWN)])
    known = {service: terms(service) for service in services}
    products = {row.product.pk for row in known.values()} | {product.pk for product in beside}
    own = {row.price_id for row in known.values() if row.price_id}
    offered, kept = {}, {}
    prices = Price.objects.filter(product__in=products, is_offered=True) | Price.objects.filter(pk__in=own)
    for price in prices.order_by("months", "pk"):
        if price.is_offered:
            offered.setdefault(price.product_id, []).append(price)
        else:
            kept[price.pk] = price
    renewed = {
        service: [price for price in found if row.net(price)]
        for service, row in known.items()
        for found in [[kept[row.price_id]] if row.price_id in kept else offered.get(row.product.pk, [])]
    }
    return renewed | {product: offered.get(product.pk, []) for product in beside}


def usual(service, prices):
    """Of its prices the one to propose: the service's own, else a year, else the longest."""
    by_key = {price.pk: price for price in prices}
    by_months = {price.months: price for price in prices}
    return by_key.get(terms(service).price_id) or by_months.get(12) or (prices[-1] if prices else None)
