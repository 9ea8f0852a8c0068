"""Staff in a hurry: money that went back once is not given a second time, and no more than a document brought."""

from decimal import Decimal

import pytest

from billing import bank, cases, correcting, delivering, gateway_reports, refunds, wallet
from billing.models import Case, Document, Refund
from tests.billing.administration import page, token, words


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def two_paid(buyer, hosting, voip, order, begin, report):
    """One payment of 123.00 and 24.60."""
    payment = begin(buyer, order(buyer, hosting), order(buyer, voip))
    gateway_reports.apply(report(payment), gateway="sandbox")
    payment.refresh_from_db()
    return payment


@pytest.fixture
def surplus(buyer, hosting, order):
    """The case of a transfer of 123.00 that came when something else had paid."""
    receivable = order(buyer, hosting)
    bank.received([receivable], amount=Decimal(123), statement_line="1", by=buyer)
    bank.received([receivable], amount=Decimal(123), statement_line="2", by=buyer)
    return Case.objects.get(reason="paid_already")


def test_what_was_paid_back_from_the_payment_is_not_credited_from_its_case(admin, surplus):
    refunds.request(surplus.payment, Decimal(40), way=Refund.Way.BY_HAND, reason="Zwrot", by=None)
    form = {"resolution": "Dopisane do salda."}
    assert "Less money came" in words(admin.post(page(surplus, "credit"), form | {"amount": "123.00"}))
    assert wallet.of(surplus.customer).balance == 0
    admin.post(page(surplus, "credit"), form | {"amount": "83.00"})
    assert wallet.of(surplus.customer).balance == 83 and refunds.left(surplus.payment) == 0


def test_a_case_that_somebody_closed_a_moment_ago_moves_no_money(admin, surplus, administrator, monkeypatch):
    for form in ("CreditForm", "PayBackForm"):
        monkeypatch.setattr(f"billing.admin.cases.{form}.clean_amount", closing(surplus, administrator))
    sent = {"amount": "123.00", "resolution": "Dopisane.", "way": "wallet", "reason": "Zwrot", "token": "x"}
    assert "This cannot be done any more." in words(admin.post(page(surplus, "credit"), sent))
    Case.objects.update(closed_at=None)
    assert "This cannot be done any more." in words(admin.post(page(surplus, "refund"), sent))
    assert wallet.of(surplus.customer).balance == 0 and not Refund.objects.exists()


def closing(case, by):
    """A check of the amount during which another one of staff is quicker."""

    def clean_amount(self):
        cases.close(case, resolution="Załatwione.", by=by)
        return self.cleaned_data["amount"]

    return clean_amount


def test_money_that_was_looked_into_is_not_given_to_staff_again(buyer, hosting, order, begin, report, administrator):
    payment = begin(buyer, order(buyer, hosting))
    wrong = report(payment, amount=Decimal(100))
    gateway_reports.apply(wrong, gateway="sandbox")
    cases.close(Case.objects.get(), resolution="Dopisane do salda.", by=administrator)
    # The gateway is asked for days, and says the same each time.
    assert gateway_reports.apply(wrong, gateway="sandbox")[1] == "wrong_amount"
    assert Case.objects.count() == 1
    gateway_reports.apply(report(payment, amount=Decimal(99)), gateway="sandbox")
    gateway_reports.apply(report(payment, amount=Decimal(100), external_id="another"), gateway="sandbox")
    assert Case.objects.filter(closed_at=None).count() == 2


def test_an_invoice_pays_back_what_it_brought_and_not_the_whole_payment(admin, two_paid):
    invoice = Document.objects.get(kind="invoice", gross=Decimal("24.60"))
    address = page(invoice, "refund")
    assert admin.get(address).context["adminform"].form["amount"].value() == Decimal("24.60")
    form = {"way": "wallet", "reason": "Zwrot", "token": token(admin, address)}
    assert "Less of what was paid for this document is left" in words(admin.post(address, form | {"amount": "24.61"}))
    admin.post(address, form | {"amount": "24.60"})
    assert refunds.sum_of(two_paid) == Decimal("24.60")


def test_a_correction_pays_back_what_it_gave_and_no_more(admin, two_paid, administrator):
    invoice = Document.objects.get(kind="invoice", gross=Decimal(123))
    correction = correcting.correct(invoice, {1: ("1", "80.00")}, reason="Rabat", by=administrator)
    address = page(correction, "refund")
    form = {"way": "wallet", "reason": "Rabat", "token": token(admin, address)}
    assert "Less of what was paid for this document is left" in words(admin.post(address, form | {"amount": "24.61"}))
    admin.post(address, form | {"amount": "24.60"})
    assert refunds.sum_of(two_paid) == Decimal("24.60")
    assert "is left" in words(admin.post(address, form | {"amount": "0.01", "token": "again"}))


def test_a_service_that_could_not_be_extended_frees_the_money_of_its_document_only(
    admin, buyer, hosting, voip, order, begin, report
):
    payment = begin(buyer, order(buyer, hosting), order(buyer, voip))
    voip.status = "ended"
    voip.save()
    gateway_reports.apply(report(payment), gateway="sandbox")
    case = Case.objects.get(reason="not_delivered")
    address = page(case, "refund")
    assert admin.get(address).context["adminform"].form["amount"].value() == Decimal("24.60")
    form = {"way": "wallet", "amount": "24.61", "reason": "Zakończona", "token": token(admin, address)}
    assert "Less of this payment is free" in words(admin.post(address, form))


def test_a_pdf_whose_file_is_gone_is_not_there(admin, buyer, hosting, order):
    document = order(buyer, hosting).document
    delivering.deliver.call(document.pk)
    document.delivery.refresh_from_db()
    document.delivery.pdf.storage.delete(document.delivery.pdf.name)
    assert admin.get(page(document, "pdf")).status_code == 404


def test_two_long_numbers_of_movements_are_not_taken_for_one(admin, buyer, hosting, order):
    document = order(buyer, hosting).document
    sent = {"amount": "123.00", "statement_line": "9" * 101, "booked_on": "2026-01-01"}
    assert "at most 100 characters" in words(admin.post(page(document, "transfer"), sent))
