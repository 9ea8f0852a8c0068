"""Money touched by several at the same moment: one effect, nothing lost, and what happens without the guards."""

from datetime import timedelta
from decimal import Decimal
from functools import wraps
from itertools import count

import pytest
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models import Max, Sum
from django.utils import timezone

from billing import (
    bank,
    cart,
    checkout,
    gateway_reports,
    gateways,
    invoicing,
    numbering,
    payments,
    quotes,
    refunds,
    settlement,
    wallet,
)
from billing.models import (
    CartItem,
    Case,
    Document,
    Order,
    OrderLine,
    Payment,
    PaymentPart,
    Receivable,
    Refund,
    Wallet,
    WalletEntry,
)
from billing.parties import Buyer
from services import expiry
from services.models import Extension, Service
from tests.emptying import empty
from tests.together import meeting

pytestmark = pytest.mark.usefixtures("postgresql")
PRICE = Decimal("123.00")


@pytest.fixture
def no_locks(monkeypatch):
    """SELECT … FOR UPDATE no longer locks anything."""
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **kwargs: rows)


@pytest.fixture
def meet(monkeypatch):
    """`meet(module, name)` has two callers of that function wait for each other before they go in, once."""

    def meet(where, name):
        function, barrier = getattr(where, name), meeting()

        @wraps(function)
        def together_with(*args, **kwargs):
            barrier()
            return function(*args, **kwargs)

        monkeypatch.setattr(where, name, together_with)

    return meet


@pytest.fixture
def without(transactional_db):
    """`without(model, name)` drops a constraint until the end of the test."""
    dropped = []

    def without(model, name):
        constraint = next(one for one in model._meta.constraints if one.name == name)
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, constraint)
        dropped.append((model, constraint))

    yield without
    if dropped:
        # What broke the constraints must go before they can come back.
        empty()
        with connection.schema_editor() as editor:
            for model, constraint in dropped:
                editor.add_constraint(model, constraint)


@pytest.fixture
def nothing_is_paid_once(without):
    """The last line of defence is down: the database takes a second payment and a second invoice."""
    without(PaymentPart, "a_document_is_paid_once")
    without(Document, "a_proforma_becomes_one_invoice")


@pytest.fixture
def rich(buyer):
    """`buyer` with a balance for three of the services."""
    wallet.adjust(buyer.membership.customer, 3 * PRICE, text="Start", reference="start", by=buyer)
    return buyer


@pytest.fixture
def topped_up(buyer, begin, report):
    """The confirmed payment that put as much into the balance as one service costs."""
    customer = buyer.membership.customer
    payment = payments.start_top_up(customer, PRICE, gateway=gateways.find("sandbox"), by=buyer)
    gateway_reports.apply(report(payment), gateway="sandbox")
    payment.refresh_from_db()
    return payment


def kinds(answers):
    """What came of each, sorted: "ok" or the name of the exception."""
    return sorted(type(answer).__name__ if isinstance(answer, Exception) else "ok" for answer in answers)


def balance(customer):
    return Wallet.objects.get(customer=customer).balance


def pay(rich, receivable):
    return lambda i: payments.pay_from_wallet(rich.membership.customer, [receivable], by=rich)


def test_two_tabs_pay_the_same_proforma_from_the_balance(rich, hosting, order, together):
    receivable = order(rich, hosting)
    assert kinds(together(2, pay(rich, receivable))) == ["NothingToPay", "ok"]
    assert balance(receivable.customer) == 2 * PRICE
    assert Document.objects.filter(kind="invoice").count() == 1


def test_without_the_locks_the_database_still_refuses_the_second_tab(rich, hosting, order, together, no_locks, meet):
    receivable = order(rich, hosting)
    meet(payments, "write")
    assert kinds(together(2, pay(rich, receivable))) == ["IntegrityError", "ok"]
    assert balance(receivable.customer) == 2 * PRICE


