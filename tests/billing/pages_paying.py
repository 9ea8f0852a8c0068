"""Paying documents from their pages, and what the page of a payment tells, which is never more than is known."""

import re
from decimal import Decimal

import pytest
from django_tasks_db.models import DBTaskResult

from accounts.history import sentence
from accounts.models import Event
from billing import (
    bank,
    cases,
    checkout,
    documents,
    gateway_reports,
    gateways,
    limits,
    outcomes,
    payments,
    refunds,
    wallet,
)
from billing.models import Case, Document, Payment, Receivable, WalletEntry
from services.models import Service
from tests import cast
from tests.crowd import queries_of

PAY = "/invoices/pay/"
ACCOUNT = "61109010140000071219812874"


@pytest.fixture
def online(begin):
    """The sandbox answers, without a server behind it."""
    return begin


@pytest.fixture
def payer(company, hosting, prices):
    """A sub-user who may order for one service, and nothing else."""
    person = cast.member(company, "oskar", "Oskar Orders", "standard", ["ordering"])
    person.membership.grants.create(service=hosting)
    return person


@pytest.fixture
def rich(company):
    """The customer has 200.00 in the balance."""
    return wallet.enter(company, WalletEntry.Kind.ADJUSTMENT, 200, reference="gift")


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def documents_of(*receivables):
    return {"document": [row.document_id for row in receivables]}


# --- Choosing how --------------------------------------------------------------------------------


def test_what_is_to_be_paid_and_the_ways_are_shown(client_of, buyer, hosting, voip, order):
    rows = order(buyer, hosting), order(buyer, voip)
    page = text_of(client_of(buyer).get(PAY, documents_of(*rows)))
    assert all(row.document.number in page for row in rows)
    assert "Pay PLN 147.60" in page
    assert "Test payment" in page and "No real money moves." in page and "Bank transfer" in page
    assert "The balance is too small: PLN 147.60 are missing." in page
    assert re.search(r'value="wallet" required disabled', page)
    assert re.search(r'value="sandbox" required checked', page)


def test_a_balance_that_is_enough_comes_first(client_of, buyer, hosting, order, rich):
    page = text_of(client_of(buyer).get(PAY, documents_of(order(buyer, hosting))))
    assert re.search(r'value="wallet" required checked', page) and "There are PLN 200.00 in it." in page


def test_a_gateway_is_started_and_the_person_is_sent_there(client_of, buyer, hosting, voip, order, online):
    rows = order(buyer, hosting), order(buyer, voip)
    answer = client_of(buyer).post(PAY, {**documents_of(*rows), "way": "sandbox"})
    payment = Payment.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"http://localhost:8001/{payment.token}"
    assert payment.amount == sum(row.amount for row in rows) and payment.state == "started"
    event = Event.objects.get(action="payment_started")
    assert event.by_id == buyer.pk
    assert sentence(event) == "A payment of PLN\xa0147.60 was started, test payment."


def test_the_balance_pays_at_once(client_of, buyer, hosting, order, rich):
    before = hosting.ends_on
    page = text_of(client_of(buyer).post(PAY, {**documents_of(order(buyer, hosting)), "way": "wallet"}, follow=True))
    invoice = Document.objects.get(kind="invoice")
    assert "The money has come. Thank you." in page and invoice.number in page
    hosting.refresh_from_db()
    assert hosting.ends_on > before and f"paid until {hosting.ends_on:%-d %B %Y}" in page
    assert wallet.of(buyer.membership.customer).balance == 77


def test_a_balance_that_is_too_small_pays_nothing(client_of, buyer, hosting, order):
    page = text_of(client_of(buyer).post(PAY, {**documents_of(order(buyer, hosting)), "way": "wallet"}))
    assert "You cannot pay this way now." in page
    assert not Payment.objects.exists() and Receivable.objects.get().state == "open"


def test_a_balance_that_shrinks_while_paying_is_told(client_of, buyer, hosting, order, rich, monkeypatch):
    def spent(*args, **kwargs):
        raise wallet.NotEnough

    monkeypatch.setattr(payments, "pay_from_wallet", spent)
    page = text_of(client_of(buyer).post(PAY, {**documents_of(order(buyer, hosting)), "way": "wallet"}))
    assert "The balance is too small now." in page


def test_a_gateway_that_does_not_answer_loses_nothing(client_of, buyer, hosting, order, monkeypatch):
    def down(self, payment, **kwargs):
        raise gateways.GatewayError("no answer")

    monkeypatch.setattr(gateways.sandbox.Sandbox, "start", down)
    receivable = order(buyer, hosting)
    page = text_of(client_of(buyer).post(PAY, {**documents_of(receivable), "way": "sandbox"}))
    assert "This way of paying does not answer now, and nothing was paid." in page and "Bank transfer" in page
    receivable.refresh_from_db()
    assert receivable.state == "open"


