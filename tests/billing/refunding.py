"""Money that goes back: never more than came, each way, and whatever the gateway answers or tells by itself."""

from decimal import Decimal

import pytest

from accounts.models import BackgroundTask, Event
from accounts.work.retry import Retry
from billing import bank, gateway_reports, gateways, payments, refunds, wallet
from billing.gateways import GatewayError, Kind, Refunded
from billing.models import Case, Refund, Wallet, WalletEntry

PRICE = Decimal("123.00")
TEN = Decimal("10.00")


@pytest.fixture
def paid(buyer, hosting, order, begin, report):
    """A payment of 123.00 by the gateway, settled."""
    payment = begin(buyer, order(buyer, hosting))
    gateway_reports.apply(report(payment), gateway="sandbox")
    payment.refresh_from_db()
    return payment


@pytest.fixture
def topped_up(buyer, begin, report):
    """A payment of 100.00 by the gateway that is in the balance."""
    customer = buyer.membership.customer
    payment = payments.start_top_up(customer, Decimal(100), gateway=gateways.find("sandbox"), by=buyer)
    gateway_reports.apply(report(payment), gateway="sandbox")
    payment.refresh_from_db()
    return payment


@pytest.fixture
def ask(administrator):
    """`ask(payment, amount, way)` has staff pay back."""

    def ask(payment, amount, way="gateway"):
        return refunds.request(payment, Decimal(amount), way=way, reason="Rezygnacja", by=administrator)

    return ask


@pytest.fixture
def gateway_says(monkeypatch):
    """`gateway_says(answer)` decides on all that is sent from now on; an exception is raised."""

    def gateway_says(answer):
        def refund(self, row):
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(gateways.sandbox.Sandbox, "refund", refund)

    return gateway_says


def balance(payment):
    return Wallet.objects.get(customer=payment.customer).balance


def actions():
    return list(Event.objects.filter(action__startswith="refund").order_by("pk").values_list("action", flat=True))


def test_into_the_balance_at_once(paid, ask, administrator):
    refund = ask(paid, "123.00", "wallet")
    assert (refund.state, balance(paid)) == ("done", PRICE)
    assert actions() == ["refund_asked", "refund_done"]
    assert set(Event.objects.filter(action__startswith="refund").values_list("by_id", flat=True)) == {administrator.pk}


@pytest.mark.parametrize("amount", ["123.01", "0", "-1", "0.001"])
def test_no_more_than_came_and_no_less_than_a_grosz(paid, ask, amount):
    with pytest.raises(refunds.NotRefundable):
        ask(paid, amount)
    assert not Refund.objects.exists()


def test_in_parts_up_to_what_came(paid, ask):
    ask(paid, "100.00", "wallet"), ask(paid, "23.00", "by_hand")
    with pytest.raises(refunds.NotRefundable):
        ask(paid, "0.01", "wallet")


def test_nothing_of_what_has_not_come(buyer, hosting, order, begin, ask):
    with pytest.raises(refunds.NotRefundable):
        ask(begin(buyer, order(buyer, hosting)), "1")


def test_the_ways_of_each_payment(buyer, paid, topped_up, voip, domain, order, administrator, ask):
    wallet.adjust(paid.customer, PRICE, text="-", reference="-", by=administrator)
    from_balance = payments.pay_from_wallet(paid.customer, [order(buyer, voip)], by=buyer)
    receivable = order(buyer, domain)
    transfer = bank.received([receivable], amount=receivable.amount, statement_line="1", by=administrator)
    assert refunds.ways(paid) == ["gateway", "wallet", "by_hand"]
    assert refunds.ways(topped_up) == ["gateway", "by_hand"]
    assert refunds.ways(from_balance) == ["wallet"]
    assert refunds.ways(transfer) == ["wallet", "by_hand"]
    for payment, way in [(topped_up, "wallet"), (from_balance, "by_hand"), (transfer, "gateway")]:
        with pytest.raises(refunds.NotRefundable):
            ask(payment, "1", way)


