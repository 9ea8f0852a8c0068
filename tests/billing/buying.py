"""A new service from the cart until it runs: ordered, paid, set up, and what stands on the documents."""

from decimal import Decimal

import pytest
from django.utils import timezone, translation

from accounts.keys import decrypt, encrypt
from accounts.models import Customer, Event, Terms, User
from billing import cart, checkout, gateway_reports
from billing.admin.cases import returnable
from billing.models import CartItem, Case, Document, Order, OrderLine, Receivable
from services import by_hand, provisioning
from services.drivers import DriverError, NullDriver
from services.models import Domain, OptionValue, Price, Product, ProductOption, ProvisioningJob, Service
from services.purchasing import Wanted
from tests.billing.shop import page_of, sums, words
from tests.crowd import queries_of
from tests.support.jobs import do_jobs

D = Decimal


@pytest.fixture
def put(prices, products):
    """`put(person, kind, …)` puts a year of the product of that kind into the cart."""

    def put(person, kind="hosting", **fields):
        return cart.put(person.membership, Wanted(products[kind], prices[kind], **fields))

    return put


@pytest.fixture
def form(terms):
    """`form(sum)` is what the page of payment sends when everything was ticked."""
    return lambda agreed, **fields: {"agreed": agreed, "accepted": "on", "terms_shown": terms.pk, **fields}


@pytest.fixture
def buy(client_of, put, form, begin, report):
    """`buy(person, sum, kind, …)` orders the products of these kinds and pays; returns the order."""

    def buy(person, agreed, *kinds, **fields):
        for kind in kinds:
            put(person, kind, **fields)
        answer = client_of(person).post("/checkout/", form(agreed))
        assert answer.status_code == 302, words(answer)
        order = Order.objects.first()
        gateway_reports.apply(report(begin(person, order.proforma.receivable)), gateway="sandbox")
        return order

    return buy


def test_it_is_named_in_the_language_of_whoever_ordered_it(client_of, buyer, put, form, begin, report):
    User.objects.filter(pk=buyer.pk).update(language="pl")
    put(buyer)
    client_of(buyer).post("/checkout/", form("123.00"))
    payment = begin(buyer, Receivable.objects.get())
    with translation.override("en"):  # the worker, which notes the payment, has a language of its own
        gateway_reports.apply(report(payment), gateway="sandbox")
    assert Service.objects.get().name == "Hosting (pl)"


def test_from_the_cart_until_it_runs(client_of, buyer, put, form, begin, report):
    put(buyer)
    client = client_of(buyer)
    page = page_of(client, "/checkout/")
    assert "Hosting, 1 year" in page and "from the day it is set up" in page
    assert sums(page)[-1] == ["100.00", "23.00", "123.00"] and "version 1.0" in page
    assert "set up as soon as it is paid" in page and "run longer" not in page
    answer = client.post("/checkout/", form("123.00"))
    proforma = Document.objects.get()
    assert answer["Location"] == f"/invoices/pay/?document={proforma.pk}"
    order = Order.objects.get()
    assert order.terms.version == "1.0" and order.early_start_asked_at is None
    assert not Service.objects.exists() and not CartItem.objects.exists()
    page = page_of(client, f"/orders/{order.pk}/")
    assert "Waiting for payment" in page and f"?document={proforma.pk}" in page

    payment = begin(buyer, proforma.receivable)
    gateway_reports.apply(report(payment), gateway="sandbox")
    service = Service.objects.get()
    assert (service.status, service.name, service.customer) == ("pending", "Hosting", buyer.membership.customer)
    assert OrderLine.objects.get().service == service
    assert "Being set up" in page_of(client, f"/orders/{order.pk}/")
    page = page_of(client, f"/payments/{payment.token}/")
    assert "Being set up" in page and f'href="/orders/{order.pk}/"' in page

    do_jobs()
    page = page_of(client, f"/orders/{order.pk}/")
    assert "Runs" in page and f'href="/services/{service.pk}/"' in page and "http-equiv" not in page
    service.refresh_from_db()
    assert service.status == "active" and service.ends_on > timezone.localdate()
    assert "Order 1" in page_of(client, "/orders/").replace(f"Order {order.pk}", "Order 1")


