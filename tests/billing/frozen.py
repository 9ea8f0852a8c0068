"""What was issued is never changed or deleted: the database itself refuses."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.history import unlocked
from billing import gateway_reports, wallet
from billing.models import Document, DocumentLine, DocumentRate, WalletEntry

FROZEN = {Document: "language", DocumentLine: "name", DocumentRate: "rate", WalletEntry: "text"}
REFUSED = "what was issued is never changed or deleted"


@pytest.fixture
def issued(buyer, hosting, order, begin, report):
    """A proforma, its invoice, and a movement of the balance."""
    gateway_reports.apply(report(begin(buyer, order(buyer, hosting))), gateway="sandbox")
    wallet.adjust(buyer.membership.customer, Decimal(5), text="x", reference="x", by=buyer)


@pytest.mark.parametrize("model", FROZEN)
def test_nothing_issued_is_changed(issued, model):
    before = list(model.objects.order_by("pk").values())
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        model.objects.update(**{FROZEN[model]: "x"})
    row = model.objects.order_by("pk").first()
    setattr(row, FROZEN[model], "x")
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        row.save()
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("model", FROZEN)
def test_nothing_issued_is_deleted(issued, model):
    before = model.objects.count()
    assert before
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        model.objects.all()._raw_delete("default")
    assert model.objects.count() == before


@pytest.mark.parametrize("model", FROZEN)
def test_no_key_opens_the_way_to_a_change(issued, model):
    """The one way round the triggers lets rows go in the end; it lets nobody rewrite them."""
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(), unlocked():
        model.objects.update(**{FROZEN[model]: "x"})


def test_movements_may_go_when_their_time_is_over(issued):
    """The negative control: with the door open a row is deleted, so it is the trigger that refuses above."""
    with transaction.atomic(), unlocked():
        WalletEntry.objects.all()._raw_delete("default")
    assert not WalletEntry.objects.exists()


@pytest.mark.parametrize("model", FROZEN)
def test_no_table_is_emptied(issued, model, postgresql):
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")
