"""Customers and outsiders who try what nobody should: odd words, floods of orders, and stale pages."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Contact, Outbox
from billing import bank, cart, checkout, gateway_reports, gateways, limits, payments, wallet
from billing.models import CartItem, Case, Document, Order, Payment
from services.models import Service
from tests.billing.administration import words


@pytest.mark.parametrize(
    "path",
    [
        "/payments/%00/",
        "/payments/a%00b/",
        "/invoices/99999999999999999999999/",
        "/invoices/9223372036854775808/pdf/",
        "/invoices/?q=%00",
        "/invoices/?after=%00-1",
        "/invoices/?after=99999999999999999-99999999999999999",
        "/wallet/?after=99999999999999999-99999999999999999",
        "/invoices/?since=0000-00-00&until=9999-99-99",
        "/invoices/?since=0001-01-01&until=9999-12-31",
        "/invoices/pay/?document=999999999999999999",
        "/invoices/pay/?document=%00",
        "/renewals/?service=999999999999999999&page=99999999999999999999999",
        "/renewals/?q=%00&kind=%00&ends=%00",
        "/payments/x/?n=%00",
        "/invoices/?q=%25_%5C",
        "/renewals/?page=-1",
        "/renewals/?page=%D9%A3",
        "/renewals/?service=%D9%A3",
    ],
)
def test_odd_addresses(client_of, buyer, hosting, path):
    assert client_of(buyer).get(path).status_code in (200, 302, 400, 404)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/cart/add/", {"service": ["1", "1", "\x00", "٣"], "price-1": ["\x00", "9" * 30]}),
        ("/cart/change/", {"price-": "1", "price-\x00": "1", "price-1": "999999999999999999", "period-1": "9" * 30}),
        ("/cart/remove/", {"service": "\x00"}),
        ("/checkout/", {"agreed": "NaN"}),
        ("/checkout/", {"agreed": "1e999999"}),
        ("/checkout/", {"agreed": "\x00"}),
        ("/checkout/", {}),
        ("/invoices/pay/", {"document": ["1", "\x00"], "way": "\x00"}),
        ("/wallet/top-up/", {"amount": "\x00", "way": "\x00"}),
        ("/wallet/top-up/", {"amount": "1e3", "way": "transfer"}),
        ("/wallet/top-up/", {"amount": "٣٠", "way": "transfer"}),
        ("/wallet/top-up/", {"amount": "-5", "way": "transfer"}),
        ("/wallet/top-up/", {"amount": "99999999999999999999999999999", "way": "wallet"}),
        ("/wallet/threshold/", {"threshold": "9" * 29}),
        ("/wallet/threshold/", {"threshold": "\x00"}),
        ("/checkout/buyer/", {"name": "\x00"}),
        ("/notify/sandbox/", {"a": "\x00"}),
        ("/notify/transfer/", {}),
        ("/notify/wallet/", {}),
        ("/notify/x/", {}),
    ],
)
def test_odd_forms(client_of, buyer, hosting, path, data):
    assert client_of(buyer).post(path, data).status_code in (200, 302, 400, 404)


def test_a_flood_of_orders_is_no_flood_of_mails(client_of, buyer, hosting, prices, monkeypatch):
    browser = client_of(buyer)
    monkeypatch.setattr(limits, "ORDERS_PLACED", replace(limits.ORDERS_PLACED, most=2))
    for _n in range(3):
        cart.add(buyer.membership, hosting, prices["hosting"])
        answer = browser.post("/checkout/", {"agreed": "123.00"}, follow=True)
        for document in Document.objects.filter(receivable__state="open"):
            checkout.cancel(document.receivable, by=buyer)
    assert "a great many orders" in words(answer)
    assert Order.objects.count() == 2


def test_the_warning_about_a_low_balance_cannot_be_made_a_flood(client_of, buyer):
    Contact.objects.create(
        customer=buyer.membership.customer, kind="billing", name="Ofiara", email="victim@example.com"
    )
    browser = client_of(buyer)
    for n in range(60):
        answer = browser.post("/wallet/threshold/", {"threshold": str(100 + n)})
    assert Outbox.objects.filter(address="victim@example.com").count() <= 10
    assert "often" in words(answer)


def test_an_end_that_never_comes_breaks_no_page(client_of, buyer, hosting, voip):
    hosting.ends_on = date(9999, 12, 31)
    hosting.save()
    browser = client_of(buyer)
    for path in ("/", "/renewals/", "/services/", f"/services/{hosting.pk}/"):
        assert browser.get(path).status_code == 200, path
    CartItem.objects.create(membership=buyer.membership, service=hosting, price=hosting.product.prices.get())
    for path in ("/cart/", "/checkout/"):
        assert browser.get(path, follow=True).status_code == 200, path


def test_a_notification_that_is_quicker_than_the_answer_names_what_paid(buyer, hosting, order, report, monkeypatch):
    def start(self, payment, **kwargs):
        gateway_reports.apply(report(payment, external_id="quick"), gateway="sandbox")
        return gateways.Started("http://localhost:8001/x", "first")

    monkeypatch.setattr(gateways.sandbox.Sandbox, "start", start)
    sandbox = gateways.find("sandbox")
    payment = payments.start(buyer.membership.customer, [order(buyer, hosting)], gateway=sandbox, by=buyer)
    gateway_reports.apply(report(Payment.objects.get(), external_id="quick"), gateway="sandbox")
    assert payment.external_id == Payment.objects.get().external_id == "quick"
    assert not Case.objects.exists()


@pytest.mark.parametrize("way", ["sandbox", "transfer", "wallet"])
@pytest.mark.parametrize("trouble", ["ended", "paid before"])
def test_nobody_begins_to_pay_for_what_has_ended(client_of, buyer, hosting, order, begin, report, way, trouble):
    customer, first_end = buyer.membership.customer, hosting.ends_on
    wallet.adjust(customer, Decimal(500), text="x", reference="x", by=buyer)
    payments.pay_from_wallet(customer, [order(buyer, hosting)], by=buyer)
    document = order(buyer, hosting).document
    changes = {"status": "ended"} if trouble == "ended" else {"ends_on": first_end}
    Service.objects.filter(pk=hosting.pk).update(**changes)
    answer = client_of(buyer).post("/invoices/pay/", {"document": document.pk, "way": way})
    assert "Hosting Garden (garden.example). Cancel the order, or write to us." in words(answer)
    assert Payment.objects.count() == 1 and wallet.of(customer).balance == 377
    # Money that comes all the same is taken, and staff are told.
    bank.received([document.receivable], amount=Decimal(123), statement_line="1", by=buyer)
    assert Case.objects.get().reason == "not_delivered" and Document.objects.filter(kind="invoice").count() == 2


def test_what_somebody_else_has_paid_for_falls_out_of_the_cart(
    client_of, buyer, renewer, hosting, voip, prices, order, begin, report
):
    cart.add(renewer.membership, hosting, prices["hosting"])
    gateway_reports.apply(report(begin(buyer, order(buyer, hosting))), gateway="sandbox")
    client = client_of(renewer)
    shown = words(client.get("/cart/"))
    assert "It was extended meanwhile." in shown and "Choose again" in shown
    client.post("/checkout/", {"agreed": "123.00"})
    assert Order.objects.count() == 1
    cart.add(renewer.membership, hosting, prices["hosting"])
    assert [item.service for item in cart.items(renewer.membership)] == [hosting]
