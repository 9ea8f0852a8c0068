"""From the pages on which nothing is there yet, whoever may order is led to where there is something to buy."""

import pytest

from tests.billing import offers
from tests.billing.shop import page_of

CATALOGUE, NAMES, RENEWALS = 'href="/order/"', 'href="/order/domain/"', 'href="/renewals/"'


def main_of(client, address):
    """The page without the menu, which has most of these links, too."""
    return page_of(client, address).split("<main")[1]


@pytest.mark.parametrize(
    ("address", "links"),
    [
        ("/services/", [CATALOGUE]),
        ("/domains/", [NAMES]),
        ("/orders/", [CATALOGUE]),
        ("/cart/", [CATALOGUE, RENEWALS]),
    ],
)
def test_an_empty_page_leads_to_what_fills_it(client_of, buyer, address, links):
    page = main_of(client_of(buyer), address)
    assert [link for link in links if link not in page] == []


@pytest.mark.parametrize("address", ["/services/", "/domains/"])
def test_who_may_not_order_is_led_nowhere(client_of, standard_without, address):
    assert 'href="/order/' not in main_of(client_of(standard_without), address)


def test_between_the_catalogue_and_the_search_for_names(anonymous, provider):
    names = {"kind": "domain", "suffix": "pl"}
    offers.product(offers.group(provider), "pl", prices=[(12, "50.00")], **names)
    assert NAMES in main_of(anonymous, "/order/") and NAMES in main_of(anonymous, "/order/groups/servers/")
    assert CATALOGUE in main_of(anonymous, "/order/domain/")


def test_whoever_stands_at_the_door_may_see_the_offer(anonymous):
    assert CATALOGUE in main_of(anonymous, "/sign-in/")