def test_without_any_guard_two_tabs_pay_twice(rich, hosting, order, together, no_locks, nothing_is_paid_once, meet):
    receivable = order(rich, hosting)
    meet(payments, "write")
    assert kinds(together(2, pay(rich, receivable))) == ["ok", "ok"]
    assert balance(receivable.customer) == PRICE
    assert Document.objects.filter(kind="invoice").count() == 2


def from_balance_and_gateway(rich, receivable, payment, report):
    """Thread 0 pays from the balance, thread 1 hears of the gateway's money."""

    def one(i):
        if i == 0:
            return pay(rich, receivable)(0)
        return gateway_reports.apply(report(payment), gateway="sandbox")

    return one


@pytest.mark.parametrize("attempt", range(3))
def test_the_balance_and_a_gateway_pay_the_same_proforma(rich, hosting, order, begin, report, together, attempt):
    receivable = order(rich, hosting)
    payment = begin(rich, receivable)
    answers = together(2, from_balance_and_gateway(rich, receivable, payment, report))
    settled = PaymentPart.objects.get(settled=True).payment
    if settled == payment:
        assert isinstance(answers[0], payments.NothingToPay)
        assert (balance(receivable.customer), Case.objects.count()) == (3 * PRICE, 0)
    else:
        assert balance(receivable.customer) == 2 * PRICE
        assert Case.objects.get().reason == "paid_already"
    payment.refresh_from_db()
    assert payment.is_paid
    assert Document.objects.filter(kind="invoice").count() == 1
    assert Extension.objects.count() == 1


def test_without_guards_the_balance_and_a_gateway_both_pay(
    rich, hosting, order, begin, report, together, no_locks, nothing_is_paid_once, meet
):
    receivable = order(rich, hosting)
    payment = begin(rich, receivable)
    meet(settlement, "mark_paid")
    assert kinds(together(2, from_balance_and_gateway(rich, receivable, payment, report))) == ["ok", "ok"]
    assert PaymentPart.objects.filter(settled=True).count() == 2
    assert not Case.objects.exists()


@pytest.fixture
def overlapping(buyer, hosting, voip, order, begin):
    """Two payments for the same two proformas, begun in opposite order."""
    first, second = order(buyer, hosting), order(buyer, voip)
    one = begin(buyer, first, second)
    Payment.objects.filter(pk=one.pk).update(page="")
    return [one, begin(buyer, second, first)]


def test_payments_for_overlapping_documents_never_block_each_other(overlapping, report, together):
    answers = together(2, lambda i: gateway_reports.apply(report(overlapping[i]), gateway="sandbox"))
    assert kinds(answers) == ["ok", "ok"]
    assert {part.payment_id for part in PaymentPart.objects.filter(settled=True)} < {row.pk for row in overlapping}
    assert PaymentPart.objects.filter(settled=True).count() == 2
    assert Case.objects.get().reason == "paid_already"
    assert Case.objects.get().details["amount"] == "147.60"


def test_locked_in_another_order_they_do_block_each_other(overlapping, report, together, monkeypatch):
    barrier = meeting()

    def locked_one_by_one(rows):
        keys = sorted(row.pk for row in rows)
        # One begins with the first row, the other with the last.
        keys = keys if Payment.objects.filter(state="paid", pk=overlapping[0].pk).exists() else keys[::-1]
        found = []
        for key in keys:
            found.append(rows.select_for_update(of=["self"]).get(pk=key))
            barrier()
        return found

    monkeypatch.setattr(settlement, "locked", locked_one_by_one)
    answers = together(2, lambda i: gateway_reports.apply(report(overlapping[i]), gateway="sandbox"))
    assert OperationalError in map(type, answers)
    assert "deadlock" in str(next(answer for answer in answers if isinstance(answer, OperationalError)))


def fill(person, *services):
    """Puts a year of each into the person's cart; returns what it costs."""
    for service in services:
        cart.add(person.membership, service, service.product.prices.get())
    found = cart.items(person.membership)
    return quotes.of(person.membership.customer, found).gross