def test_what_was_paid_from_the_balance_goes_back_there(buyer, topped_up, voip, order, ask):
    payment = payments.pay_from_wallet(topped_up.customer, [order(buyer, voip)], by=buyer)
    assert balance(topped_up) == Decimal("75.40")
    ask(payment, payment.amount, "wallet")
    assert balance(topped_up) == Decimal("100.00")


def test_a_top_up_leaves_the_balance_before_it_leaves_the_house(topped_up, ask):
    refund = ask(topped_up, "60")
    assert (refund.state, balance(topped_up)) == ("waiting", Decimal("40.00"))
    assert BackgroundTask.objects.filter(task_path="billing.refunds.send").count() == 1


def test_a_top_up_that_is_spent_does_not_go_back(buyer, topped_up, voip, order, ask):
    payments.pay_from_wallet(topped_up.customer, [order(buyer, voip)], by=buyer)
    with pytest.raises(wallet.NotEnough):
        ask(topped_up, "100")
    assert not Refund.objects.exists()
    assert balance(topped_up) == Decimal("75.40")
    assert actions() == []


def test_by_hand_once_staff_say_so(paid, ask, administrator):
    refund = ask(paid, "123.00", "by_hand")
    for _ in range(2):
        refunds.confirm_by_hand(refund, by=administrator)
    refund.refresh_from_db()
    assert (refund.state, actions()) == ("done", ["refund_asked", "refund_done"])
    assert not WalletEntry.objects.exists()


def test_nobody_confirms_by_hand_what_the_gateway_pays(paid, ask, administrator):
    refund = ask(paid, "10")
    refunds.confirm_by_hand(refund, by=administrator)
    refund.refresh_from_db()
    assert refund.state == "waiting"


def test_the_gateway_takes_it_and_tells_later(paid, ask, gateway_says, report):
    refund = ask(paid, "10")
    gateway_says(Refunded("R1"))
    refunds.send.call(refund.pk)
    refund.refresh_from_db()
    assert (refund.state, refund.external_id) == ("sent", "R1")
    told = report(paid, Kind.REFUNDED, amount=TEN, refund=refund.token, external_id="R1")
    for _ in range(3):
        gateway_reports.apply(told, gateway="sandbox")
    refund.refresh_from_db()
    assert (refund.state, refunds.sum_of(paid)) == ("done", TEN)
    assert actions() == ["refund_asked", "refund_done"]
    assert not Case.objects.exists()


def test_the_notification_may_be_quicker_than_the_answer(paid, ask, report, gateway_says):
    refund = ask(paid, "10")
    gateway_reports.apply(
        report(paid, Kind.REFUNDED, amount=TEN, refund=refund.token, external_id="R1"), gateway="sandbox"
    )
    refunds.note_failure(refund, GatewayError("no answer", permanent=True))
    gateway_says(AssertionError("it is asked again"))
    refunds.send.call(refund.pk)
    refund.refresh_from_db()
    assert (refund.state, Case.objects.count()) == ("done", 0)


def test_a_gateway_that_does_not_answer_is_tried_again(topped_up, ask, gateway_says):
    refund = ask(topped_up, "60")
    gateway_says(GatewayError("it is down"))
    for _ in range(2):
        with pytest.raises(Retry):
            refunds.send.call(refund.pk)
    refund.refresh_from_db()
    case = Case.objects.get()
    assert (refund.state, case.reason, case.times, balance(topped_up)) == ("waiting", "refund_failed", 2, 40)
    gateway_says(Refunded("R1", done=True))
    refunds.send.call(refund.pk)
    refund.refresh_from_db(), case.refresh_from_db()
    assert (refund.state, case.closed_at is None) == ("done", False)


def test_a_gateway_that_refuses_gives_the_money_free_again(topped_up, ask, gateway_says):
    refund = ask(topped_up, "60")
    gateway_says(GatewayError("too old", permanent=True))
    for _ in range(2):
        refunds.send.call(refund.pk)
    refund.refresh_from_db()
    assert (refund.state, balance(topped_up), Case.objects.get().reason) == ("failed", 100, "refund_failed")
    assert ask(topped_up, "100", "by_hand").state == "waiting"


