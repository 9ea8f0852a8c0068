"""A domain name from the field in which it is looked for until the registry has it: bought, moved, refused."""

from decimal import Decimal

import pytest

from accounts.models import BackgroundTask, Customer, Event, Outbox
from billing import checkout, gateway_reports, review
from billing.models import CartItem, Case, Document, Order, OrderLine, Payment
from services.models import Domain, Price, Product, ProvisioningJob, RegistryName, Service
from tests.billing.shop import page_of, words
from tests.support.jobs import do_jobs

AUTHINFO = "Right-1234"


@pytest.fixture
def sold(provider):
    """Names under .pl for 50 PLN a year."""
    product = Product.objects.create(
        provider=provider, code="names-pl", kind="domain", suffix="pl", name_pl="Domena", name_en="Domain .pl"
    )
    Price.objects.create(product=product, months=12, net=Decimal(50))
    return product


@pytest.fixture
def away(db):
    """A name that another registrar keeps."""
    row = RegistryName(name="moved.pl")
    row.authinfo = AUTHINFO
    row.save()
    return row


@pytest.fixture
def pay(client_of, terms, begin, report):
    """`pay(person)` orders what lies in the cart and pays for it; returns the order."""

    def pay(person):
        form = {"agreed": "61.50", "accepted": "on", "terms_shown": terms.pk}
        answer = client_of(person).post("/checkout/", form)
        assert answer.status_code == 302, words(answer)
        order = Order.objects.first()
        gateway_reports.apply(report(begin(person, order.proforma.receivable)), gateway="sandbox")
        return order

    return pay


def everything():
    """Every row in which a code might be left in plain words."""
    models = (CartItem, OrderLine, Domain, ProvisioningJob, RegistryName, Event, Outbox, BackgroundTask, Service, Case)
    return str([list(model.objects.values()) for model in models])


def test_a_name_is_looked_for_bought_paid_and_registered(client_of, buyer, sold, pay):
    client = client_of(buyer)
    assert "PLN 50.00" in words(client.get("/order/domain/", {"name": "żółw.pl"}))
    assert client.post("/order/domain/register/", {"name": "żółw.pl"})["Location"] == "/cart/"
    assert "Domain .pl (registration)" in page_of(client, "/cart/")
    order = pay(buyer)
    assert not RegistryName.objects.exists()
    assert "Registered with us" in words(client.get("/order/domain/", {"name": "żółw.pl"}))
    do_jobs()
    service = Service.objects.get()
    assert (service.name, service.domain, service.status) == ("żółw.pl", "żółw.pl", "active")
    assert (service.registration.origin, RegistryName.objects.get().name) == ("registered", "xn--w-uga1v8h.pl")
    assert Document.objects.get(kind="invoice").lines.get().name == "Domain .pl (żółw.pl), registration for 1 year"
    assert f'href="/services/{service.pk}/"' in page_of(client, f"/orders/{order.pk}/")
    assert "żółw.pl" in page_of(client, "/domains/")


def test_a_name_is_moved_and_its_code_is_erased_on_the_way(client_of, buyer, sold, away, pay):
    client_of(buyer).post("/order/domain/transfer/", {"name": "moved.pl", "authinfo": AUTHINFO})
    assert CartItem.objects.get().authinfo
    pay(buyer)
    assert not CartItem.objects.exists() and OrderLine.objects.get().authinfo == "" and Domain.objects.get().authinfo
    do_jobs()
    service = Service.objects.get()
    assert (service.status, service.registration.origin) == ("active", "transferred")
    assert RegistryName.objects.get().holder == f"service:{service.pk}"
    assert Domain.objects.get().authinfo == "" and AUTHINFO not in everything()


def test_a_wrong_code_is_told_asked_for_again_and_then_right(client_of, buyer, sold, away, pay, mailbox):
    client = client_of(buyer)
    client.post("/order/domain/transfer/", {"name": "moved.pl", "authinfo": "Wrong-1234"})
    pay(buyer)
    do_jobs()
    service = Service.objects.get()
    assert (service.status, Case.objects.get().closed_at) == ("pending", None)
    [mail] = [mail for mail in mailbox("anna@example.com") if "was refused" in mail.subject]
    assert f"/services/{service.pk}/transfer/" in mail.body and "You pay nothing more" in mail.body
    client.post(f"/services/{service.pk}/transfer/", {"authinfo": AUTHINFO})
    do_jobs()
    service.refresh_from_db()
    assert service.status == "active" and Case.objects.get().closed_at and "Wrong-1234" not in everything()