def test_the_same_cart_is_ordered_in_two_tabs_once(buyer, hosting, voip, together):
    agreed = fill(buyer, hosting, voip)
    answers = together(2, lambda i: checkout.place(buyer.membership, agreed=agreed, by=buyer))
    assert kinds(answers) == ["EmptyCart", "ok"]
    assert Order.objects.count() == Document.objects.count() == 1
    assert not buyer.membership.cart_items.exists()


def test_two_people_order_the_same_service_once(buyer, administrative, hosting, together):
    people = [buyer, administrative]
    agreed = [fill(person, hosting) for person in people]
    answers = together(2, lambda i: checkout.place(people[i].membership, agreed=agreed[i], by=people[i]))
    assert kinds(answers) == ["EmptyCart", "ok"]
    assert OrderLine.objects.count() == 1


@pytest.mark.parametrize("tabs", ["of one person", "of two people"])
def test_without_guards_a_service_is_ordered_twice(
    buyer, administrative, hosting, together, no_locks, without, meet, tabs
):
    without(OrderLine, "a_service_is_ordered_once_at_a_time")
    people = [buyer, administrative if tabs == "of two people" else buyer]
    agreed = [fill(person, hosting) for person in people]
    meet(checkout, "issue_proforma")
    answers = together(2, lambda i: checkout.place(people[i].membership, agreed=agreed[i], by=people[i]))
    assert kinds(answers) == ["ok", "ok"]
    assert Receivable.objects.filter(state="open").count() == 2


@pytest.fixture
def settled(buyer, hosting, order, begin, report):
    """A payment of the gateway that has paid a proforma."""
    payment = begin(buyer, order(buyer, hosting))
    gateway_reports.apply(report(payment), gateway="sandbox")
    payment.refresh_from_db()
    return payment


def give_back(payment, by):
    return lambda i: refunds.request(payment, payment.amount, way=Refund.Way.WALLET, reason="Twice", by=by)


def test_refunds_at_once_never_give_back_more_than_came(settled, administrator, together):
    assert kinds(together(5, give_back(settled, administrator))) == ["NotRefundable"] * 4 + ["ok"]
    assert refunds.sum_of(settled) == balance(settled.customer) == PRICE


def test_without_the_lock_more_goes_back_than_came(settled, administrator, together, no_locks, meet):
    meet(refunds, "ways")
    assert kinds(together(2, give_back(settled, administrator))) == ["ok", "ok"]
    assert refunds.sum_of(settled) == balance(settled.customer) == 2 * PRICE


def refund_and_spend(topped_up, receivable, buyer, administrator):
    """Thread 0 gives the top-up back, thread 1 pays with it."""

    def one(i):
        if i == 0:
            return refunds.request(topped_up, PRICE, way=Refund.Way.BY_HAND, reason="Back", by=administrator)
        return payments.pay_from_wallet(topped_up.customer, [receivable], by=buyer)

    return one


def test_a_top_up_goes_back_or_is_spent(topped_up, buyer, hosting, order, administrator, together):
    receivable = order(buyer, hosting)
    answers = together(2, refund_and_spend(topped_up, receivable, buyer, administrator))
    assert kinds(answers) == ["NotEnough", "ok"]
    assert balance(topped_up.customer) == 0
    receivable.refresh_from_db()
    assert (Refund.objects.count(), receivable.state) in [(1, "open"), (0, "paid")]


def test_without_the_lock_a_top_up_goes_back_and_is_spent(
    topped_up, buyer, hosting, order, administrator, together, no_locks, monkeypatch
):
    receivable, barrier, read = order(buyer, hosting), meeting(), Wallet.balance.fget

    def read_at_once(row):
        amount = read(row)
        barrier()
        return amount

    monkeypatch.setattr(Wallet, "balance", property(read_at_once))
    assert kinds(together(2, refund_and_spend(topped_up, receivable, buyer, administrator))) == ["ok", "ok"]
    entries = WalletEntry.objects.filter(wallet__customer=topped_up.customer)
    assert entries.aggregate(sum=Sum("amount"))["sum"] == -PRICE


