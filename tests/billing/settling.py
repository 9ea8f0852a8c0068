"""A confirmed payment: what it brings about, and that it brings it about once."""

from datetime import timedelta
from decimal import Decimal

from accounts.models import Event
from billing import gateway_reports
from billing.models import Document, OrderLine


def test_a_paid_proforma_becomes_an_invoice_and_a_longer_service(buyer, hosting, order, begin, report):
    before = hosting.ends_on
    receivable = order(buyer, hosting)
    assert receivable.amount == Decimal("123.00")
    payment = begin(buyer, receivable)
    for _ in range(3):
        gateway_reports.apply(report(payment), gateway="sandbox")
    receivable.refresh_from_db(), hosting.refresh_from_db()
    assert receivable.state == "paid"
    invoice = Document.objects.get(kind="invoice")
    assert invoice.number == f"FV/1/{invoice.year}"
    assert invoice.proforma == receivable.document
    assert (invoice.net, invoice.vat, invoice.gross) == (Decimal(100), Decimal(23), Decimal(123))
    assert hosting.ends_on > before + timedelta(days=360)
    assert invoice.period_from == before + timedelta(days=1)
    assert invoice.period_to == hosting.ends_on
    assert OrderLine.objects.get().state == "done"
    assert Event.objects.filter(action="document_paid").get().by_id == buyer.pk
