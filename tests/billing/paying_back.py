"""What a consumer withdraws from was paid by several payments: each goes back the way it came, the sum is right."""

from decimal import Decimal

import pytest

from billing import cart, correcting, gateway_reports, payments, quotes, refunds, review, wallet
from billing.checkout import place
from billing.models import CartItem, Case, Receivable, Refund
from services import withdrawing
from services.models import Service
from services.shown import for_page
from tests.billing.administration import page, token, words
from tests.billing.buying import form, put  # noqa: F401  a shop for new services
from tests.services.bought import as_consumer
from tests.support.jobs import do_jobs

D = Decimal


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def consumer(buyer):
    as_consumer(buyer.membership.customer)
    wallet.adjust(buyer.membership.customer, D("200.00"), text="Gift", reference="gift", by=None)
    return buyer


@pytest.fixture
def bought(client_of, consumer, put, form):  # noqa: F811
    """A new service for 123.00, paid from the balance."""
    put(consumer)
    client_of(consumer).post("/checkout/", form("123.00", early_start="on"))
    payments.pay_from_wallet(consumer.membership.customer, [Receivable.objects.get()], by=consumer)
    do_jobs()
    return Service.objects.get(product__kind="hosting")


@pytest.fixture
def renewed(consumer, bought, prices, begin, report):
    """The same service, renewed for 123.00 paid at the gateway."""
    membership = consumer.membership
    cart.add(membership, bought, prices["hosting"])
    agreed = quotes.of(membership.customer, [CartItem(service=bought, price=prices["hosting"])]).gross
    place(membership, agreed=agreed, by=consumer)
    payment = begin(consumer, Receivable.objects.get(state="open"))
    gateway_reports.apply(report(payment), gateway="sandbox")
    do_jobs()
    payment.refresh_from_db()
    return payment


def withdraw(service, by):
    service = for_page(Service.objects.filter(pk=service.pk)).get()
    withdrawing.withdraw(service, name="Anna", email="a@home.example", contract="Hosting", by=by)
    return Case.objects.get(reason="withdrawal")


def pay_back(admin, case, way, amount, **fields):
    address = page(case, "refund")
    asked = {"way": way, "amount": amount, "reason": "Withdrawn", "token": token(admin, address)} | fields
    answer = admin.post(address, asked)
    case.refresh_from_db()
    return answer


def test_what_was_paid_from_the_balance_and_by_a_gateway_goes_back_both_ways(admin, consumer, bought, renewed):
    case = withdraw(bought, consumer)
    assert case.details["amount"] == "246.00" and [row[1] for row in case.details["shares"]] == ["123.00", "123.00"]
    shown = words(admin.get(page(case, "refund")))
    assert "each of which goes back by itself" in shown and 'value="123.00"' in shown
    assert "Less of this payment is free" in words(pay_back(admin, case, "wallet", "246.00"))
    pay_back(admin, case, "wallet", "123.00")
    assert case.closed_at is None and wallet.of(case.customer).balance == 200
    pay_back(admin, case, "gateway", "123.00")
    assert case.closed_at and case.resolution == "Withdrawn"
    rows = Refund.objects.order_by("pk").values_list("payment__gateway", "way", "amount")
    assert list(rows) == [("wallet", "wallet", D("123.00")), ("sandbox", "gateway", D("123.00"))]
    assert list(review.findings()) == []


def test_a_form_that_is_sent_twice_pays_one_share(admin, consumer, bought, renewed):
    case = withdraw(bought, consumer)
    same = token(admin, page(case, "refund"))
    pay_back(admin, case, "wallet", "123.00", token=same)
    answer = pay_back(admin, case, "wallet", "123.00", token=same)
    assert "cannot be done any more" in words(answer)
    assert Refund.objects.count() == 1 and case.closed_at is None


def test_a_part_of_a_share_leaves_the_rest_to_be_paid_back(admin, consumer, bought):
    case = withdraw(bought, consumer)
    pay_back(admin, case, "wallet", "23.00")
    assert case.closed_at is None
    assert 'value="100.00"' in words(admin.get(page(case, "refund")))
    pay_back(admin, case, "wallet", "100.00")
    assert case.closed_at and wallet.of(case.customer).balance == 200


def test_a_refund_that_failed_is_to_be_paid_back_again(admin, consumer, bought, renewed, administrator):
    case = withdraw(bought, consumer)
    pay_back(admin, case, "wallet", "123.00")
    first = pay_back(admin, case, "gateway", "23.00")
    assert first.status_code == 302
    refunds.give_up(Refund.objects.get(way="gateway"), by=administrator)
    pay_back(admin, case, "by_hand", "123.00")
    assert case.closed_at
    assert refunds.left(renewed) == 0


def test_what_has_gone_back_before_does_not_go_back_again(admin, consumer, bought, renewed, administrator):
    """Staff had been generous: 50.00 of the renewal."""
    refunds.request(renewed, D("50.00"), way="by_hand", reason="Sorry", by=administrator)
    case = withdraw(bought, consumer)
    assert case.details["amount"] == "196.00"
    pay_back(admin, case, "wallet", "123.00")
    assert "Less of this payment is free" in words(pay_back(admin, case, "gateway", "73.01"))
    pay_back(admin, case, "gateway", "73.00")
    assert case.closed_at and refunds.left(renewed) == 0


def test_what_was_corrected_before_is_not_given_back(consumer, bought, renewed, administrator):
    invoice = renewed.parts.get().receivable.document.invoices.get()
    correcting.correct(invoice, {1: (D("0.5"), D("123.00"))}, reason="Discount", by=administrator)
    assert withdraw(bought, consumer).details["amount"] == "184.50"
