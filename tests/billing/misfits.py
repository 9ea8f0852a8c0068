"""Reports that do not fit what was asked for: no money moves, and staff get them with what was told."""

import pytest

from billing import gateway_reports
from billing.models import Case, Payment


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"amount": 1}, "wrong_amount"),
        ({"currency": "EUR"}, "wrong_currency"),
        ({"merchant": "another"}, "wrong_merchant"),
        ({"customer": "2000002"}, "wrong_customer"),
        ({"reference": "unknown"}, "unknown_payment"),
    ],
)
def test_a_report_that_does_not_fit_is_given_to_staff(buyer, hosting, order, begin, report, told, reason):
    payment = begin(buyer, order(buyer, hosting))
    gateway_reports.apply(report(payment, **told), gateway="sandbox")
    case = Case.objects.get()
    known = reason != "unknown_payment"
    assert case.reason == reason
    assert (case.payment, case.customer) == ((payment, payment.customer) if known else (None, None))
    assert case.details["customer_number"] == told.get("customer", "1000001")
    assert Payment.objects.get().state == "started"
