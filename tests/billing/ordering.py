"""From the cart to the proforma: only what one may buy, at the price one has seen, to a buyer that can be invoiced."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import ANY

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Event
from billing import bank, cart, checkout, gateway_reports, parties, quotes, refunds, settlement
from billing.models import CartItem, Case, Document, Order, OrderLine, Receivable
from services.models import Extension, Price, Product, Service, ServiceGrant
from tests.cast import service as make_service

D = Decimal


@pytest.fixture
def fill():
    """`fill(person, service, …)` puts a year of each into the cart; returns what it costs."""

    def fill(person, *services):
        for service in services:
            cart.add(person.membership, service, service.product.prices.get(is_offered=True))
        return cost(person)

    return fill


def cost(person):
    found = cart.items(person.membership)
    return cart.quote(person.membership, found).gross if found else D(0)


def place(person, agreed):
    return checkout.place(person.membership, agreed=agreed, by=person).proforma


def test_an_order_empties_the_cart_and_asks_for_payment(buyer, hosting, voip, fill):
    proforma = place(buyer, fill(buyer, hosting, voip))
    receivable = Receivable.objects.get(document=proforma)
    assert (receivable.amount, receivable.state) == (D("147.60"), "open")
    assert receivable.due_on == timezone.localdate() + timedelta(days=7)
    assert not buyer.membership.cart_items.exists()
    assert list(proforma.lines.values_list("position", "amount")) == [(1, D("100.00")), (2, D("20.00"))]
    told = Event.objects.get(action="order_placed")
    assert (told.by_id, told.details) == (buyer.pk, {"document": proforma.number, "amount": "147.60 PLN"})


def test_an_empty_cart_is_no_order(buyer):
    with pytest.raises(checkout.EmptyCart):
        place(buyer, D(0))
    assert not Order.objects.exists()


def test_a_price_that_changed_asks_again(buyer, hosting, prices, fill):
    agreed = fill(buyer, hosting)
    Price.objects.filter(pk=prices["hosting"].pk).update(net=D("101.00"))
    with pytest.raises(checkout.PriceChanged):
        place(buyer, agreed)
    assert (Order.objects.count(), Document.objects.count(), buyer.membership.cart_items.count()) == (0, 0, 1)
    assert place(buyer, cost(buyer)).gross == D("124.23")


def test_without_the_agreed_sum_the_new_price_would_be_charged(buyer, hosting, prices, fill):
    """The negative control."""
    agreed = fill(buyer, hosting)
    Price.objects.filter(pk=prices["hosting"].pk).update(net=D("101.00"))
    place(buyer, ANY)
    assert Receivable.objects.get().amount != agreed


def test_a_price_that_is_no_longer_offered_is_not_charged(buyer, hosting, prices, fill):
    agreed = fill(buyer, hosting)
    Price.objects.filter(pk=prices["hosting"].pk).update(is_offered=False)
    with pytest.raises(checkout.EmptyCart):
        place(buyer, agreed)


def test_what_costs_nothing_is_not_sold(buyer, hosting, prices):
    free = Price.objects.create(product=hosting.product, months=1, net=D(0))
    with pytest.raises(cart.NotForSale):
        cart.add(buyer.membership, hosting, free)


def test_an_own_price_of_nothing_is_not_replaced_by_the_list(buyer, hosting, prices):
    hosting.price = Price.objects.create(product=hosting.product, months=12, net=D(0), is_offered=False)
    hosting.save()
    with pytest.raises(cart.NotForSale):
        cart.add(buyer.membership, hosting, prices["hosting"])


def test_a_free_order_could_not_be_owed(buyer, hosting, prices):
    """The negative control: nothing can be owed for nothing, says the database."""
    free = Price.objects.create(product=hosting.product, months=1, net=D(0))
    order = Order.objects.create(customer=buyer.membership.customer, placed_by=buyer)
    quote = quotes.of(order.customer, [CartItem(service=hosting, price=free)])
    with pytest.raises(IntegrityError):
        checkout.ask_for_payment(order, quote, by=buyer, at=None)


@pytest.mark.parametrize("fields", [{"status": "ended"}, {"status": "pending"}, {"ends_on": None}], ids=str)
def test_what_cannot_be_renewed_is_not_sold(buyer, hosting, fill, fields):
    Service.objects.filter(pk=hosting.pk).update(**fields)
    with pytest.raises(cart.NotForSale):
        fill(buyer, hosting)


def test_a_service_that_ended_in_the_cart_is_passed_over(buyer, hosting, voip, fill):
    agreed = fill(buyer, hosting, voip)
    Service.objects.filter(pk=voip.pk).update(status="ended")
    with pytest.raises(checkout.PriceChanged):
        place(buyer, agreed)
    assert place(buyer, cost(buyer)).gross == D("123.00")


def test_a_service_of_another_customer(buyer, stranger, fill):
    with pytest.raises(cart.NotForSale):
        fill(buyer, stranger.service)


def test_a_standard_sub_user_buys_what_they_see(standard, company, hosting, voip, prices, fill):
    with pytest.raises(cart.NotForSale):
        fill(standard, voip)
    agreed = fill(standard, hosting)
    ServiceGrant.objects.all().delete()
    with pytest.raises(checkout.EmptyCart):
        place(standard, agreed)
    ServiceGrant.objects.create(membership=standard.membership, service=hosting)
    assert place(standard, agreed).order.placed_by == standard


def test_a_price_of_another_product(buyer, hosting, prices):
    with pytest.raises(cart.NotForSale):
        cart.add(buyer.membership, hosting, prices["voip"])


def test_what_is_ordered_is_not_ordered_again_until_it_is_cancelled_or_paid(
    buyer, administrative, hosting, fill, begin, report
):
    agreed = fill(administrative, hosting)
    receivable = place(buyer, fill(buyer, hosting)).receivable
    with pytest.raises(checkout.EmptyCart):
        place(administrative, agreed)
    with pytest.raises(cart.NotForSale):
        fill(buyer, hosting)
    checkout.cancel(receivable, by=buyer)
    second = place(administrative, agreed).receivable
    gateway_reports.apply(report(begin(buyer, second)), gateway="sandbox")
    assert fill(buyer, hosting) == agreed


def test_a_cart_holds_so_many(buyer, hosting, voip, domain, prices, fill, monkeypatch):
    monkeypatch.setattr(cart.base, "MOST_ITEMS", 2)
    fill(buyer, hosting, voip)
    with pytest.raises(cart.CartFull):
        fill(buyer, domain)
    fill(buyer, hosting)
    assert buyer.membership.cart_items.count() == 2


@pytest.mark.parametrize("lacking", ["name", "street", "postal_code", "city", "tax_id"])
def test_a_buyer_who_is_not_complete(buyer, hosting, fill, lacking):
    agreed = fill(buyer, hosting)
    setattr(buyer.membership.customer, lacking, "")
    with pytest.raises(parties.BuyerIncomplete):
        place(buyer, agreed)
    assert not Document.objects.exists()


def test_a_buyer_abroad_is_refused_with_a_word(buyer, hosting, fill):
    agreed = fill(buyer, hosting)
    buyer.membership.customer.country = "DE"
    with pytest.raises(parties.BuyerNotServed, match="outside Poland"):
        place(buyer, agreed)


def test_a_cancelled_order_can_be_ordered_anew_and_a_paid_one_not_cancelled(buyer, hosting, order, begin, report):
    first = order(buyer, hosting)
    assert [checkout.cancel(first, by=buyer) for _ in range(2)] == [True, True]
    assert Event.objects.filter(action="order_cancelled").count() == 1
    second = order(buyer, hosting)
    gateway_reports.apply(report(begin(buyer, second)), gateway="sandbox")
    assert checkout.cancel(second, by=buyer) is False
    assert list(OrderLine.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "done"]


def test_words_are_in_the_language_of_who_orders(buyer, hosting, order):
    buyer.language = "pl"
    document = order(buyer, hosting).document
    assert document.language == "pl"
    assert document.lines.get().name == "Hosting (pl) (garden.example), odnowienie na 1 rok"


def test_a_payment_is_taken_up_again_until_its_page_is_stale(buyer, hosting, order, begin):
    receivable = order(buyer, hosting)
    first = begin(buyer, receivable)
    assert begin(buyer, receivable) == first
    first.started_at -= timedelta(hours=2)
    first.save()
    assert begin(buyer, receivable) != first


def test_a_service_that_ended_while_it_was_paid(buyer, hosting, voip, order, begin, report):
    """Paid money stays paid and invoiced; what could not be done is told."""
    receivable = order(buyer, hosting, voip)
    payment = begin(buyer, receivable)
    Service.objects.filter(pk=hosting.pk).update(status="ended")
    gateway_reports.apply(report(payment), gateway="sandbox")
    receivable.refresh_from_db()
    assert (receivable.state, Extension.objects.count()) == ("paid", 1)
    assert list(OrderLine.objects.values_list("state", flat=True)) == ["failed", "done"]
    assert Case.objects.get().reason == "not_delivered"
    assert Document.objects.get(kind="invoice").gross == D("147.60")


def test_days_that_were_paid_for_before_do_not_stop_a_payment(buyer, hosting, order, begin, report):
    """An end that staff moved back: the money stays, staff hear of it. Without the look it would be lost."""
    before = hosting.ends_on
    gateway_reports.apply(report(begin(buyer, order(buyer, hosting))), gateway="sandbox")
    receivable = order(buyer, hosting)
    payment = begin(buyer, receivable)
    Service.objects.filter(pk=hosting.pk).update(ends_on=before)
    gateway_reports.apply(report(payment), gateway="sandbox")
    receivable.refresh_from_db()
    assert (receivable.state, Case.objects.get().reason) == ("paid", "not_delivered")


def test_part_of_a_payment_for_what_was_paid_meanwhile(buyer, hosting, voip, order, begin, report, administrator):
    first, second = order(buyer, hosting), order(buyer, voip)
    payment = begin(buyer, first, second)
    bank.received([second], amount=second.amount, statement_line="1", by=administrator)
    gateway_reports.apply(report(payment), gateway="sandbox")
    first.refresh_from_db(), payment.refresh_from_db()
    assert (first.state, Document.objects.filter(kind="invoice").count()) == ("paid", 2)
    case = Case.objects.get()
    assert (case.reason, case.details["amount"], case.details["documents"]) == (
        "paid_already",
        "24.60",
        [second.document.number],
    )
    assert refunds.request(payment, D("24.60"), way="wallet", reason="Nadpłata", by=administrator).state == "done"


def test_services_of_one_payment_are_locked_before_the_first_is_extended(
    buyer, hosting, voip, order, begin, report, monkeypatch
):
    locked = []
    lock = settlement.locked
    monkeypatch.setattr(settlement, "locked", lambda rows: locked.append(lock(rows)) or locked[-1])
    gateway_reports.apply(report(begin(buyer, order(buyer, voip), order(buyer, hosting))), gateway="sandbox")
    assert locked[1] == sorted([hosting, voip], key=lambda service: service.pk)


def test_a_product_of_many_rates_and_units(buyer, company, products, prices, fill):
    product = products["other"]
    Product.objects.filter(pk=product.pk).update(tax_rate="8", unit="godz.", pkwiu="63.11", gtu="GTU_12")
    product.refresh_from_db()
    service = make_service(company, product, "Care")
    line = place(buyer, fill(buyer, service)).lines.get()
    assert (line.tax_rate, line.unit, line.pkwiu, line.gtu) == ("8", "godz.", "63.11", "GTU_12")
    assert quotes.of(company, [CartItem(service=service, price=prices["other"])]).vat == D("6.50")
