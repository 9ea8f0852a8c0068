"""Mails about money as a real SMTP server sees them: the words, the PDF, to whom, and once."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Contact, Outbox
from accounts.outbox import send_waiting
from billing import correcting, delivering, gateway_reports, wallet
from billing.models import Delivery, Document, Wallet, WalletEntry


@pytest.fixture
def send(db):
    """`send(document)` does what the worker does with a document, and returns it."""

    def send(document):
        delivering.deliver.call(document.pk)
        send_waiting()
        return document

    return send


@pytest.fixture
def proforma(buyer, hosting, order):
    return order(buyer, hosting).document


@pytest.fixture
def invoice(proforma, buyer, begin, report):
    """The invoice of the paid proforma."""
    gateway_reports.apply(report(begin(buyer, proforma.receivable)), gateway="sandbox")
    return Document.objects.get(kind="invoice")


def parts(mail):
    """The words of a mail: (plain, HTML)."""
    return mail.get_body(["plain"]).get_content(), mail.get_body(["html"]).get_content()


def test_a_proforma_is_mailed_with_its_pdf_and_what_to_pay(proforma, send, postman):
    send(proforma)
    (mail,) = postman.mails
    assert mail["To"] == "anna@example.com"
    assert mail["Subject"] == f"Proforma invoice {proforma.number}: PLN 123.00 to be paid"
    plain, html = parts(mail)
    for words in (plain, html):
        assert "To be paid: " in words and "PLN\xa0123.00" in words
        assert f"/invoices/pay/?document={proforma.pk}" in words
    assert "Pay now" in html and "Ordered by" not in plain
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == proforma.file_name == f"PRO-1-{proforma.year}.pdf"
    content = attached.get_content()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == Delivery.objects.get(document=proforma).sha256


def test_the_account_to_pay_to_stands_in_the_mail(provider, buyer, hosting, order, send, postman):
    provider.bank_account = "61109010140000071219812874"
    provider.save()
    buyer.membership.customer.provider = provider
    proforma = send(order(buyer, hosting).document)
    plain, html = parts(postman.mails[0])
    assert "61 1090 1014 0000 0712 1981 2874" in plain and "61 1090 1014 0000 0712 1981 2874" in html
    assert f"Title: {proforma.number}" in plain


def test_an_invoice_says_how_it_was_paid(invoice, send, postman):
    send(invoice)
    (mail,) = postman.mails
    assert mail["Subject"] == f"VAT invoice {invoice.number}: PLN 123.00 paid"
    plain, html = parts(mail)
    assert "test payment" in plain and "See the invoice" in html
    assert f"/invoices/{invoice.pk}/" in plain
    assert [part.get_filename() for part in mail.iter_attachments()] == [invoice.file_name]


def test_a_correction_says_what_it_corrects_and_why(invoice, buyer, send, postman):
    correction = correcting.correct(invoice, {1: (1, Decimal(60))}, reason="<b>Discount</b>", by=None)
    send(correction)
    plain, html = parts(postman.mails[-1])
    assert invoice.number in plain and "Reason: <b>Discount</b>" in plain
    assert "&lt;b&gt;Discount&lt;/b&gt;" in html
    assert "-PLN\xa049.20" in plain


def test_a_reader_gets_it_in_their_language(proforma, buyer, send, postman):
    buyer.language = "pl"
    buyer.save()
    send(proforma)
    (mail,) = postman.mails
    assert mail["Subject"].strip() == f"Faktura pro forma {proforma.number}: do zapłaty 123,00 zł"
    assert "Zapłać teraz" in parts(mail)[1]


def test_owner_and_billing_contacts_get_one_mail_each(proforma, customer, contact, send, postman):
    for email in ("books@garden.example", "Books@garden.example", "ANNA@example.com", ""):
        Contact.objects.create(customer=customer, kind="billing", name="Books", email=email)
    send(proforma)
    send(proforma)
    assert [mail["To"] for mail in postman.mails] == ["anna@example.com", "books@garden.example"]
    assert len({mail["Message-ID"] for mail in postman.mails}) == 2


def test_an_owner_reads_who_ordered(company, owner, administrative, hosting, prices, order, send, postman):
    administrative.membership.customer = company
    send(order(administrative, hosting).document)
    assert "Ordered by: Adam Administrative" in parts(postman.mails[0])[0]


def test_a_mail_that_the_server_dropped_comes_again_as_the_same_mail(proforma, send, postman):
    postman.refusals["anna@example.com"] = "452 mailbox full"
    send(proforma)
    assert postman.mails == []
    row = Outbox.objects.get(letter="proforma")
    postman.refusals.clear()
    Outbox.objects.update(next_attempt_at=timezone.now())
    send_waiting()
    assert [mail["Message-ID"] for mail in postman.mails] == [row.message_id]


def test_a_server_that_hangs_up_gets_each_mail_once(proforma, customer, send, postman):
    Contact.objects.create(customer=customer, kind="billing", name="Books", email="books@garden.example")
    postman.hang_up_after = 1
    send(proforma)
    assert [mail["To"] for mail in postman.mails] == ["anna@example.com", "books@garden.example"]
    assert postman.connections == 2


def test_nobody_is_asked_to_pay_what_is_paid_meanwhile(proforma, buyer, begin, report, send, postman):
    delivering.deliver.call(proforma.pk)
    gateway_reports.apply(report(begin(buyer, proforma.receivable)), gateway="sandbox")
    send_waiting()
    assert postman.mails == []
    assert Outbox.objects.get(letter="proforma").state == "dropped"


@pytest.fixture
def low(buyer):
    """A wallet of 50 zł, of which its owner wants to hear below 40 zł."""
    customer = buyer.membership.customer
    wallet.enter(customer, WalletEntry.Kind.ADJUSTMENT, Decimal(50), reference="first")
    wallet.set_threshold(customer, Decimal(40), by=buyer)
    return customer


def test_a_low_balance_is_told_once_until_it_has_risen(low, postman):
    for number, amount in enumerate((-20, -5, 40, -45)):
        wallet.enter(low, WalletEntry.Kind.ADJUSTMENT, Decimal(amount), reference=f"movement:{number}")
        send_waiting()
    first, second = postman.mails
    assert first["Subject"] == "Your balance is low: PLN 30.00"
    assert "fallen below PLN\xa040.00" in parts(first)[0]
    assert "/wallet/" in parts(first)[1]
    assert second["Subject"] == "Your balance is low: PLN 20.00"


def test_a_balance_that_has_risen_before_the_mail_went_is_not_told_of(low, postman):
    wallet.enter(low, WalletEntry.Kind.ADJUSTMENT, Decimal(-20), reference="down")
    wallet.enter(low, WalletEntry.Kind.ADJUSTMENT, Decimal(20), reference="up")
    send_waiting()
    assert postman.mails == []


def test_who_does_not_want_to_hear_of_a_low_balance_does_not(low, buyer, postman):
    buyer.muted = ["balance_low"]
    buyer.save()
    wallet.enter(low, WalletEntry.Kind.ADJUSTMENT, Decimal(-20), reference="down")
    send_waiting()
    assert postman.mails == []
    assert Wallet.objects.get().warned_at - timezone.now() < timedelta(minutes=1)
