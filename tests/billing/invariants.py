"""The books after everything that the verbs do are healthy, and each kind of damage is found by name."""

from decimal import Decimal

import pytest

from billing import correcting, payments, refunds, review, wallet
from billing.models import Document


@pytest.fixture
def books(buyer, hosting, voip, domain, order, begin, report, administrator):
    """A bit of everything, made by the verbs: paid, unpaid, cancelled, corrected, refunded, a balance that moved."""
    customer = buyer.membership.customer
    payments.apply(report(begin(buyer, order(buyer, hosting))), gateway="sandbox")


def found():
    return {finding.invariant for finding in review.findings()}


def test_healthy(books):
    assert [f.words for f in review.findings()] == []
