"""How a document reaches its buyer when something fails: the payment stays, staff see why, and it is made up for."""

import hashlib
import zipfile
from io import BytesIO

import pytest

from accounts import exports
from accounts.models import Outbox, Provider
from billing import delivering, einvoices, gateway_reports, pdfs, recipients
from billing.models import Case, Delivery, Document, EInvoice


@pytest.fixture
def paid(buyer, hosting, order, begin, report):
    """The payment of an order, settled."""
    payment = begin(buyer, order(buyer, hosting))
    gateway_reports.apply(report(payment), gateway="sandbox")
    payment.refresh_from_db()
    return payment


@pytest.fixture
def invoice(paid):
    return Document.objects.get(kind="invoice")


def fail(*args, **kwargs):
    raise RuntimeError("no paper left")


def delivered(document):
    return Delivery.objects.get(document=document)


def open_cases():
    return list(Case.objects.filter(closed_at=None).values_list("reason", "times"))


def test_handed_out_with_ones_own_data_its_name_says_how_to_open_it(invoice, owner):
    delivering.deliver.call(invoice.pk)
    file = BytesIO()
    exports.write(file, owner.membership)
    names = [name for name in zipfile.ZipFile(file).namelist() if name.startswith("billing/delivery/")]
    assert f"billing/delivery/{delivered(invoice).pk}-{invoice.number.replace('/', '-')}.pdf" in names


def test_a_pdf_that_fails_leaves_the_payment_and_is_made_up_for(paid, invoice, hosting, monkeypatch):
    paid_until = hosting.ends_on
    monkeypatch.setattr(pdfs, "make", fail)
    for _attempt in range(2):
        with pytest.raises(RuntimeError):
            delivering.deliver.call(invoice.pk)
    paid.refresh_from_db(), hosting.refresh_from_db()
    assert paid.state == "paid" and hosting.ends_on > paid_until
    assert Document.objects.filter(kind="invoice").count() == 1
    assert open_cases() == [("pdf_failed", 2)]
    case = Case.objects.get()
    assert case.document == invoice and case.customer == invoice.customer
    assert case.details == {"number": invoice.number, "error": "RuntimeError('no paper left')"}
    assert "no paper left" in delivered(invoice).error and delivered(invoice).attempts == 2
    assert not Outbox.objects.filter(letter="invoice").exists()

    monkeypatch.undo()
    delivering.deliver.call(invoice.pk)
    assert open_cases() == [] and Case.objects.count() == 1
    assert delivered(invoice).error == ""
    assert Outbox.objects.filter(letter="invoice").count() == 1


def test_a_mail_that_cannot_be_written_leaves_the_pdf_and_is_made_up_for(paid, invoice, monkeypatch):
    monkeypatch.setattr(recipients, "of", fail)
    with pytest.raises(RuntimeError):
        delivering.deliver.call(invoice.pk)
    assert open_cases() == [("mail_failed", 1)]
    made = delivered(invoice)
    assert made.pdf and made.mailed_at is None and "no paper left" in made.error
    paid.refresh_from_db()
    assert paid.state == "paid"

    monkeypatch.undo()
    for _attempt in range(3):
        delivering.deliver.call(invoice.pk)
    assert open_cases() == []
    assert Outbox.objects.filter(letter="invoice").count() == 1
    assert delivered(invoice).sha256 == made.sha256 and delivered(invoice).error == ""


def test_half_the_mails_are_none(invoice, customer, contact, monkeypatch):
    contact.kind = "billing"
    contact.save()
    second = iter([False, True])
    create = Outbox.objects.create
    monkeypatch.setattr(Outbox.objects, "create", lambda **fields: fail() if next(second) else create(**fields))
    with pytest.raises(RuntimeError):
        delivering.deliver.call(invoice.pk)
    monkeypatch.undo()
    assert not Outbox.objects.filter(letter="invoice").exists()
    delivering.deliver.call(invoice.pk)
    assert Outbox.objects.filter(letter="invoice").count() == 2


def test_the_pdf_is_made_once_and_a_changed_seller_does_not_change_it(invoice, monkeypatch):
    delivering.deliver.call(invoice.pk)
    first = delivered(invoice)
    with first.pdf.open("rb") as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == first.sha256
    Provider.objects.update(legal_name="Somebody Else S.A.", tax_id="5252344078", accent="#ff0000")
    monkeypatch.setattr(pdfs, "make", fail)
    delivering.deliver.call(invoice.pk)
    assert delivered(invoice).pdf.name == first.pdf.name
    assert Document.objects.get(pk=invoice.pk).seller.name == "Example Hosting sp. z o.o."


def test_a_pdf_that_was_lost_is_made_anew_of_the_frozen_seller(invoice, administrator):
    delivering.deliver.call(invoice.pk)
    first = delivered(invoice)
    first.pdf.storage.delete(first.pdf.name)
    Provider.objects.update(legal_name="Somebody Else S.A.", tax_id="5252344078")
    delivering.send_again(invoice, by=administrator)
    delivering.deliver.call(invoice.pk)
    assert delivered(invoice).sha256 == first.sha256


def test_two_workers_keep_one_pdf(invoice, monkeypatch):
    make = pdfs.make

    def make_while_another_does(document):
        monkeypatch.setattr(pdfs, "make", make)
        delivering.deliver.call(document.pk)
        return b"made too late"

    monkeypatch.setattr(pdfs, "make", make_while_another_does)
    delivering.deliver.call(invoice.pk)
    with delivered(invoice).pdf.open("rb") as file:
        assert file.read(5) == b"%PDF-"
    assert Outbox.objects.filter(letter="invoice").count() == 1


def test_without_an_e_invoice_system_everything_goes_out_at_once(invoice):
    delivering.deliver.call(invoice.pk)
    delivering.deliver.call(invoice.proforma_id)
    rows = EInvoice.objects.order_by("document_id").values_list("document__kind", "provider", "state")
    assert list(rows) == [("proforma", "null", "not_needed"), ("invoice", "null", "not_needed")]
    assert Outbox.objects.filter(letter="invoice").exists()


class Slow(einvoices.NullEInvoices):
    """An e-invoice system that takes everything and has not given a number yet."""

    name = "slow"

    def takes(self, document):
        return True

    def withholds_pdf(self, document):
        return not document.is_proforma


def test_what_an_e_invoice_system_withholds_waits_for_its_number(invoice, settings, monkeypatch):
    monkeypatch.setitem(einvoices.SYSTEMS, "slow", Slow)
    settings.E_INVOICES = "slow"
    delivering.deliver.call(invoice.pk)
    assert EInvoice.objects.get(document=invoice).state == "queued"
    assert not delivered(invoice).pdf and not Outbox.objects.filter(letter="invoice").exists()
    delivering.deliver.call(invoice.proforma_id)
    assert EInvoice.objects.get(document=invoice.proforma).state == "not_needed"
    assert delivered(invoice.proforma).pdf

    monkeypatch.setattr(Slow, "withholds_pdf", lambda self, document: False)
    delivering.deliver.call(invoice.pk)
    assert delivered(invoice).pdf and Outbox.objects.filter(letter="invoice").count() == 1
    assert EInvoice.objects.get(document=invoice).state == "queued"