@pytest.mark.parametrize("way", ["", "przelewy", "wallet "])
def test_a_way_that_there_is_not_starts_nothing(client_of, buyer, hosting, order, way):
    page = text_of(client_of(buyer).post(PAY, {**documents_of(order(buyer, hosting)), "way": way}))
    assert "Choose" in page and not Payment.objects.exists()


def test_after_thirty_payments_in_an_hour_one_has_to_wait(client_of, buyer, hosting, order, online, monkeypatch):
    client, data = client_of(buyer), {**documents_of(order(buyer, hosting)), "way": "sandbox"}
    monkeypatch.setattr(limits, "PAYMENTS_STARTED", limits.Limit("payments-started", 2, 3600))
    assert [client.post(PAY, data).status_code for _ in range(3)] == [302, 302, 200]
    assert "a great many payments" in text_of(client.post(PAY, data))
    assert Payment.objects.count() == 1


# --- Which documents -----------------------------------------------------------------------------


def test_without_a_choice_or_when_all_is_paid_it_goes_back_to_the_list(client_of, buyer, hosting, order, rich):
    client = client_of(buyer)
    assert "Tick the documents" in text_of(client.get(PAY, follow=True))
    receivable = order(buyer, hosting)
    payments.pay_from_wallet(buyer.membership.customer, [receivable], by=buyer)
    for method in (client.get, client.post):
        page = text_of(method(PAY, {**documents_of(receivable), "way": "wallet"}, follow=True))
        assert "There is nothing left to pay" in page
    assert Payment.objects.count() == 1


def test_what_was_paid_meanwhile_is_left_out_before_anything_starts(client_of, buyer, hosting, voip, order, rich):
    first, second = order(buyer, hosting), order(buyer, voip)
    payments.pay_from_wallet(buyer.membership.customer, [first], by=buyer)
    page = text_of(client_of(buyer).post(PAY, {**documents_of(first, second), "way": "wallet"}, follow=True))
    assert "1 document was left out: it is paid or cancelled already." in page and "Pay PLN 24.60" in page
    assert Payment.objects.count() == 1


def test_paid_between_looking_and_starting_it_starts_nothing(client_of, buyer, hosting, order, online, monkeypatch):
    receivable, start = order(buyer, hosting), payments.start

    def other_tab_first(*args, **kwargs):
        checkout.cancel(receivable, by=buyer)
        return start(*args, **kwargs)

    monkeypatch.setattr(payments, "start", other_tab_first)
    page = client_of(buyer).post(PAY, {**documents_of(receivable), "way": "sandbox"}, follow=True)
    assert "There is nothing left to pay" in text_of(page) and not Payment.objects.exists()


def test_fifty_documents_at_most(client_of, buyer, hosting, voip, order, monkeypatch):
    monkeypatch.setattr(payments, "MOST_DOCUMENTS", 1)
    rows = order(buyer, hosting), order(buyer, voip)
    assert "At most 1 documents" in text_of(client_of(buyer).get(PAY, documents_of(*rows), follow=True))


@pytest.mark.parametrize("key", ["x", "-1", "1.0", "9" * 30, "²", " 1"])
def test_an_address_that_names_nothing_is_not_there(client_of, buyer, key):
    assert client_of(buyer).get(PAY, {"document": key}).status_code == 404


def test_another_payment_that_waits_is_mentioned(client_of, buyer, hosting, order, begin):
    receivable = order(buyer, hosting)
    payment = begin(buyer, receivable)
    page = text_of(client_of(buyer).get(PAY, documents_of(receivable)))
    assert "is not confirmed yet" in page and f"/payments/{payment.token}/" in page


# --- Who may -------------------------------------------------------------------------------------


def test_a_sub_user_for_ordering_pays_their_own_order_but_not_from_the_balance(
    client_of, payer, hosting, order, online, rich
):
    client, data = client_of(payer), documents_of(order(payer, hosting))
    assert 'value="wallet"' not in text_of(client.get(PAY, data))
    assert "You cannot pay this way now." in text_of(client.post(PAY, {**data, "way": "wallet"}))
    assert not Payment.objects.exists()
    assert client.post(PAY, {**data, "way": "sandbox"}).status_code == 302
    payment = Payment.objects.get()
    page = text_of(client.get(f"/payments/{payment.token}/"))
    assert "/wallet/" not in page.partition("<main")[2]


def test_nobody_pays_what_they_may_not_see(client_of, buyer, payer, stranger, voip, order, online):
    data = {**documents_of(order(buyer, voip)), "way": "sandbox"}
    for person in (payer, stranger):
        client = client_of(person)
        assert client.get(PAY, data).status_code == client.post(PAY, data).status_code == 404
    assert not Payment.objects.exists()


