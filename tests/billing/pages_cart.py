"""The page of the cart: sums, other periods, out again, and what can no longer be bought."""

from decimal import Decimal

import pytest

from accounts.keys import encrypt
from accounts.models import Customer
from billing import cart
from billing.models import CartItem, OrderLine
from services.models import Price, Product, Service, ServiceGrant
from services.purchasing import Wanted
from tests.billing.shop import many_renewable, page_of, row, sums, words
from tests.crowd import queries_of


def test_an_empty_cart_leads_to_renewals(client_of, buyer):
    page = page_of(client_of(buyer), "/cart/")
    assert "The cart is empty" in page and 'href="/renewals/"' in page and ">Payment</button>" not in page


def test_a_company_sees_net_prices_with_the_tax_on_their_sum(client_of, buyer, filled):
    page = page_of(client_of(buyer), "/cart/")
    assert "PLN 100.00" in row(page, "Hosting Garden") and "PLN 20.00" in row(page, "Office phone")
    assert sums(page) == [["120.00", "27.60", "147.60"]] and "Total (23%)" in page
    assert ">Payment</button>" in page


def test_a_private_person_sees_gross_prices_with_the_tax_inside(client_of, buyer, filled):
    Customer.objects.update(kind="private")
    page = page_of(client_of(buyer), "/cart/")
    assert "PLN 123.00" in row(page, "Hosting Garden") and "PLN 24.60" in row(page, "Office phone")
    assert sums(page) == [["120.00", "27.60", "147.60"]]


def test_every_rate_has_its_sum(client_of, buyer, filled, products):
    Product.objects.filter(pk=products["voip"].pk).update(tax_rate="zw")
    page = page_of(client_of(buyer), "/cart/")
    assert sums(page) == [["100.00", "23.00", "123.00"], ["20.00", "0.00", "20.00"], ["120.00", "23.00", "143.00"]]
    assert "23%" in page and "exempt" in page


def test_another_period_is_kept_and_counted(client_of, buyer, filled, hosting, voip, prices, products):
    longer = Price.objects.create(product=products["hosting"], months=24, net=Decimal(180))
    sent = {f"price-{hosting.pk}": longer.pk, f"price-{voip.pk}": prices["voip"].pk}
    answer = client_of(buyer).post("/cart/change/", sent, follow=True)
    assert answer.redirect_chain == [("/cart/", 302)]
    assert sums(words(answer))[-1] == ["200.00", "46.00", "246.00"]


def test_payment_keeps_the_period_and_goes_on(client_of, buyer, filled, hosting, products):
    longer = Price.objects.create(product=products["hosting"], months=24, net=Decimal(180))
    answer = client_of(buyer).post("/cart/change/", {f"price-{hosting.pk}": longer.pk, "pay": "yes"})
    assert answer["Location"] == "/checkout/"
    assert CartItem.objects.get(service=hosting).price == longer


@pytest.fixture
def two_years(products, prices):
    """A hosting can be bought for two years, too."""
    return Price.objects.create(product=products["hosting"], months=24, net=Decimal(180))


@pytest.fixture
def new_hosting(buyer, products, prices, two_years):
    """A hosting for a year that lies in the cart."""
    return cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"]))


def test_the_period_of_a_new_service_is_chosen_in_the_cart(client_of, buyer, new_hosting, two_years):
    browser = client_of(buyer)
    assert "2 years: PLN 180.00" in page_of(browser, "/cart/")
    answer = browser.post("/cart/change/", {f"period-{new_hosting.pk}": two_years.pk}, follow=True)
    assert sums(words(answer)) == [["180.00", "41.40", "221.40"]]
    assert "has changed since" not in words(answer)


def test_a_period_of_another_product_or_of_a_transfer_is_refused(
    client_of, buyer, administrative, products, prices, new_hosting, two_years
):
    longer = Price.objects.create(product=products["domain"], months=24, net=Decimal(90))
    code = {"domain": "new.example", "origin": "transferred", "authinfo": encrypt("Right-1234")}
    moved = cart.put(buyer.membership, Wanted(products["domain"], prices["domain"], **code))
    two_years_gone = Price.objects.create(product=products["hosting"], months=36, net=1, is_offered=False)
    for item, price in (
        (new_hosting, longer.pk),
        (new_hosting, two_years_gone.pk),
        (new_hosting, "x"),
        (moved, longer.pk),
    ):
        answer = client_of(buyer).post("/cart/change/", {f"period-{item.pk}": price}, follow=True)
        assert "changed meanwhile" in words(answer)
    client_of(administrative).post("/cart/change/", {f"period-{new_hosting.pk}": two_years.pk})
    assert set(CartItem.objects.values_list("price", flat=True)) == {prices["hosting"].pk, prices["domain"].pk}


