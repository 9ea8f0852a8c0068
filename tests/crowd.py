"""Many rows, and what a page costs among them."""

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.models import Domain, Product, Service

MANY = 1_000


def many_services(customer, product, count=MANY):
    """So many running services of one customer; domains with their registration."""
    rows = [
        Service(customer=customer, product=product, name=f"{product.kind} {i:05}", status=Service.Status.ACTIVE)
        for i in range(count)
    ]
    rows = Service.objects.bulk_create(rows, batch_size=1000)
    if product.kind == Product.Kind.DOMAIN:
        registrations = [Domain(service=row, origin=Domain.Origin.REGISTERED) for row in rows]
        Domain.objects.bulk_create(registrations, batch_size=1000)
    return rows


def queries_of(client, address):
    """The queries of one page with a cold cache."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]