def cancel_and_pay(receivable, payment, report, cancel):
    """Thread 0 takes the order back, thread 1 hears that it is paid."""
    return lambda i: gateway_reports.apply(report(payment), gateway="sandbox") if i else cancel(receivable)


def withdraw(person):
    return lambda receivable: checkout.cancel(receivable, by=person)


def lapse(receivable):
    return bool(checkout.lapse())


@pytest.fixture
def unpaid(buyer, hosting, order, begin):
    """(receivable, payment) of an order that would lapse tonight and is being paid."""
    receivable = order(buyer, hosting)
    Receivable.objects.filter(pk=receivable.pk).update(due_on=timezone.localdate() - timedelta(days=31))
    return receivable, begin(buyer, receivable)


@pytest.mark.parametrize("way", ["cancel", "lapse"])
@pytest.mark.parametrize("attempt", range(2))
def test_an_order_is_taken_back_or_paid(unpaid, buyer, report, together, way, attempt):
    receivable, payment = unpaid
    cancel = withdraw(buyer) if way == "cancel" else lapse
    answers = together(2, cancel_and_pay(receivable, payment, report, cancel))
    assert kinds(answers) == ["ok", "ok"]
    receivable.refresh_from_db(), payment.refresh_from_db()
    assert payment.is_paid
    if receivable.state == "paid":
        assert answers[0] is False
        assert (OrderLine.objects.get().state, Extension.objects.count(), Case.objects.count()) == ("done", 1, 0)
    else:
        assert answers[0] is True
        assert (OrderLine.objects.get().state, Extension.objects.count()) == ("cancelled", 0)
        assert Case.objects.get().reason == "paid_already"


@pytest.mark.parametrize("way", ["cancel", "lapse"])
def test_without_the_locks_an_order_is_taken_back_and_paid(
    unpaid, buyer, report, together, no_locks, without, monkeypatch, way
):
    without(Receivable, "paid_says_when")
    receivable, payment = unpaid
    barrier, read = meeting(), checkout.locked_one

    def read_at_once(rows, **which):
        row = read(rows, **which)
        barrier()
        return row

    def lock_no_services(due):
        barrier()

    monkeypatch.setattr(checkout, "locked_one", read_at_once)
    monkeypatch.setattr(settlement, "lock_services", lock_no_services)
    cancel = withdraw(buyer) if way == "cancel" else lapse
    answers = together(2, cancel_and_pay(receivable, payment, report, cancel))
    assert answers[0] is True
    assert Extension.objects.count() == Document.objects.filter(kind="invoice").count() == 1
    assert not Case.objects.exists()


class RolledBack(Exception):
    """What three in ten of those who issue run into."""


@pytest.fixture
def issue(buyer, hosting, prices):
    """`issue(i)` issues a proforma; three in ten roll back."""
    customer = buyer.membership.customer
    quote = quotes.of(customer, [CartItem(service=hosting, price=prices["hosting"])])

    @transaction.atomic
    def issue(i):
        order = Order.objects.create(customer=customer, placed_by=buyer)
        invoicing.issue_proforma(order, buyer=Buyer.of(customer), lines=quote.lines, from_gross=False, language="en")
        if i % 10 < 3:
            raise RolledBack

    return issue


def sequences():
    return sorted(Document.objects.values_list("sequence", flat=True))


def test_twenty_issue_at_once_and_no_number_is_missing(issue, together):
    answers = together(20, issue)
    assert kinds(answers) == ["RolledBack"] * 6 + ["ok"] * 14
    assert sequences() == list(range(1, 15))
    answers = together(20, issue)
    assert sequences() == list(range(1, 29))


