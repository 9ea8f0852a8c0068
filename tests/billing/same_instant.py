"""Two want the same at the same moment: one gets it, the other's money is not lost, and both are told the truth."""

import pytest

from billing import cart, checkout, gateway_reports, payments, review, settlement, wallet
from billing.models import Case, Document, OrderLine, Payment, Receivable
from services.models import Price, Product, ProvisioningJob, Service
from services.purchasing import Wanted
from tests.billing.domains_bought import neighbour, sold  # noqa: F401  somebody else, and names for sale
from tests.billing.shop import page_of
from tests.support.jobs import do_jobs
from tests.together import meeting

pytestmark = pytest.mark.usefixtures("postgresql")
NAME, GROSS = "garden.pl", "61.50"


@pytest.fixture
def wanted(buyer, neighbour, sold, terms, begin):  # noqa: F811
    """Two payments of two customers for one name, each on its way."""

    def order(person):
        membership = person.membership
        cart.put(membership, Wanted(sold, sold.prices.get(), domain=NAME, origin="registered"))
        agreed = cart.quote(membership, cart.items(membership)).gross
        ordered = checkout.place(membership, agreed=agreed, by=person, terms=terms, early_start=True)
        return begin(person, ordered.proforma.receivable)

    return [order(buyer), order(neighbour)]


def come(together, report, wanted):
    """The money of both comes at once."""
    return together(2, lambda i: gateway_reports.apply(report(wanted[i]), gateway="sandbox"))


def test_a_name_that_two_have_paid_for_at_once_is_one_customers(
    client_of,
    wanted,
    report,
    together,
):
    answers = come(together, report, wanted)
    assert [outcome for _payment, outcome in answers] == ["paid", "paid"]
    [service] = Service.objects.filter(domain=NAME)
    assert ProvisioningJob.objects.filter(act="create").count() == 1
    failed = OrderLine.objects.get(state="failed")
    case = Case.objects.get()
    assert (case.reason, case.key, case.payment.customer) == ("not_delivered", failed.reference, failed.order.customer)
    assert service.customer != case.payment.customer
    assert Document.objects.filter(kind="invoice").count() == 2, "money that came is invoiced, and corrected by staff"
    loser = case.customer.memberships.get(role="owner").user
    client = client_of(loser)
    assert "Our support is looking into it" in page_of(client, f"/orders/{failed.order_id}/")
    assert NAME in page_of(client, f"/payments/{case.payment.token}/")
    do_jobs()
    service.refresh_from_db()
    assert service.status == "active" and list(review.findings()) == []


def test_without_the_lock_both_would_get_it(wanted, report, together, monkeypatch):
    """The negative control: both look whether it is free before either takes it."""
    wait, look = meeting(), settlement.kept_here

    def looked(names):
        found = look(names)
        wait()
        return found

    monkeypatch.setattr(settlement, "lock_names", lambda lines: None)
    monkeypatch.setattr(settlement, "kept_here", looked)
    come(together, report, wanted)
    assert Service.objects.filter(domain=NAME).count() == 2


@pytest.fixture
def last(buyer, products, prices, terms, begin):
    """The payment for the last piece of hosting, on its way."""
    Product.objects.filter(pk=products["hosting"].pk).update(stock=1)
    cart.put(buyer.membership, Wanted(products["hosting"], Price.objects.get(product=products["hosting"])))
    agreed = cart.quote(buyer.membership, cart.items(buyer.membership)).gross
    order = checkout.place(buyer.membership, agreed=agreed, by=buyer, terms=terms)
    return begin(buyer, order.proforma.receivable)


def all_is_told(client_of, buyer, products, payment, outcome):
    """Whichever was first: paid and set up, or cancelled with the piece back and the money with staff."""
    receivable, line = Receivable.objects.get(), OrderLine.objects.get()
    stock = Product.objects.get(pk=products["hosting"].pk).stock
    payment.refresh_from_db()
    page = page_of(client_of(buyer), f"/payments/{payment.token}/")
    if receivable.state == "paid":
        assert (line.state, stock, Service.objects.count(), Case.objects.count()) == ("done", 0, 1, 0)
        assert outcome is False
    else:
        assert (receivable.state, line.state, stock, Service.objects.count()) == ("cancelled", "cancelled", 1, 0)
        if payment.is_paid:
            case = Case.objects.get()
            assert (case.reason, case.payment, case.details["amount"]) == ("paid_already", payment, "123.00")
            assert "support" in page
    assert list(review.findings()) == []


@pytest.mark.parametrize("attempt", range(3))
def test_a_payment_and_the_cancelling_of_its_order_at_once(
    client_of, buyer, products, last, report, together, attempt
):
    receivable = Receivable.objects.get()

    def one(i):
        if i == attempt % 2:
            return gateway_reports.apply(report(last), gateway="sandbox")[1]
        return checkout.cancel(receivable, by=buyer)

    answers = together(2, one)
    assert answers[attempt % 2] == "paid"
    all_is_told(client_of, buyer, products, last, answers[1 - attempt % 2])


def test_a_payment_for_an_order_that_was_cancelled_meanwhile(client_of, buyer, products, last, report):
    assert checkout.cancel(Receivable.objects.get(), by=buyer)
    gateway_reports.apply(report(last), gateway="sandbox")
    assert Payment.objects.get().is_paid
    all_is_told(client_of, buyer, products, last, True)


@pytest.mark.parametrize("attempt", range(3))
def test_the_balance_pays_while_the_order_is_cancelled(client_of, buyer, products, last, together, attempt):
    """From the balance nothing is paid that is cancelled: no money moves."""
    customer, receivable = buyer.membership.customer, Receivable.objects.get()
    wallet.adjust(customer, receivable.amount, text="Gift", reference="gift", by=None)

    def one(i):
        if i == attempt % 2:
            return payments.pay_from_wallet(customer, [receivable], by=buyer)
        return checkout.cancel(receivable, by=buyer)

    answers = together(2, one)
    paid, outcome = answers[attempt % 2], answers[1 - attempt % 2]
    if isinstance(paid, Payment):
        assert wallet.of(customer).balance == 0
    else:
        assert isinstance(paid, payments.NothingToPay) and wallet.of(customer).balance == receivable.amount
    all_is_told(client_of, buyer, products, paid if isinstance(paid, Payment) else last, outcome)