def test_a_name_that_was_taken_while_it_was_paid_goes_to_staff(client_of, buyer, sold, pay):
    client_of(buyer).post("/order/domain/register/", {"name": "late.pl"})
    RegistryName.objects.create(name="late.pl")
    pay(buyer)
    do_jobs()
    assert Service.objects.get().status == "pending"
    assert Case.objects.get().details["error"] == "the name is taken"


def test_a_sub_user_who_ordered_a_name_sees_it(client_of, standard, buyer, sold, pay):
    standard.membership.permissions = ["ordering"]
    standard.membership.save()
    client = client_of(standard)
    client.post("/order/domain/register/", {"name": "garden.pl"})
    pay(standard)
    do_jobs()
    service = Service.objects.get(domain="garden.pl")
    assert page_of(client, f"/services/{service.pk}/name-servers/")
    assert client.get(f"/services/{service.pk}/authinfo/").status_code == 403


# One name, ordered twice


def ordered(client, terms, name="garden.pl"):
    """The order of a name that was looked for and put into the cart."""
    assert client.post("/order/domain/register/", {"name": name})["Location"] == "/cart/"
    answer = client.post("/checkout/", {"agreed": "61.50", "accepted": "on", "terms_shown": terms.pk})
    assert answer.status_code == 302, words(answer)
    return Order.objects.first()


def paid(begin, report, person, order):
    gateway_reports.apply(report(begin(person, order.proforma.receivable)), gateway="sandbox")


def test_a_name_that_waits_for_payment_is_not_ordered_once_more(client_of, buyer, administrative, sold, terms):
    order = ordered(client_of(buyer), terms)
    client = client_of(administrative)
    client.post("/order/domain/register/", {"name": "garden.pl"})
    page = page_of(client, "/cart/")
    assert "Ordered, waiting for payment." in page and f"?document={order.proforma.pk}" in page
    client.post("/checkout/", {"agreed": "61.50", "accepted": "on", "terms_shown": terms.pk})
    assert Order.objects.count() == 1
    checkout.cancel(order.proforma.receivable, by=buyer)
    assert "Ordered, waiting for payment." not in page_of(client, "/cart/")


@pytest.fixture
def neighbour(stranger):
    """Somebody of another customer who can be invoiced."""
    address = {"street": "ul. Polna 2", "postal_code": "00-001", "city": "Warszawa", "kind": "private"}
    Customer.objects.filter(pk=stranger.membership.customer_id).update(**address)
    stranger.membership.customer.refresh_from_db()
    return stranger


@pytest.fixture
def two_orders(client_of, buyer, neighbour, sold, terms):
    """Of two customers for one name, none of them paid."""
    first = ordered(client_of(buyer), terms)
    client = client_of(neighbour)
    client.post("/order/domain/register/", {"name": "garden.pl"})
    form = {"agreed": "61.50", "accepted": "on", "terms_shown": terms.pk, "early_start": "on"}
    assert client.post("/checkout/", form).status_code == 302
    return first, Order.objects.first()


def test_who_pays_first_gets_the_name_and_the_other_is_not_asked_for_money(
    client_of, buyer, neighbour, two_orders, begin, report
):
    first, second = two_orders
    client = client_of(neighbour)
    paid(begin, report, buyer, first)
    page = words(client.post("/invoices/pay/", {"document": second.proforma.pk, "way": "sandbox"}))
    assert "It was registered here by somebody else meanwhile: garden.pl." in page
    assert Payment.objects.count() == 1
    client.post("/order/domain/register/", {"name": "other.pl"})
    CartItem.objects.update(domain="garden.pl")
    assert "It is registered with us already." in page_of(client, "/cart/")


def test_money_that_comes_too_late_for_a_name_goes_to_staff(buyer, neighbour, two_orders, begin, report):
    first, second = two_orders
    late = begin(neighbour, second.proforma.receivable)
    paid(begin, report, buyer, first)
    gateway_reports.apply(report(late), gateway="sandbox")
    assert second.lines.get().state == "failed" and Service.objects.filter(domain="garden.pl").count() == 1
    case = Case.objects.get()
    assert (case.reason, case.payment_id) == ("not_delivered", late.pk)
    assert list(review.findings()) == []