def test_the_invoice_names_the_service_and_is_of_the_day_of_payment(buyer, buy, products, prices):
    Price.objects.filter(pk=prices["hosting"].pk).update(setup_net=D(30))
    prices["hosting"].refresh_from_db()
    order = buy(buyer, "159.90", "hosting")
    invoice = Document.objects.get(kind="invoice")
    assert [line.name for line in invoice.lines.all()] == ["Hosting, 1 year", "Hosting, set-up"]
    assert {line.service_id for line in invoice.lines.all()} == {order.lines.get().service_id}
    assert {line.period_from for line in invoice.lines.all()} == {None}
    assert [line.tax_point for line in invoice.lines.all()] == ["period", "one_off"]
    assert (invoice.supplied_on, invoice.period_from) == (timezone.localdate(), None)


def test_a_renewal_beside_it_keeps_its_days(client_of, buyer, hosting, prices, put, form, begin, report):
    cart.add(buyer.membership, hosting, prices["hosting"])
    put(buyer, "voip")
    client_of(buyer).post("/checkout/", form("147.60"))
    gateway_reports.apply(report(begin(buyer, Receivable.objects.get())), gateway="sandbox")
    renewed, bought = Document.objects.get(kind="invoice").lines.all()
    assert (renewed.service_id, bought.service_id) == (hosting.pk, Service.objects.get(name="Phone line").pk)
    assert renewed.period_to and not bought.period_to
    assert set(OrderLine.objects.values_list("state", flat=True)) == {"done"}


def test_options_become_those_of_the_service(buyer, buy, products):
    option = ProductOption.objects.create(product=products["hosting"], code="disk", name_pl="Dysk", name_en="Disk")
    big = OptionValue.objects.create(option=option, code="50", name_pl="50 GB", name_en="50 GB", monthly_net=D(5))
    order = buy(buyer, "196.80", "hosting", values=(big,))
    service = order.lines.get().service
    assert service.options.get().value == big
    assert ProvisioningJob.objects.get().asked["options"] == {"disk": "50"}


def test_a_transfer_hands_its_code_on_and_forgets_it(buyer, buy):
    order = buy(buyer, "61.50", "domain", domain="new.example", origin="transferred", authinfo=encrypt("Secret-1"))
    assert order.lines.get().authinfo == ""
    domain = Domain.objects.get(service__domain="new.example")
    assert decrypt(domain.authinfo) == "Secret-1" and domain.origin == "transferred"


def test_a_cancelled_transfer_forgets_its_code(client_of, buyer, put, form):
    put(buyer, "domain", domain="new.example", origin="transferred", authinfo=encrypt("Secret-1"))
    client_of(buyer).post("/checkout/", form("61.50"))
    assert decrypt(OrderLine.objects.get().authinfo) == "Secret-1"
    client_of(buyer).post(f"/invoices/{Document.objects.get().pk}/cancel/", {"confirmed": "yes"})
    line = OrderLine.objects.get()
    assert (line.state, line.authinfo) == ("cancelled", "")
    assert "Cancelled" in page_of(client_of(buyer), f"/orders/{line.order_id}/")


def test_paid_twice_makes_one_service(buyer, buy, begin, report):
    buy(buyer, "123.00", "hosting")
    payment = Receivable.objects.get().parts.get().payment
    gateway_reports.apply(report(payment), gateway="sandbox")
    assert Service.objects.count() == ProvisioningJob.objects.count() == 1


def test_what_cannot_be_made_any_more_goes_to_staff(client_of, buyer, put, form, begin, report, products):
    option = ProductOption.objects.create(product=products["hosting"], code="disk", name_pl="Dysk", name_en="Disk")
    value = OptionValue.objects.create(option=option, code="50", name_pl="50 GB", name_en="50 GB")
    Product.objects.filter(code="hosting").update(stock=1)
    put(buyer, values=(value,))
    client_of(buyer).post("/checkout/", form("123.00"))
    option.delete()
    payment = begin(buyer, Receivable.objects.get())
    gateway_reports.apply(report(payment), gateway="sandbox")
    line = OrderLine.objects.get()
    assert (line.state, Receivable.objects.get().state) == ("failed", "paid")
    assert Case.objects.get().reason == "not_delivered" and not Service.objects.exists()
    assert Product.objects.get(code="hosting").stock == 1
    page = page_of(client_of(buyer), f"/orders/{line.order_id}/")
    assert "Our support is looking into it" in page
    page = page_of(client_of(buyer), f"/payments/{payment.token}/")
    assert "We could not do by ourselves:" in page and "Hosting" in page