def test_a_counter_beside_the_transaction_leaves_gaps(issue, together, monkeypatch):
    counter = count(1)
    monkeypatch.setattr(numbering, "draw", lambda provider, code, year: next(counter))
    together(20, issue)
    assert len(sequences()) == 14
    assert sequences() != list(range(1, 15))


def test_the_highest_number_and_one_is_drawn_twice(issue, together, monkeypatch):
    barrier = meeting()

    def draw(provider, code, year):
        highest = Document.objects.aggregate(highest=Max("sequence"))["highest"] or 0
        barrier()
        return highest + 1

    monkeypatch.setattr(numbering, "draw", draw)
    assert kinds(together(2, lambda i: issue(i + 5))) == ["IntegrityError", "ok"]


def test_an_extension_happens_once_however_many_ask(hosting, together):
    before = hosting.ends_on
    answers = together(5, lambda i: expiry.extend(hosting, 12, reference="once", by=None))
    assert len({answer.pk for answer in answers}) == 1
    hosting.refresh_from_db()
    assert hosting.ends_on == expiry.next_period(Service(ends_on=before), 12)[1]


def test_different_extensions_at_once_add_up(hosting, together):
    before = hosting.ends_on
    together(4, lambda i: expiry.extend(hosting, 3, reference=f"part {i}", by=None))
    hosting.refresh_from_db()
    assert hosting.ends_on == expiry.next_period(Service(ends_on=before), 12)[1]


def test_without_the_lock_an_extension_is_lost(hosting, together, no_locks, without, meet):
    without(Extension, "a_period_is_paid_once")
    before = hosting.ends_on
    meet(expiry, "next_period")
    assert kinds(together(2, lambda i: expiry.extend(hosting, 6, reference=f"half {i}", by=None))) == ["ok", "ok"]
    hosting.refresh_from_db()
    assert hosting.ends_on == expiry.next_period(Service(ends_on=before), 6)[1]


def test_without_the_lock_the_database_refuses_an_extension_that_happened(hosting, together, no_locks, meet):
    meet(expiry, "next_period")
    answers = together(2, lambda i: expiry.extend(hosting, 12, reference="once", by=None))
    assert kinds(answers) == ["IntegrityError", "ok"]
    assert Extension.objects.count() == 1


def note(receivable, by, lines):
    return lambda i: bank.received([receivable], amount=PRICE, statement_line=lines[i], by=by)


def test_a_line_of_the_statement_is_noted_once(buyer, hosting, order, administrator, together):
    receivable = order(buyer, hosting)
    assert kinds(together(3, note(receivable, administrator, ["1/2027"] * 3))) == [
        "NotedAlready",
        "NotedAlready",
        "ok",
    ]
    assert Payment.objects.get().is_paid
    assert not Case.objects.exists()


def test_two_transfers_for_one_announced_payment_are_both_kept(buyer, hosting, order, administrator, together):
    receivable = order(buyer, hosting)
    payments.start(receivable.customer, [receivable], gateway=gateways.find("transfer"), by=buyer)
    assert kinds(together(2, note(receivable, administrator, ["1/2027", "2/2027"]))) == ["ok", "ok"]
    assert Document.objects.filter(kind="invoice").count() == 1
    assert Case.objects.get().reason == "paid_already"


def test_a_cart_is_filled_while_it_is_ordered(buyer, hosting, voip, together):
    """Rows that point at a locked one do not wait for it, so nobody waits for each other."""
    agreed = fill(buyer, hosting)
    price = voip.product.prices.get()

    def one(i):
        if i:
            return cart.add(buyer.membership, voip, price)
        return checkout.place(buyer.membership, agreed=agreed, by=buyer)

    answers = together(2, one)
    assert all(not isinstance(answer, (OperationalError, IntegrityError)) for answer in answers)
    assert OrderLine.objects.filter(service=hosting).count() == (
        0 if isinstance(answers[0], checkout.PriceChanged) else 1
    )