def test_a_payment_of_others_is_not_there(client_of, buyer, payer, stranger, standard_without, hosting, order, begin):
    payment = begin(buyer, order(buyer, hosting))
    address = f"/payments/{payment.token}/"
    assert client_of(buyer).get(address).status_code == 200
    assert client_of(payer).get(address).status_code == 404
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(standard_without).get(address).status_code == 403
    assert client_of(buyer).get("/payments/unknown/").status_code == 404
    assert client_of(buyer).post(address).status_code == 405


def test_without_the_narrowing_a_stranger_would_pay_and_look(
    client_of, stranger, buyer, hosting, order, begin, monkeypatch
):
    payment = begin(buyer, order(buyer, hosting))
    monkeypatch.setattr(documents, "payments_of", lambda membership: Payment.objects.all())
    assert client_of(stranger).get(f"/payments/{payment.token}/").status_code == 200


def test_without_the_limit_nothing_stops_a_script(client_of, buyer, hosting, order, online, monkeypatch):
    client, data = client_of(buyer), {**documents_of(order(buyer, hosting)), "way": "sandbox"}
    monkeypatch.setattr(limits.Limit, "charge", lambda self, key: 1)
    assert {client.post(PAY, data).status_code for _ in range(limits.PAYMENTS_STARTED.most + 1)} == {302}


# --- What is known -------------------------------------------------------------------------------


@pytest.fixture
def look_at(client_of):
    """`look_at(person, payment, "?n=1")` is the text of the payment's page."""
    return lambda person, payment, query="": text_of(client_of(person).get(f"/payments/{payment.token}/{query}"))


def asked():
    """The keys of payments that the worker is to ask the gateway about."""
    tasks = DBTaskResult.objects.filter(task_path="billing.asking.ask")
    return [task.args_kwargs["args"][0] for task in tasks]


def test_while_it_waits_the_gateway_is_asked_and_the_page_comes_again(buyer, hosting, order, begin, look_at):
    payment = begin(buyer, order(buyer, hosting))
    page = look_at(buyer, payment)
    assert "We are waiting for a confirmation" in page and "Thank you" not in page
    assert '<meta http-equiv="refresh" content="2; url=?n=1">' in page
    assert f'href="http://localhost:8001/{payment.token}"' in page
    assert '<meta http-equiv="refresh" content="3; url=?n=2">' in look_at(buyer, payment, "?n=1")
    assert asked() == [payment.pk]  # the second look came within ten seconds


@pytest.mark.parametrize("visit", [str(len(outcomes.REFRESH_AFTER)), "999"])
def test_it_does_not_come_again_for_ever(buyer, hosting, order, begin, look_at, visit):
    page = look_at(buyer, begin(buyer, order(buyer, hosting)), f"?n={visit}")
    assert "http-equiv" not in page and "It takes longer than usual." in page


@pytest.mark.parametrize("visit", ["x", "-1", "99999", "²"])
def test_a_number_of_visits_that_is_none_begins_anew(buyer, hosting, order, begin, look_at, visit):
    assert "url=?n=1" in look_at(buyer, begin(buyer, order(buyer, hosting)), f"?n={visit}")


def test_a_paid_one_leads_to_the_invoice_and_tells_the_new_date(buyer, hosting, order, begin, report, look_at):
    payment = begin(buyer, order(buyer, hosting))
    gateway_reports.apply(report(payment), gateway="sandbox")
    page = look_at(buyer, payment)
    invoice, service = Document.objects.get(kind="invoice"), Service.objects.get(pk=hosting.pk)
    assert f'href="/invoices/{invoice.pk}/"' in page and f"paid until {service.ends_on:%-d %B %Y}" in page
    assert "http-equiv" not in page and asked() == []


def test_a_failed_one_can_be_paid_again(buyer, hosting, order, begin, report, look_at):
    receivable = order(buyer, hosting)
    payment = begin(buyer, receivable)
    gateway_reports.apply(report(payment, kind=gateways.Kind.FAILED), gateway="sandbox")
    page = look_at(buyer, payment)
    assert "The payment did not go through." in page and f"{PAY}?document={receivable.document_id}" in page
    assert "http-equiv" not in page


def test_what_does_not_fit_is_said_to_be_looked_into(buyer, hosting, order, begin, report, look_at):
    payment = begin(buyer, order(buyer, hosting))
    gateway_reports.apply(report(payment, amount=payment.amount - 1), gateway="sandbox")
    assert "needs a closer look" in look_at(buyer, payment)
    cases.close(Case.objects.get(), resolution="Asked the bank", by=buyer)
    assert "needs a closer look" not in look_at(buyer, payment)