def test_a_server_that_refuses_is_told_truly(client_of, buyer, buy, monkeypatch):
    def refuse(self, job):
        raise DriverError("no", permanent=True)

    monkeypatch.setattr(NullDriver, "perform", refuse)
    order = buy(buyer, "123.00", "hosting")
    do_jobs()
    page = page_of(client_of(buyer), f"/orders/{order.pk}/")
    assert "Our support is looking into it" in page and "Runs" not in page


# What must be agreed to


@pytest.mark.parametrize(
    ("left_out", "told"),
    [({"accepted": ""}, "Without accepting the terms"), ({"terms_shown": ""}, "The terms have changed")],
    ids=["not accepted", "not shown"],
)
def test_the_terms_must_be_accepted(client_of, buyer, put, form, left_out, told):
    put(buyer)
    answer = client_of(buyer).post("/checkout/", form("123.00", **left_out))
    assert told in words(answer)
    assert not Order.objects.exists() and CartItem.objects.exists()


def test_newer_terms_are_accepted_anew(client_of, buyer, put, form):
    put(buyer)
    Terms.objects.create(version="2.0", text_pl="Nowy.", text_en="New.")
    assert "The terms have changed" in words(client_of(buyer).post("/checkout/", form("123.00")))
    assert not Order.objects.exists()


def test_a_private_person_asks_for_the_start_at_once(client_of, buyer, put, form):
    Customer.objects.update(kind="private", tax_id="")
    put(buyer)
    client = client_of(buyer)
    page = page_of(client, "/checkout/")
    assert "before the 14 days" in page
    assert "checked" not in page.split('name="early_start"')[1].split(">")[0]
    assert "Tick this if you agree" in words(client.post("/checkout/", form("123.00")))
    assert not Order.objects.exists()
    client.post("/checkout/", form("123.00", early_start="on"))
    order = Order.objects.get()
    assert order.early_start_asked_at == order.placed_at


def test_a_company_is_not_asked(client_of, buyer, put):
    put(buyer)
    assert "before the 14 days" not in page_of(client_of(buyer), "/checkout/")


def test_the_verb_itself_wants_both(buyer, put, terms):
    put(buyer)
    membership = buyer.membership
    with pytest.raises(checkout.NotAgreed):
        checkout.place(membership, agreed=D("123.00"), by=buyer)
    membership.customer.kind = "private"
    with pytest.raises(checkout.NotAgreed):
        checkout.place(membership, agreed=D("123.00"), terms=terms, by=buyer)
    checkout.place(membership, agreed=D("123.00"), terms=terms, early_start=True, by=buyer)


# What must not go through


@pytest.mark.parametrize("agreed", ["0", "0.01", "-123.00", "122.99", "9" * 30, "NaN", "x", ""])
def test_a_forged_sum_orders_nothing(client_of, buyer, put, form, agreed):
    put(buyer)
    answer = client_of(buyer).post("/checkout/", form(agreed))
    assert answer.status_code == 200 and 'role="alert"' in words(answer)
    assert not Order.objects.exists() and CartItem.objects.exists()


def test_a_price_that_changed_between_cart_and_checkout(client_of, buyer, put, form, prices):
    put(buyer)
    Price.objects.filter(pk=prices["hosting"].pk).update(net=D(110))
    page = words(client_of(buyer).post("/checkout/", form("123.00")))
    assert "The sum has changed" in page and 'name="agreed" value="135.30"' in page
    assert not Order.objects.exists() and CartItem.objects.exists()


def test_a_product_taken_off_between_cart_and_checkout(client_of, buyer, put, form):
    put(buyer), put(buyer, "voip")
    Product.objects.filter(code="hosting").update(is_offered=False)
    page = words(client_of(buyer).post("/checkout/", form("147.60")))
    assert "The sum has changed" in page and 'name="agreed" value="24.60"' in page
    assert CartItem.objects.count() == 2


