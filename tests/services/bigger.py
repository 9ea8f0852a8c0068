"""A group of hosting products of which each can become another, with a disk to choose."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from services.models import OptionValue, Price, Product, ProductGroup, ProductOption, Service, ServiceOption

SIZES = {"small": "100.00", "middle": "100.00", "big": "220.00"}


@pytest.fixture
def sizes(provider, customer):
    """`sizes.small`, `.middle` (at the same price) and `.big`, each with a price for a year and one for a month."""
    group = ProductGroup.objects.create(provider=provider, slug="hosting", name_pl="Hosting", name_en="Hosting")
    made = {}
    for code, net in SIZES.items():
        made[code] = Product.objects.create(
            provider=provider, code=code, kind="hosting", name_pl=code.title(), name_en=code.title(), group=group
        )
        Price.objects.create(product=made[code], months=12, net=Decimal(net), setup_net=Decimal("30.00"))
        Price.objects.create(product=made[code], months=1, net=Decimal(net) / 10)
    return SimpleNamespace(group=group, **made)


def priced(product, months=12):
    return product.prices.get(months=months, is_offered=True)


def disk_of(product, *values):
    """The option "disk" of a product with values as (code, net a month)."""
    option = ProductOption.objects.create(product=product, code="disk", name_pl="Dysk", name_en="Disk")
    return {
        code: OptionValue.objects.create(
            option=option, code=code, name_pl=code, name_en=code.upper(), monthly_net=Decimal(net), setup_net=5
        )
        for code, net in values
    }


def choose(service, *values):
    """Gives the service these values at their price of today."""
    for value in values:
        ServiceOption.objects.create(service=service, value=value, monthly_net=value.monthly_net)


@pytest.fixture
def small(customer, sizes):
    """A small one of the customer, paid by the year until the end of 2027."""
    return Service.objects.create(
        customer=customer,
        product=sizes.small,
        price=priced(sizes.small),
        name="Small",
        domain="small.example",
        status=Service.Status.ACTIVE,
        ends_on=date(2027, 12, 31),
        anchor_day=31,
    )


@pytest.fixture
def big(customer, sizes):
    """A big one of the customer, paid by the year until the end of 2027."""
    return Service.objects.create(
        customer=customer,
        product=sizes.big,
        price=priced(sizes.big),
        name="Big",
        status=Service.Status.ACTIVE,
        ends_on=date(2027, 12, 31),
        anchor_day=31,
    )
