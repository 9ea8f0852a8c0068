"""One invoice a month for what was charged for use: to the grosz what the balance has paid, and never a second."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.models import BackgroundTask, Event
from billing import charging, correcting, delivering, jobs, pdfs, review, usage_invoices
from billing.models import Case, Document, UsageCharge, UsageInvoice
from services import usage
from tests import cast
from tests.billing.usage import call, put

D = Decimal
WARSAW = ZoneInfo("Europe/Warsaw")
OCTOBER, NOVEMBER, DECEMBER = (datetime(2026, month, 5, 12, tzinfo=WARSAW) for month in (10, 11, 12))
LAST_MINUTE = datetime(2026, 10, 31, 23, 59, tzinfo=WARSAW)


@pytest.fixture
def used(company, owner, voip):
    """`used(moment, "c1", "c2")` are calls told and charged then, 0.07 net each."""

    def used(moment, *references, service=voip, net="0.07"):
        with time_machine.travel(moment, tick=False):
            usage.report(service, [call(reference, net) for reference in references])
            charging.charge.call(company.pk)

    with time_machine.travel(OCTOBER, tick=False):
        put(company, "100.00")
    return used


def night(moment):
    """The clock of the night, and the tasks that it writes."""
    with time_machine.travel(moment, tick=False):
        BackgroundTask.objects.all().delete()
        jobs.invoice_usage.call()
        for task in BackgroundTask.objects.filter(task_path="billing.usage_invoices.issue_due"):
            usage_invoices.issue_due.call(*task.args_kwargs["args"])


def invoices():
    return list(Document.objects.filter(kind="invoice").order_by("pk"))


def test_a_month_becomes_one_invoice_to_the_grosz(used, company, voip):
    used(OCTOBER, "c1", "c2", "c3")
    night(OCTOBER)
    assert invoices() == []
    for _ in range(2):
        night(NOVEMBER)
    (invoice,) = invoices()
    # Three calls of 0.09 gross; 0.21 net and its tax would make 0.26.
    assert (invoice.net, invoice.vat, invoice.gross) == (D("0.22"), D("0.05"), D("0.27"))
    assert (invoice.from_gross, invoice.paid_by, invoice.paid_on) == (True, "wallet", OCTOBER.date())
    assert (invoice.period_from, invoice.period_to, invoice.supplied_on) == (OCTOBER.date(), OCTOBER.date(), None)
    (line,) = invoice.lines.all()
    assert line.name == "Phone line – Office phone, use: 30 min"
    assert (line.quantity, line.price, line.service_id, line.tax_rate) == (1, D("0.27"), voip.pk, "23")
    assert invoice.buyer.tax_id == company.tax_id and invoice.proforma is None and invoice.order is None
    assert invoice.usage_invoice.month.isoformat() == "2026-10-01"
    assert Event.objects.filter(action="invoice_issued", details__document=invoice.number).count() == 1
    assert invoice.status == "paid"


def test_each_month_and_each_service_stands_for_itself(used, company, products, voip):
    other = cast.service(company, products["voip"], "Second line")
    used(OCTOBER, "a1", "a2")
    used(LAST_MINUTE, "a3", service=other, net="1.00")
    used(NOVEMBER, "a4")
    night(NOVEMBER)
    night(DECEMBER)
    october, november = invoices()
    assert [line.price for line in october.lines.all()] == [D("0.18"), D("1.23")]
    assert (october.gross, november.gross) == (D("1.41"), D("0.09"))
    assert [row.month.month for row in UsageInvoice.objects.order_by("pk")] == [10, 11]


def test_months_that_were_missed_are_made_up_for(used):
    used(OCTOBER, "c1")
    used(NOVEMBER, "c2")
    night(DECEMBER)
    assert [row.month.month for row in UsageInvoice.objects.order_by("pk")] == [10, 11]


def test_what_came_too_late_for_its_month_is_on_the_next(used, company):
    used(OCTOBER, "c1")
    night(NOVEMBER)
    used(LAST_MINUTE, "c2")
    used(NOVEMBER, "c3")
    night(NOVEMBER)
    assert len(invoices()) == 1
    night(DECEMBER)
    assert [invoice.gross for invoice in invoices()] == [D("0.09"), D("0.18")]
    assert not UsageCharge.objects.filter(invoice=None).exists()


def test_what_was_not_charged_and_what_is_free_is_not_invoiced(used):
    used(OCTOBER, "c1", net="500.00")
    used(OCTOBER, "c2", net="0.00")
    night(NOVEMBER)
    assert invoices() == []


def test_whom_nothing_can_be_invoiced_to_is_told_to_staff_until_it_can(used, company):
    used(OCTOBER, "c1")
    company.street = ""
    company.save()
    for _ in range(2):
        night(NOVEMBER)
    assert invoices() == []
    case = Case.objects.get()
    assert (case.reason, case.times, case.customer, case.closed_at) == ("not_invoiced", 2, company, None)
    company.street = "ul. Lipowa 1"
    company.save()
    night(NOVEMBER)
    case.refresh_from_db()
    assert len(invoices()) == 1 and case.closed_at


def test_a_run_that_dies_half_way_leaves_nothing_and_the_next_one_does_it(used, monkeypatch):
    used(OCTOBER, "c1")
    create = UsageInvoice.objects.create

    def die(**fields):
        create(**fields)
        raise SystemExit

    monkeypatch.setattr(UsageInvoice.objects, "create", die)
    with pytest.raises(SystemExit):
        night(NOVEMBER)
    assert invoices() == [] and not UsageInvoice.objects.exists()
    monkeypatch.undo()
    night(NOVEMBER)
    (invoice,) = invoices()
    assert invoice.sequence == 1


def test_it_is_mailed_with_its_pdf_and_can_be_corrected(used, administrator, client_of, owner, deliver):
    used(OCTOBER, "c1", "c2")
    night(NOVEMBER)
    (invoice,) = invoices()
    assert pdfs.make(invoice).startswith(b"%PDF")
    delivering.deliver.call(invoice.pk)
    (mail,) = [mail for mail in deliver() if invoice.number in mail.subject]
    assert mail.attachments
    with time_machine.travel(NOVEMBER):
        correction = correcting.correct(invoice, {1: (1, D("0.10"))}, reason="Reklamacja", by=administrator)
    assert correction.gross == D("-0.08")
    page = client_of(owner).get(f"/invoices/{invoice.pk}/").content.decode()
    assert correction.number in page
    assert list(review.findings()) == []


def test_the_page_of_an_invoice_names_no_other_months(used, client_of, owner):
    used(OCTOBER, "c1")
    used(NOVEMBER, "c2")
    night(DECEMBER)
    first, second = invoices()
    page = client_of(owner).get(f"/invoices/{first.pk}/").content.decode()
    assert first.number in page and second.number not in page


@pytest.mark.usefixtures("postgresql")
def test_many_workers_issue_one_invoice(used, company, together):
    used(OCTOBER, "c1", "c2")
    with time_machine.travel(NOVEMBER):
        assert together(8, lambda n: usage_invoices.issue_due.call(company.pk)) == [None] * 8
    assert len(invoices()) == 1 and UsageInvoice.objects.count() == 1
    assert list(review.findings()) == []


def test_long_uninvoiced_charges_are_found(used):
    used(OCTOBER, "c1")
    with time_machine.travel(DECEMBER):
        assert [finding.invariant for finding in review.findings()] == ["charges_are_invoiced"]
    with time_machine.travel(NOVEMBER):
        assert timezone.localdate().month == 11 and list(review.findings()) == []
