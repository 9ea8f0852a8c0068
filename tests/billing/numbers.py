"""Numbers of documents: 1, 2, 3 … in each series and year, and none without its document."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Provider
from billing import checkout, correcting, gateway_reports, numbering
from billing.models import Document, NumberSeries


class Elsewhere(Exception):
    """Something fails after the number was drawn."""


def drawn(provider, code="FV", year=2027):
    with transaction.atomic():
        return numbering.draw(provider, code, year)


def test_numbers_follow_each_other_in_each_series_and_year(provider):
    other = Provider.objects.create(name="B", legal_name="B", tax_id="5252344078", street="-", city="-", phone="-")
    assert [drawn(provider) for _ in range(3)] == [1, 2, 3]
    assert drawn(provider, code="FK") == 1
    assert drawn(provider, year=2028) == 1
    assert drawn(other) == 1
    assert drawn(provider) == 4


def test_a_number_that_was_rolled_back_is_drawn_by_the_next(provider):
    assert drawn(provider) == 1
    with pytest.raises(Elsewhere), transaction.atomic():
        assert numbering.draw(provider, "FV", 2027) == 2
        raise Elsewhere
    assert drawn(provider) == 2


def test_the_first_number_of_a_year_that_was_rolled_back(provider):
    with pytest.raises(Elsewhere), transaction.atomic():
        numbering.draw(provider, "FV", 2027)
        raise Elsewhere
    assert not NumberSeries.objects.exists()
    assert drawn(provider) == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_draws_a_number_outside_the_transaction_of_a_document(provider):
    with pytest.raises(transaction.TransactionManagementError):
        numbering.draw(provider, "FV", 2027)


def test_each_kind_has_its_series(buyer, hosting, order, begin, report, administrator):
    gateway_reports.apply(report(begin(buyer, order(buyer, hosting))), gateway="sandbox")
    correcting.cancel(Document.objects.get(kind="invoice"), reason="Rezygnacja", by=administrator)
    year = timezone.localdate().year
    assert sorted(Document.objects.values_list("kind", "number")) == [
        ("correction", f"FK/1/{year}"),
        ("invoice", f"FV/1/{year}"),
        ("proforma", f"PRO/1/{year}"),
    ]


def test_a_cancelled_proforma_keeps_its_number(buyer, hosting, order):
    checkout.cancel(order(buyer, hosting), by=buyer)
    assert order(buyer, hosting).document.sequence == 2


def test_a_new_year_begins_with_one(buyer, hosting, voip, order):
    with time_machine.travel("2026-06-01 12:00", tick=False):
        assert order(buyer, hosting).document.number == "PRO/1/2026"
    with time_machine.travel("2027-06-01 12:00", tick=False):
        assert order(buyer, voip).document.number == "PRO/1/2027"


@pytest.mark.parametrize("field", ["sequence", "number"])
def test_the_database_takes_no_number_twice(buyer, hosting, order, field):
    """The negative control of the lock: even a drawing that repeats itself cannot make two documents."""
    document = order(buyer, hosting).document
    values = {name: getattr(document, name) for name in ("sequence", "number")}
    values |= {name: value for name, value in {"sequence": 99, "number": "PRO/99"}.items() if name != field}
    document.pk, document._state.adding, document.order = None, True, None
    for name, value in values.items():
        setattr(document, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save()
