"""The balance: the sum of movements that happen once, never below zero, with one mail for one fall."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Contact, Event, Outbox
from billing import gateway_reports, gateways, payments, wallet
from billing.models import Wallet, WalletEntry

D = Decimal


@pytest.fixture
def mine(buyer):
    """The customer whose balance it is."""
    return buyer.membership.customer


@pytest.fixture
def move(mine, administrator):
    """`move(10)` or `move(-10)` by staff, each time under a reference of its own."""

    def move(amount):
        reference = f"movement {WalletEntry.objects.count()}"
        wallet.adjust(mine, D(amount), text="Korekta", reference=reference, by=administrator)
        return wallet.of(mine).balance

    return move


def mails():
    return Outbox.objects.filter(letter="balance_low").count()


def test_a_balance_is_the_sum_of_its_movements(mine, move):
    assert [move("100.10"), move("-0.10"), move("-99.99"), move("0.01")] == [D("100.10"), 100, D("0.01"), D("0.02")]
    newest = WalletEntry.objects.first()
    assert (newest.balance_after, newest.kind, newest.text) == (D("0.02"), "adjustment", "Korekta")


def test_a_balance_is_never_below_zero(mine, move):
    move("10")
    with pytest.raises(wallet.NotEnough):
        move("-10.01")
    assert (wallet.of(mine).balance, WalletEntry.objects.count()) == (10, 1)
    assert Event.objects.filter(action="wallet_adjusted").count() == 1
    assert move("-10") == 0


def test_the_same_reference_moves_money_once_and_is_told_once(mine, administrator):
    for _ in range(3):
        wallet.adjust(mine, D(10), text="Premia", reference="promo", by=administrator)
    assert wallet.of(mine).balance == 10
    told = Event.objects.get(action="wallet_adjusted")
    assert told.details == {"amount": "10 PLN", "text": "Premia"}


def test_a_reference_is_not_taken_by_another_movement(mine, stranger, administrator):
    wallet.adjust(mine, D(10), text="-", reference="promo", by=administrator)
    for customer, amount in [(mine, D(20)), (stranger.membership.customer, D(10))]:
        with pytest.raises(wallet.ReferenceTaken):
            wallet.adjust(customer, amount, text="-", reference="promo", by=administrator)
    assert WalletEntry.objects.count() == 1


def test_movements_are_never_changed(mine, move):
    move("10")
    with pytest.raises((IntegrityError, Exception), match="never changed"), transaction.atomic():
        WalletEntry.objects.update(amount=20)
    with connection.cursor() as cursor, pytest.raises(Exception, match="never changed"), transaction.atomic():
        cursor.execute("DELETE FROM billing_walletentry")


def test_topped_up_when_the_gateway_says_so_and_once(buyer, mine, begin, report):
    payment = payments.start_top_up(mine, D(50), gateway=gateways.find("sandbox"), by=buyer)
    assert not Wallet.objects.filter(customer=mine, entries__isnull=False).exists()
    for _ in range(3):
        gateway_reports.apply(report(payment), gateway="sandbox")
    assert wallet.of(mine).balance == 50
    told = Event.objects.get(action="wallet_topped_up")
    assert (told.details["amount"], told.by_id) == ("50.00 PLN", buyer.pk)


def test_a_failed_top_up_may_still_come(buyer, mine, begin, report):
    payment = payments.start_top_up(mine, D(50), gateway=gateways.find("sandbox"), by=buyer)
    gateway_reports.apply(report(payment, gateways.Kind.FAILED), gateway="sandbox")
    assert wallet.of(mine).balance == 0
    gateway_reports.apply(report(payment), gateway="sandbox")
    assert wallet.of(mine).balance == 50


def test_one_mail_for_one_fall(mine, move, buyer):
    move("100")
    wallet.set_threshold(mine, D(50), by=buyer)
    assert (move("-50"), mails()) == (50, 0)
    assert (move("-0.01"), mails()) == (D("49.99"), 1)
    assert (move("-20"), move("10"), mails()) == (D("29.99"), D("39.99"), 1)
    move("20"), move("-1")
    assert mails() == 1
    assert (move("-30"), mails()) == (D("28.99"), 2)


def test_without_the_mark_every_movement_below_would_mail(mine, move, buyer):
    """The negative control of `warned_at`."""
    move("100")
    wallet.set_threshold(mine, D(50), by=buyer)
    for _ in range(3):
        move("-20")
        Wallet.objects.update(warned_at=None)
    assert mails() == 1
    move("-5")
    assert mails() == 2


def test_a_threshold_above_the_balance_warns_now_and_none_never(mine, move, buyer):
    move("30")
    wallet.set_threshold(mine, D(50), by=buyer)
    wallet.set_threshold(mine, D(50), by=buyer)
    assert mails() == 1
    wallet.set_threshold(mine, None, by=buyer)
    move("-25")
    assert mails() == 1
    assert [event.details["amount"] for event in Event.objects.filter(action="threshold_changed").order_by("pk")] == [
        "50 PLN",
        "–",
    ]


def test_the_owner_and_the_contacts_for_billing_are_warned_each_once(mine, move, buyer, contact):
    Contact.objects.create(customer=mine, kind="billing", name="Kasia", email="kasia@garden.example")
    Contact.objects.create(customer=mine, kind="billing", name="Anna", email=buyer.email.upper())
    wallet.set_threshold(mine, D(50), by=buyer)
    assert sorted(Outbox.objects.values_list("address", flat=True)) == ["anna@example.com", "kasia@garden.example"]


def test_a_fall_that_was_made_good_meanwhile_is_not_told(mine, move, buyer, deliver):
    wallet.set_threshold(mine, D(50), by=buyer)
    move("60")
    assert [message.subject for message in deliver()] == []


def test_paid_from_the_balance(buyer, mine, move, hosting, voip, order):
    move("200")
    payment = payments.pay_from_wallet(mine, [order(buyer, hosting), order(buyer, voip)], by=buyer)
    assert (payment.amount, wallet.of(mine).balance) == (D("147.60"), D("52.40"))
    entry = WalletEntry.objects.first()
    assert (entry.kind, entry.amount, entry.by, entry.payment) == ("payment", D("-147.60"), buyer, payment)
    assert entry.text.count("PRO/") == 2


def test_what_the_balance_does_not_hold_is_not_paid(buyer, mine, move, hosting, order):
    receivable = order(buyer, hosting)
    move("122.99")
    with pytest.raises(wallet.NotEnough):
        payments.pay_from_wallet(mine, [receivable], by=buyer)
    receivable.refresh_from_db()
    assert (receivable.state, wallet.of(mine).balance, mine.payments.count()) == ("open", D("122.99"), 0)


def test_nobody_pays_what_is_not_theirs(buyer, mine, move, stranger, hosting, order):
    move("500")
    receivable = order(buyer, hosting)
    other = stranger.membership.customer
    wallet.adjust(other, D(500), text="-", reference="other", by=buyer)
    with pytest.raises(payments.NothingToPay):
        payments.pay_from_wallet(other, [receivable], by=stranger)
    payments.pay_from_wallet(mine, [receivable], by=buyer)
    with pytest.raises(payments.NothingToPay):
        payments.pay_from_wallet(mine, [receivable], by=buyer)
    assert wallet.of(mine).balance == 377
