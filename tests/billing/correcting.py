"""Corrections: the invoice stays as it is, another document says what it should have been."""

from decimal import Decimal

import pytest

from accounts.models import Event
from billing import correcting, gateway_reports, review
from billing.models import Delivery, Document, Receivable
from services.models import Price

D = Decimal


@pytest.fixture
def invoice(buyer, hosting, voip, order, begin, report):
    """An invoice of two lines: 100.00 and 20.00 net, 147.60 gross."""
    gateway_reports.apply(report(begin(buyer, order(buyer, hosting, voip))), gateway="sandbox")
    return Document.objects.get(kind="invoice")


@pytest.fixture
def correct(administrator):
    """`correct(invoice, {1: (quantity, price)})`."""

    def correct(invoice, changes):
        changes = {position: tuple(map(D, change)) for position, change in changes.items()}
        return correcting.correct(invoice, changes, reason="Rabat", by=administrator)

    return correct


def sums(document):
    return document.net, document.vat, document.gross


def test_a_correction_says_by_how_much(invoice, correct, administrator):
    correction = correct(invoice, {1: ("1", "80.00")})
    assert sums(correction) == (D("-20.00"), D("-4.60"), D("-24.60"))
    assert correction.number == f"FK/1/{correction.year}"
    assert (correction.corrects, correction.correction_reason, correction.paid_on) == (invoice, "Rabat", None)
    assert correction.buyer_data == invoice.buyer_data
    assert list(correction.lines.values_list("position", "before", "amount")) == [
        (1, True, D("100.00")),
        (1, False, D("80.00")),
        (2, True, D("20.00")),
        (2, False, D("20.00")),
    ]
    assert Delivery.objects.filter(document=correction).exists()
    told = Event.objects.get(action="correction_issued")
    assert (told.details["invoice"], told.by_id) == (invoice.number, administrator.pk)
    invoice.refresh_from_db()
    assert sums(invoice) == (D("120.00"), D("27.60"), D("147.60"))


def test_a_second_correction_begins_where_the_first_ended(invoice, correct):
    correct(invoice, {1: ("1", "80.00")})
    second = correct(invoice, {1: ("1", "50.00"), 2: ("0.5", "20.00")})
    assert sums(second) == (D("-40.00"), D("-9.20"), D("-49.20"))
    assert second.corrects == invoice
    assert [line.amount for line in correcting.standing(invoice)] == [D("50.00"), D("10.00")]


def test_cancelled_to_zero_and_only_once(invoice, correct, administrator):
    correct(invoice, {1: ("1", "80.01")})
    correcting.cancel(invoice, reason="Rezygnacja", by=administrator)
    gross = [document.gross for document in Document.objects.exclude(kind="proforma")]
    assert sum(gross) == 0
    with pytest.raises(correcting.NotCorrectable):
        correcting.cancel(invoice, reason="Rezygnacja", by=administrator)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {1: ("1", "100.00")},
        {1: ("2", "100.00")},
        {1: ("1", "100.01")},
        {1: ("1", "50.00"), 2: ("1", "20.01")},
        {1: ("-1", "100.00")},
        {1: ("1", "-5.00")},
        {3: ("0", "1.00")},
        {0: ("0", "1.00")},
        {1: ("1", "80.005")},
        {1: ("0.3333333", "100.00")},
    ],
    ids=str,
)
def test_what_is_no_correction(invoice, correct, changes):
    with pytest.raises(correcting.NotCorrectable):
        correct(invoice, changes)
    assert not Document.objects.filter(kind="correction").exists()


def test_only_invoices_are_corrected(invoice, correct):
    correction = correct(invoice, {1: ("1", "80.00")})
    for document in (invoice.proforma, correction):
        with pytest.raises(correcting.NotCorrectable):
            correct(document, {1: ("1", "1.00")})


def test_with_more_decimals_than_are_kept_a_line_would_not_come_to_its_amount(invoice, correct, monkeypatch):
    """The negative control: what is reckoned with is not what is kept."""

    def changed_without_looking(line, change):
        return correcting.replace(line, quantity=change[0], price=change[1]) if change else line

    monkeypatch.setattr(correcting, "changed", changed_without_looking)
    correct(invoice, {1: ("1", "80.005")})
    # Databases round half a grosz each in their own way.
    found = {finding.invariant for finding in review.findings()}
    assert found and found <= {"lines_are_quantity_times_price", "documents_are_as_issued"}


def test_a_private_person_is_corrected_from_gross(buyer, hosting, order, begin, report, correct, administrator):
    customer = buyer.membership.customer
    customer.kind, customer.tax_id = "private", ""
    customer.save()
    Price.objects.update(net=D("9.99"))
    gateway_reports.apply(report(begin(buyer, order(buyer, hosting))), gateway="sandbox")
    invoice = Document.objects.get(kind="invoice")
    assert (invoice.from_gross, sums(invoice)) == (True, (D("9.99"), D("2.30"), D("12.29")))
    correction = correct(invoice, {1: ("0.5", "12.29")})
    assert sums(correction) == (D("-4.99"), D("-1.15"), D("-6.14"))
    last = correcting.cancel(invoice, reason="Rezygnacja", by=administrator)
    assert invoice.gross + correction.gross + last.gross == 0
    assert invoice.vat + correction.vat + last.vat == 0


def test_what_is_paid_stays_paid(invoice, administrator):
    correcting.cancel(invoice, reason="Rezygnacja", by=administrator)
    assert Receivable.objects.get().state == "paid"
    assert list(review.findings()) == []
