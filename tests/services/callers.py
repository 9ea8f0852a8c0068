"""Finding a caller's customer by a domain."""

import pytest

from accounts.codes import find_customer
from services.models import Service


@pytest.mark.parametrize("said", ["garden.example", "GARDEN.example.", " https://www.garden.example/blog "])
def test_a_domain_leads_to_its_customer(customer, hosting, said):
    assert find_customer(said) == customer


def test_unknown_domains_and_ended_services_lead_to_nobody(customer, hosting):
    assert find_customer("other.example") is None
    Service.objects.update(status=Service.Status.ENDED)
    assert find_customer("garden.example") is None


def test_a_word_without_a_dot_is_no_domain(customer, voip):
    """Services without a domain must not be found by an empty one."""
    assert find_customer("www.") is None