def test_a_price_that_is_not_offered_changes_nothing(client_of, buyer, filled, hosting, prices):
    sent = {f"price-{hosting.pk}": prices["other"].pk, "pay": "yes"}
    answer = client_of(buyer).post("/cart/change/", sent, follow=True)
    assert answer.redirect_chain == [("/cart/", 302)] and "changed meanwhile" in words(answer)
    assert CartItem.objects.get(service=hosting).price == prices["hosting"]


def test_what_is_not_in_the_cart_does_not_come_in_by_a_change(client_of, buyer, hosting, domain, prices):
    client_of(buyer).post("/cart/change/", {f"price-{domain.pk}": prices["domain"].pk, "price-x": "1"})
    assert not CartItem.objects.exists()


def test_taken_out_it_is_out_and_twice_is_harmless(client_of, buyer, filled, hosting, voip):
    client = client_of(buyer)
    for _ in range(2):
        assert client.post("/cart/remove/", {"service": hosting.pk})["Location"] == "/cart/"
    client.post("/cart/remove/", {"service": "x"})
    assert CartItem.objects.get().service == voip


def test_everybody_has_a_cart_of_their_own(client_of, buyer, administrative, filled, hosting):
    client = client_of(administrative)
    assert "The cart is empty" in page_of(client, "/cart/")
    client.post("/cart/remove/", {"service": hosting.pk})
    assert buyer.membership.cart_items.count() == 2


def test_what_has_ended_is_told_and_not_counted(client_of, buyer, filled, hosting):
    Service.objects.filter(pk=hosting.pk).update(status="ended")
    page = page_of(client_of(buyer), "/cart/")
    assert "It has ended" in row(page.split("Cannot be bought now")[1], "Hosting Garden (garden.example)")
    assert sums(page)[-1] == ["20.00", "4.60", "24.60"]


def test_what_another_ordered_is_told_with_the_way_to_pay(client_of, buyer, administrative, filled, order, hosting):
    administrative.membership.customer = buyer.membership.customer
    receivable = order(administrative, hosting)
    fallen = page_of(client_of(buyer), "/cart/").split("Cannot be bought now")[1]
    assert "Ordered, waiting for payment." in fallen and f"?document={receivable.document_id}" in fallen


def test_a_price_that_is_gone_is_told_and_chosen_again(client_of, buyer, filled, hosting, prices, products):
    Price.objects.filter(pk=prices["hosting"].pk).update(is_offered=False)
    Price.objects.create(product=products["hosting"], months=12, net=Decimal(110))
    page = page_of(client_of(buyer), "/cart/")
    fallen = row(page.split("Cannot be bought now")[1], "Hosting Garden (garden.example)")
    assert "Its price has changed since." in fallen and f'href="/renewals/?service={hosting.pk}"' in fallen
    assert sums(page)[-1] == ["20.00", "4.60", "24.60"]


def test_with_nothing_left_to_buy_there_is_no_payment(client_of, buyer, filled):
    Service.objects.update(status="ended")
    page = page_of(client_of(buyer), "/cart/")
    assert "Cannot be bought now" in page and ">Payment</button>" not in page and "The cart is empty" not in page


def test_what_one_may_see_no_longer_is_not_named(client_of, standard, hosting, prices):
    standard.membership.permissions = ["ordering"]
    standard.membership.save()
    cart.add(standard.membership, hosting, prices["hosting"])
    assert "Hosting Garden" in page_of(client_of(standard), "/cart/")
    ServiceGrant.objects.all().delete()
    assert "Hosting Garden" not in page_of(client_of(standard), "/cart/")


def test_it_costs_the_same_with_a_full_cart(client_of, buyer, customer, products, prices):
    client = client_of(buyer)
    rows = many_renewable(customer, products["hosting"], cart.MOST_ITEMS)
    cart.add_all(buyer.membership, {item.pk: prices["hosting"].pk for item in rows[:10]})
    few = queries_of(client, "/cart/")
    cart.add_all(buyer.membership, {item.pk: prices["hosting"].pk for item in rows[10:]})
    many = queries_of(client, "/cart/")
    assert len(many) == len(few) <= 7
    assert page_of(client, "/cart/").count("No. 0") >= cart.MOST_ITEMS


def test_one_more_than_it_holds_is_refused(buyer, customer, products, prices, voip):
    rows = many_renewable(customer, products["hosting"], cart.MOST_ITEMS)
    cart.add_all(buyer.membership, {item.pk: prices["hosting"].pk for item in rows})
    with pytest.raises(cart.CartFull):
        cart.add(buyer.membership, voip, prices["voip"])
    cart.add(buyer.membership, rows[0], prices["hosting"])
    assert CartItem.objects.count() == cart.MOST_ITEMS


def test_what_is_ordered_cannot_be_added(buyer, hosting, order, prices):
    order(buyer, hosting)
    with pytest.raises(cart.NotForSale):
        cart.add(buyer.membership, hosting, prices["hosting"])
    OrderLine.objects.update(state=OrderLine.State.CANCELLED)
    cart.add(buyer.membership, hosting, prices["hosting"])
