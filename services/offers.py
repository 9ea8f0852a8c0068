"""At which prices a service can be renewed."""

from services.models import Price


def for_services(services):
    """{service: its prices, the shortest period first} for all of them, by one query.

    An own price that is no longer offered to others is the only one; otherwise the product's offered
    prices are open. Services that nothing can be bought for have an empty list; what costs nothing is not
    bought, as nothing can be paid or invoiced.
    """
    services = list(services)
    products = {service.product_id for service in services}
    own = {service.price_id for service in services if service.price_id}
    offered, kept = {}, {}
    prices = Price.objects.filter(product__in=products, is_offered=True) | Price.objects.filter(pk__in=own)
    for price in prices.order_by("months", "pk"):
        if price.is_offered:
            offered.setdefault(price.product_id, []).append(price)
        else:
            kept[price.pk] = price
    return {
        service: [price for price in found if price.net]
        for service in services
        for found in [[kept[service.price_id]] if service.price_id in kept else offered.get(service.product_id, [])]
    }


def usual(service, prices):
    """Of its prices the one to propose: the service's own, else a year, else the longest."""
    by_key = {price.pk: price for price in prices}
    by_months = {price.months: price for price in prices}
    return by_key.get(service.price_id) or by_months.get(12) or (prices[-1] if prices else None)