def test_paid_twice_is_told(buyer, hosting, order, begin, report, look_at, rich):
    receivable = order(buyer, hosting)
    payment = begin(buyer, receivable)
    payments.pay_from_wallet(buyer.membership.customer, [receivable], by=buyer)
    page = look_at(buyer, payment)
    assert "This payment is no longer needed." in page and "http://localhost:8001/" not in page
    gateway_reports.apply(report(payment), gateway="sandbox")
    page = look_at(buyer, payment)
    assert "came for what was paid or cancelled already" in page and receivable.document.number in page
    assert "needs a closer look" in page


def test_a_service_that_ended_meanwhile_is_told(buyer, hosting, order, begin, report, look_at):
    payment = begin(buyer, order(buyer, hosting))
    Service.objects.filter(pk=hosting.pk).update(status="ended")
    gateway_reports.apply(report(payment), gateway="sandbox")
    page = look_at(buyer, payment)
    assert "We could not do by ourselves:" in page and "What it paid for" not in page


def test_money_that_went_back_is_told(buyer, hosting, order, begin, report, look_at):
    payment = begin(buyer, order(buyer, hosting))
    gateway_reports.apply(report(payment), gateway="sandbox")
    payment.refresh_from_db()
    refunds.request(payment, 23, way="wallet", reason="Sorry", by=buyer)
    page = look_at(buyer, payment)
    assert "Paid back" in page and "PLN 23.00" in page and "Into the wallet" in page


def test_a_top_up_that_went_back_first_is_not_called_in_the_balance(buyer, begin, report, look_at):
    customer, gateway = buyer.membership.customer, gateways.find("sandbox")
    payment = payments.start_top_up(customer, Decimal(50), gateway=gateway, by=buyer)
    gateway_reports.apply(report(payment, "refunded", amount=Decimal(20), external_id="R1"), gateway="sandbox")
    gateway_reports.apply(report(payment), gateway="sandbox")
    page = look_at(buyer, payment)
    assert "It is not in your balance: something about it must be settled first." in page
    assert "The money has come and is in your balance." not in page


# --- A transfer ----------------------------------------------------------------------------------


@pytest.fixture
def transfer(provider, client_of, buyer, hosting, order):
    """A transfer that was announced."""
    provider.bank_account = ACCOUNT
    provider.save()
    receivable = order(buyer, hosting)
    answer = client_of(buyer).post(PAY, {**documents_of(receivable), "way": "transfer"})
    payment = Payment.objects.get()
    assert answer["Location"] == f"/payments/{payment.token}/"
    return payment


def test_a_transfer_shows_account_amount_title_and_code(transfer, buyer, look_at):
    page, number = look_at(buyer, transfer), Document.objects.get().number
    assert "61 1090 1014 0000 0712 1981 2874" in page and f'data-plain="{ACCOUNT}"' in page
    assert f'data-plain="{number}"' in page and 'data-plain="123.00"' in page and page.count("data-copy=") == 3
    assert "<svg xmlns=" in page and 'class="qr"' in page
    assert "http-equiv" not in page and "Thank you" not in page


def test_without_an_account_nobody_is_told_a_wrong_one(transfer, provider, buyer, look_at):
    provider.bank_account = ""
    provider.save()
    page = look_at(buyer, transfer)
    assert "The account number is missing here." in page and "data-copy" not in page


def test_a_top_up_by_transfer_says_where_to_and_once_it_came_that_it_is_there(
    client_of, provider, buyer, look_at, report
):
    provider.bank_account = ACCOUNT
    provider.save()
    client_of(buyer).post("/wallet/top-up/", {"amount": "50", "way": "transfer"})
    payment = Payment.objects.get()
    assert f"DOL {payment.customer.number}/{payment.pk}" in look_at(buyer, payment)
    bank.received_for(payment, amount=Decimal(50), statement_line="1", by=buyer)
    payment.refresh_from_db()
    assert "is in your balance" in look_at(buyer, payment)


# --- What it costs -------------------------------------------------------------------------------


def test_many_documents_are_paid_at_the_price_of_one(
    client_of, buyer, company, hosting, voip, domain, order, begin, report
):
    client = client_of(buyer)
    one = order(buyer, hosting)
    client.get("/wallet/")  # which is made when it is first looked at
    few = queries_of(client, f"{PAY}?document={one.document_id}")
    more = order(buyer, voip), order(buyer, domain)
    query = "&".join(f"document={row.document_id}" for row in (one, *more))
    assert len(queries_of(client, f"{PAY}?{query}")) == len(few) <= 8
    counts = []
    for rows in ([one], more):
        payment = begin(buyer, *rows)
        gateway_reports.apply(report(payment), gateway="sandbox")
        counts.append(len(queries_of(client, f"/payments/{payment.token}/")))
    assert counts[0] == counts[1] <= 11
