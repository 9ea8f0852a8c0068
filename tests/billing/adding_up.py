"""A document adds up in the database too, whatever its amounts: SQLite adds in floating point."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from billing.models import Document, DocumentRate
from services.models import Price


@pytest.mark.parametrize("net", ["0.10", "59.90", "100.10", "458.90", "99999999.99"])
def test_every_amount_adds_up(buyer, hosting, order, net):
    Price.objects.update(net=Decimal(net))
    document = order(buyer, hosting).document
    stored = Document.objects.get(pk=document.pk)
    assert stored.gross == stored.net + stored.vat == Decimal(net) + stored.vat


def test_what_does_not_add_up_is_refused(buyer, hosting, order):
    document = order(buyer, hosting).document
    with pytest.raises(IntegrityError, match="adds_up"):
        DocumentRate.objects.create(document=document, rate="8", net=Decimal("0.10"), vat=Decimal("0.20"), gross=31)
