"""A formal correction: another name or address of the same buyer, no amount changed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.models import Event
from billing import correcting, gateway_reports, refunds
from billing.models import Document, Refund
from billing.parties import Buyer


@pytest.fixture
def invoice(buyer, hosting, order, begin, report):
    gateway_reports.apply(report(begin(buyer, order(buyer, hosting))), gateway="sandbox")
    return Document.objects.select_related("customer").get(kind="invoice")


def test_another_name_is_corrected_by_a_document_of_zero(invoice, administrator):
    new = replace(Buyer.of(invoice.customer), name="Ogrody Anny sp. z o.o.")
    correction = correcting.correct_buyer(invoice, new, reason="Zmiana nazwy", by=administrator)
    assert (correction.net, correction.vat, correction.gross) == (0, 0, 0)
    assert correction.buyer.name == "Ogrody Anny sp. z o.o."
    assert correction.corrects.buyer_data["name"] == "Ogrody Anny"
    assert [line.amount for line in correction.lines.all()] == [Decimal(100), Decimal(100)]
    assert Event.objects.get(action="correction_issued").details["invoice"] == invoice.number


def test_the_next_correction_keeps_the_new_name(invoice, administrator):
    new = replace(Buyer.of(invoice.customer), name="Ogrody Anny sp. z o.o.")
    correcting.correct_buyer(invoice, new, reason="Zmiana nazwy", by=administrator)
    last = correcting.cancel(invoice, reason="Rezygnacja", by=administrator)
    assert last.buyer.name == "Ogrody Anny sp. z o.o."
    assert last.gross == -invoice.gross


def test_the_same_name_twice_is_refused(invoice, administrator):
    new = replace(Buyer.of(invoice.customer), line1="ul. Inna 2")
    correcting.correct_buyer(invoice, new, reason="Adres", by=administrator)
    with pytest.raises(correcting.NotCorrectable, match="says so already"):
        correcting.correct_buyer(invoice, new, reason="Adres", by=administrator)
    assert Document.objects.filter(kind="correction").count() == 1


@pytest.mark.parametrize("change", [{"tax_id": "9512337461"}, {"tax_id": ""}, {"kind": "person"}])
def test_another_buyer_is_no_correction(invoice, administrator, change):
    other = replace(Buyer.of(invoice.customer), **change)
    with pytest.raises(correcting.NotCorrectable, match="correct the invoice to zero"):
        correcting.correct_buyer(invoice, other, reason="NIP", by=administrator)
    assert not Document.objects.filter(kind="correction").exists()


def test_only_invoices_are_corrected(invoice, administrator):
    new = replace(Buyer.of(invoice.customer), name="Nowa")
    with pytest.raises(correcting.NotCorrectable, match="Only invoices"):
        correcting.correct_buyer(invoice.proforma, new, reason="Nazwa", by=administrator)


def test_a_refund_asked_for_twice_at_once_is_one(invoice, administrator):
    payment = invoice.customer.payments.get()
    asked = {"way": Refund.Way.WALLET, "reason": "Rezygnacja", "by": administrator, "token": "one-form"}
    for _ in range(2):
        refunds.request(payment, Decimal(20), **asked)
    assert Refund.objects.get().amount == 20
    assert invoice.customer.wallet.balance == 20
    assert Event.objects.filter(action="refund_asked").count() == 1