def test_the_last_piece_goes_to_one_and_comes_back_with_the_order(client_of, buyer, stranger, put, form):
    Product.objects.filter(code="hosting").update(stock=1)
    product = Product.objects.get(code="hosting")
    for person in (buyer, stranger):
        price = product.prices.get()
        cart.put(person.membership, Wanted(product, price))
    client_of(buyer).post("/checkout/", form("123.00"))
    product.refresh_from_db()
    assert product.stock == 0 and OrderLine.objects.get().took_piece
    assert "It is sold out." in page_of(client_of(stranger), "/cart/")
    for _time in range(2):
        checkout.cancel(Receivable.objects.get(), by=buyer)
    product.refresh_from_db()
    assert product.stock == 1
    assert "It is sold out." not in page_of(client_of(stranger), "/cart/")


def test_more_than_there_is_is_said(client_of, buyer, put, form):
    Product.objects.filter(code="hosting").update(stock=1)
    put(buyer), put(buyer)
    page = words(client_of(buyer).post("/checkout/", form("246.00")))
    assert "Hosting is sold out." in page
    assert not Order.objects.exists() and Product.objects.get(code="hosting").stock == 1


# What costs nothing


@pytest.fixture
def free(products):
    return Price.objects.create(product=products["other"], months=1, net=D(0))


def test_what_costs_nothing_is_done_at_once(client_of, buyer, put, form, prices, free, products):
    cart.put(buyer.membership, Wanted(products["other"], free))
    page = words(client_of(buyer).get("/cart/"))
    assert "Without an end" in page and "1 month" not in page
    client = client_of(buyer)
    page = page_of(client, "/checkout/")
    assert "Order for nothing</button>" in page and "obligation to pay</button>" not in page
    answer = client.post("/checkout/", form("0.00"))
    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.pk}/" and order.is_free
    assert "Without an end" in page_of(client, answer["Location"])
    assert not Document.objects.exists()
    assert Event.objects.filter(action="free_order_placed").exists()
    do_jobs()
    service = Service.objects.get()
    assert (service.status, service.ends_on) == ("active", None)
    assert "Runs" in page_of(client, f"/orders/{order.pk}/")


def test_once_for_everybody(client_of, buyer, administrative, form, free, products):
    for person in (buyer, administrative):
        cart.put(person.membership, Wanted(products["other"], free))
        answer = client_of(person).post("/checkout/", form("0.00"))
    assert "everybody has it once at most" in words(answer)
    assert Order.objects.count() == Service.objects.count() == 1
    Service.objects.update(status="ended")
    client_of(administrative).post("/checkout/", form("0.00"))
    assert Order.objects.count() == 2


def test_many_unpaid_orders_hold_what_costs_nothing_once(client_of, buyer, put, form, prices, free, products):
    """Each with something cheap beside it: paid one after the other they would all be had."""
    client = client_of(buyer)
    for _time in range(2):
        put(buyer, "voip")
        cart.put(buyer.membership, Wanted(products["other"], free))
        answer = client.post("/checkout/", form("24.60"))
    assert "everybody has it once at most" in words(answer) and Order.objects.count() == 1
    checkout.cancel(Receivable.objects.get(), by=buyer)
    client.post("/checkout/", form("24.60"))
    assert Order.objects.count() == 2


def test_without_an_address_what_costs_nothing_can_be_had(client_of, buyer, form, free, products):
    Customer.objects.update(street="")
    cart.put(buyer.membership, Wanted(products["other"], free))
    assert "Other, without an end" in page_of(client_of(buyer), "/checkout/")
    client_of(buyer).post("/checkout/", form("0.00"))
    assert Order.objects.get().is_free


# Who may


def test_a_standard_sub_user_gets_what_they_ordered(buyer, renewer, buy, client_of):
    order = buy(renewer, "24.60", "voip")
    service = order.lines.get().service
    assert service in Service.objects.visible_to(renewer.membership)
    do_jobs()
    assert f'href="/services/{service.pk}/"' in page_of(client_of(renewer), f"/orders/{order.pk}/")