def test_what_was_given_up_and_came_after_all_counts_and_is_told(paid, ask, gateway_says, report):
    refund = ask(paid, "123.00")
    gateway_says(GatewayError("no", permanent=True))
    refunds.send.call(refund.pk)
    told = report(paid, Kind.REFUNDED, amount=PRICE, refund=refund.token, external_id="R1")
    for _ in range(2):
        gateway_reports.apply(told, gateway="sandbox")
    assert refunds.sum_of(paid) == PRICE
    assert set(Case.objects.values_list("reason", flat=True)) == {"refund_failed", "unexpected_refund"}
    with pytest.raises(refunds.NotRefundable):
        ask(paid, "1", "wallet")


def test_refunds_that_nobody_asked_for_count_each_once(paid, report, ask):
    for number in ["R7", "R8", "R7"]:
        gateway_reports.apply(report(paid, Kind.REFUNDED, amount=TEN, external_id=number), gateway="sandbox")
    assert refunds.sum_of(paid) == 2 * TEN
    assert Case.objects.get().times == 2
    with pytest.raises(refunds.NotRefundable):
        ask(paid, "103.01", "wallet")


def test_refunded_before_it_was_paid_settles_nothing(buyer, hosting, order, begin, report, ask):
    receivable = order(buyer, hosting)
    payment = begin(buyer, receivable)
    gateway_reports.apply(report(payment, Kind.REFUNDED, amount=TEN, external_id="R1"), gateway="sandbox")
    gateway_reports.apply(report(payment), gateway="sandbox")
    receivable.refresh_from_db(), payment.refresh_from_db()
    assert (receivable.state, payment.state) == ("open", "paid")
    assert Case.objects.get().reason == "refunded_first"
    assert ask(payment, "113.00").amount == Decimal("113.00")


def test_a_top_up_that_was_refunded_first_takes_nothing_from_the_balance(buyer, begin, report, ask, administrator):
    customer = buyer.membership.customer
    wallet.adjust(customer, TEN, text="-", reference="-", by=administrator)
    payment = payments.start_top_up(customer, PRICE, gateway=gateways.find("sandbox"), by=buyer)
    gateway_reports.apply(report(payment, Kind.REFUNDED, amount=TEN, external_id="R1"), gateway="sandbox")
    gateway_reports.apply(report(payment), gateway="sandbox")
    payment.refresh_from_db()
    ask(payment, "113.00")
    assert balance(payment) == TEN


def test_without_the_limit_more_would_go_back_than_came(paid, ask, monkeypatch):
    """The negative control of the sum that is looked at."""
    monkeypatch.setattr(refunds, "sum_of", lambda payment: 0)
    ask(paid, "123.00", "wallet"), ask(paid, "123.00", "wallet")
    assert balance(paid) == 2 * PRICE


@pytest.mark.parametrize("way", ["by_hand", "gateway"])
def test_staff_give_up_what_does_not_go(topped_up, ask, client_of, administrator, way, gateway_says, report):
    refund = ask(topped_up, "60", way)
    if way == "gateway":
        gateway_says(Refunded(external_id="R1"))
        refunds.send.call(refund.pk)
    address = f"/admin/billing/refund/{refund.pk}/give-up/"
    for _ in range(2):
        client_of(administrator).post(address)
        refunds.give_up(refund, by=administrator)
    refund.refresh_from_db()
    assert (refund.state, balance(topped_up), refunds.left(topped_up)) == ("failed", 100, 100)
    assert actions() == ["refund_asked", "refund_given_up"]
    told = report(topped_up, Kind.REFUNDED, amount=Decimal(60), refund=refund.token, external_id="R1")
    gateway_reports.apply(told, gateway="sandbox")
    assert refunds.left(topped_up) == 40 and Case.objects.get().reason == "unexpected_refund"


def test_nobody_gives_up_what_has_gone(paid, ask, client_of, administrator):
    refund = ask(paid, "10", "wallet")
    client_of(administrator).post(f"/admin/billing/refund/{refund.pk}/give-up/")
    refunds.give_up(refund, by=administrator)
    refund.refresh_from_db()
    assert (refund.state, actions()) == ("done", ["refund_asked", "refund_done"])
