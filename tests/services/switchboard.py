"""What the SIP tests start from: a product on the pretend switchboard, numbers in it, services on them."""

import pytest

from services import provisioning
from services.models import Credential, Service, SwitchboardNumber
from tests import cast
from tests.support.jobs import do_jobs


@pytest.fixture
def numbers(db):
    """`numbers(5)` enters so many numbers."""

    def numbers(count):
        return SwitchboardNumber.objects.bulk_create(
            [SwitchboardNumber(number=f"+48 22 555 {n:04}") for n in range(count)]
        )

    return numbers


@pytest.fixture
def sip_product(products):
    """The product of the cast's telephone lines, set up by the pretend switchboard."""
    products["voip"].driver = "sip_null"
    products["voip"].save()
    return products["voip"]


@pytest.fixture
def line(customer, sip_product, numbers):
    """A telephone line that somebody has just bought."""
    numbers(3)
    return cast.service(customer, sip_product, "Office line", status=Service.Status.PENDING)


def set_up(service, reference="order-line:1", by=None):
    """One go of the worker at setting the service up; returns its SIP account."""
    provisioning.ask(service, "create", reference=reference, by=by, months=1)
    do_jobs()
    service.refresh_from_db()
    return Credential.objects.get(service=service)