def test_everybody_sees_the_orders_that_are_theirs_to_see(buyer, renewer, stranger, standard_without, buy, client_of):
    own, others = buy(renewer, "24.60", "voip"), buy(buyer, "123.00", "hosting")
    assert client_of(renewer).get(f"/orders/{own.pk}/").status_code == 200
    assert client_of(renewer).get(f"/orders/{others.pk}/").status_code == 404
    assert client_of(stranger).get(f"/orders/{own.pk}/").status_code == 404
    assert client_of(standard_without).get(f"/orders/{own.pk}/").status_code == 403
    assert f"/orders/{others.pk}/" not in page_of(client_of(renewer), "/orders/")
    assert f"/orders/{own.pk}/" in page_of(client_of(buyer), "/orders/")


def test_there_are_no_orders_yet(client_of, buyer):
    assert "No orders yet" in page_of(client_of(buyer), "/orders/")


def test_the_pages_of_orders_cost_the_same_with_many(client_of, buyer, put, products, prices, terms, hosting):
    client = client_of(buyer)

    def fill(count):
        for _time in range(count):
            put(buyer), put(buyer, "voip")
            order = checkout.place(buyer.membership, agreed=D("147.60"), by=buyer, terms=terms)
            order.lines.filter(product=products["hosting"]).update(service=hosting, state="done")
        return order

    def costs():
        # The brand, which is kept, is asked for once in a while.
        pages = [queries_of(client, address) for address in ("/orders/", f"/orders/{order.pk}/")]
        return [len([sql for sql in page if 'FROM "accounts_provider"' not in sql]) for page in pages]

    order = fill(2)
    assert costs() == [7, 9]
    fill(30)
    for position in range(10, 30):
        OrderLine.objects.create(
            order=order, position=position, act="purchase", product=products["other"], price=prices["other"], months=12
        )
    assert costs() == [7, 9]
    assert page_of(client, "/orders/").count("/orders/") > 25 and "after=" in page_of(client, "/orders/")


def test_the_checkout_costs_the_same_with_a_full_cart(client_of, buyer, put):
    put(buyer)
    client = client_of(buyer)
    few = len(queries_of(client, "/checkout/"))
    for _time in range(20):
        put(buyer, "voip"), put(buyer, "other")
    assert len(queries_of(client, "/checkout/")) == few <= 8


@pytest.mark.parametrize("key", ["0", "9" * 19, "9" * 40])
def test_keys_that_are_nobodys(client_of, buyer, put, key):
    put(buyer)
    client = client_of(buyer)
    assert client.get(f"/orders/{key}/").status_code == 404
    for nonsense in (key, f"-{key}", "x", "\x00", "1.5"):
        assert client.post("/cart/remove/", {"item": nonsense})["Location"] == "/cart/"
    assert CartItem.objects.count() == 1


def test_what_was_ordered_in_another_tab_is_not_ordered_again(client_of, buyer, put, form):
    put(buyer)
    client = client_of(buyer)
    answers = [client.post("/checkout/", form("123.00"))["Location"] for _time in range(2)]
    assert answers[1] == "/cart/" and Order.objects.count() == 1


def test_what_came_into_the_cart_meanwhile_is_not_ordered_unseen(client_of, buyer, hosting, prices, put, form):
    """The page was made for a renewal, which asks for no terms; then another tab put something new in."""
    cart.add(buyer.membership, hosting, prices["hosting"])
    client = client_of(buyer)
    put(buyer, "voip")
    assert client.post("/checkout/", {"agreed": "123.00"}).status_code == 200
    assert not Order.objects.exists() and CartItem.objects.count() == 2


def test_what_staff_give_up_waits_to_be_paid_back(administrator, buyer, buy):
    """The service never runs; the money goes back from the case, which is opened once."""
    order = buy(buyer, "123.00", "hosting")
    job = ProvisioningJob.objects.get()
    provisioning.fail(job, "no room", permanent=True)
    for _n in range(2):
        by_hand.give_up(job, "No room.", by=administrator)
    do_jobs()
    case = Case.objects.get(closed_at=None)
    assert (case.reason, case.document, returnable(case)) == ("not_delivered", order.proforma, D("123.00"))
    assert Service.objects.get().status == "ended"
    assert ProvisioningJob.objects.get(act="terminate").state == "done"
