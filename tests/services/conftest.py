"""A server of the provider's that the driver “webhook” tells, and something to be set up on it."""

import pytest

from services import purchasing
from services.models import Price
from tests.support import rack


@pytest.fixture
def server(settings, products):
    """The rack; all hosting is set up on it."""
    with rack.rack() as server:
        settings.PROVISIONING_WEBHOOK_URL = server.address
        settings.PROVISIONING_WEBHOOK_SECRET = rack.SECRET
        products["hosting"].driver = "webhook"
        products["hosting"].save()
        yield server


@pytest.fixture
def buy(customer, owner, products):
    """`buy(number)` is a service of hosting that was bought just now for a year."""

    def buy(number=1):
        price, _is_new = Price.objects.get_or_create(product=products["hosting"], months=12, defaults={"net": 100})
        wanted = purchasing.Wanted(products["hosting"], price, domain=f"new-{number}.example")
        return purchasing.begin(customer, wanted, reference=f"line:{number}", by=owner)

    return buy
