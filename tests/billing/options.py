"""What was chosen for a service is renewed with it, at the price that was agreed to."""

from decimal import Decimal

import pytest

from billing import cart, gateway_reports
from billing.models import Document
from services.models import OptionValue, Price, Service
from services.purchasing import Wanted
from tests.billing.shop import many_renewable, page_of, row, words
from tests.crowd import queries_of
from tests.services.bigger import choose, disk_of


@pytest.fixture
def disk(products):
    return disk_of(products["hosting"], ("10gb", "2.00"), ("50gb", "5.50"))


@pytest.fixture
def roomy(hosting, disk):
    """The hosting of the cast with a disk for 5.50 a month."""
    choose(hosting, disk["50gb"])
    return hosting


def test_every_page_shows_the_whole_price(client_of, buyer, roomy, prices, products):
    Price.objects.create(product=products["hosting"], months=1, net=Decimal("12.00"))
    client = client_of(buyer)
    garden = row(page_of(client), "Hosting Garden")
    assert "1 month: PLN 17.50" in garden and "1 year: PLN 166.00" in garden and "Disk: 50GB" in garden
    cart.add(buyer.membership, roomy, prices["hosting"])
    page = page_of(client, "/cart/")
    assert "PLN 166.00" in page and "Disk: 50GB" in page
    assert "Hosting (garden.example), renewal: 1 year, with Disk: 50GB" in page_of(client, "/checkout/")


def test_private_persons_pay_the_gross_of_the_whole(client_of, buyer, roomy, prices):
    type(buyer.membership.customer).objects.update(kind="private")
    assert "PLN 204.18" in row(page_of(client_of(buyer)), "Hosting Garden")


def test_documents_name_the_options_and_sum_them_up(buyer, roomy, order, begin, report):
    receivable = order(buyer, roomy)
    assert receivable.amount == Decimal("204.18")
    gateway_reports.apply(report(begin(buyer, receivable)), gateway="sandbox")
    for document in Document.objects.all():
        line = document.lines.get()
        assert (line.name, line.amount) == ("Hosting (garden.example), renewal: 1 year, with Disk: 50GB", 166)


def test_the_price_of_an_option_is_the_one_that_was_agreed_to(client_of, buyer, roomy, disk, prices):
    OptionValue.objects.filter(pk=disk["50gb"].pk).update(monthly_net=99, is_offered=False)
    assert "PLN 166.00" in row(page_of(client_of(buyer)), "Hosting Garden")


def test_a_free_product_with_a_paid_option_is_sold_and_without_it_not(client_of, buyer, roomy, prices):
    Price.objects.filter(product=roomy.product).update(net=0)
    client = client_of(buyer)
    assert "PLN 66.00" in row(page_of(client), "Hosting Garden")
    sent = {"service": roomy.pk, f"price-{roomy.pk}": prices["hosting"].pk}
    assert "One renewal is in the cart." in words(client.post("/cart/add/", sent, follow=True))
    roomy.options.update(monthly_net=0)
    page = page_of(client)
    assert "We have no price for this here." in row(page, "Hosting Garden")


def test_an_option_that_was_chosen_meanwhile_changes_the_sum_that_is_agreed_to(
    client_of, buyer, hosting, disk, prices
):
    cart.add(buyer.membership, hosting, prices["hosting"])
    client = client_of(buyer)
    assert "PLN 123.00" in page_of(client, "/checkout/")
    choose(hosting, disk["10gb"])
    answer = words(client.post("/checkout/", {"agreed": "123.00"}))
    assert "The sum has changed" in answer and "PLN 152.52" in answer
    assert not Document.objects.exists()


def test_a_name_that_is_too_long_is_cut(buyer, hosting, products, order):
    for number in range(8):
        values = disk_of_many(products["hosting"], f"option-{number}")
        choose(hosting, values)
    assert len(order(buyer, hosting).document.lines.get().name) == 512


def test_a_cart_of_everything_costs_few_queries(client_of, buyer, customer, products, prices, disk, terms):
    """Renewals and new services, both with options; the page of payment asks for the terms, too."""
    client = client_of(buyer)

    def fill(count):
        services = many_renewable(customer, products["hosting"], count)
        for service in services:
            choose(service, disk["10gb"])
            cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"], (disk["50gb"],)))
        cart.add_all(buyer.membership, {service.pk: prices["hosting"].pk for service in services})

    def costs():
        # The brand, which is kept, is asked for once in a while.
        pages = [queries_of(client, address) for address in ("/cart/", "/checkout/")]
        return [len([sql for sql in page if 'FROM "accounts_provider"' not in sql]) for page in pages]

    fill(1)
    assert costs() == [7, 8]
    fill(20)
    assert costs() == [7, 8]
    assert page_of(client, "/cart/").count("Disk: 10GB") == 21


def disk_of_many(product, code):
    """A value with a very long name."""
    option = product.options.create(code=code, name_pl="n", name_en="n" * 120)
    return OptionValue.objects.create(option=option, code="v", name_pl="v", name_en="v" * 120)


def test_a_thousand_of_them_cost_the_same(client_of, buyer, customer, products, disk):
    client = client_of(buyer)

    def many(count, value):
        for service in many_renewable(customer, products["hosting"], count):
            choose(service, value)

    many(3, disk["10gb"])
    few = queries_of(client, "/renewals/")
    many(60, disk["50gb"])
    assert len(queries_of(client, "/renewals/")) == len(few) <= 8
    assert Service.objects.count() == 63
