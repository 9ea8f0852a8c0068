"""What closing an account means for money: what its owner is told, and what ends."""

from decimal import Decimal

from django.utils import timezone

from accounts import closing
from billing import checkout, wallet
from billing.models import OrderLine, Receivable
from services.models import Service

KIND = wallet.WalletEntry.Kind


def page(client_of, owner):
    return client_of(owner).get("/data/close/").content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_nothing_is_said_of_money_where_there_is_none(client_of, buyer):
    words = page(client_of, buyer)
    assert "not paid" not in words and "left in the balance" not in words


def test_the_owner_is_told_what_is_unpaid_and_what_is_left(client_of, buyer, hosting, voip, order):
    order(buyer, hosting)
    assert "1 proforma of PLN 123.00 in all is not paid" in page(client_of, buyer)
    order(buyer, voip)
    wallet.enter(buyer.membership.customer, KIND.TOP_UP, Decimal("40.00"), reference="a")
    words = page(client_of, buyer)
    assert "2 proformas of PLN 147.60 in all are not paid" in words
    assert "PLN 40.00 are left in the balance" in words


def test_another_customers_money_is_not_counted(client_of, buyer, stranger, hosting, order):
    order(buyer, hosting)
    wallet.enter(buyer.membership.customer, KIND.TOP_UP, Decimal("40.00"), reference="a")
    assert closing.objections(stranger.membership.customer) == [
        f"1 service will end: {Service.objects.get(customer=stranger.membership.customer)}"
    ]


def test_the_administrator_who_closes_reads_it_too(client_of, administrator, buyer, hosting, order):
    order(buyer, hosting)
    url = f"/admin/accounts/customer/{buyer.membership.customer_id}/close/"
    assert "is not paid" in client_of(administrator).get(url).content.decode()


def test_closing_takes_unpaid_orders_back_and_leaves_the_paid(buyer, hosting, voip, order, stranger):
    paid, open_ = order(buyer, hosting), order(buyer, voip)
    Receivable.objects.filter(pk=paid.pk).update(state="paid", paid_at=timezone.now())
    wallet.enter(buyer.membership.customer, KIND.TOP_UP, Decimal("40.00"), reference="a")
    closing.close(buyer.membership.customer, by=None)
    paid.refresh_from_db()
    open_.refresh_from_db()
    assert (paid.state, open_.state) == ("paid", "cancelled")
    assert OrderLine.objects.get(service=voip).state == "cancelled"
    assert wallet.of(buyer.membership.customer).balance == Decimal("40.00"), "money stays what it was"


def test_without_the_list_of_what_ends_the_order_would_stay_open(buyer, hosting, order, monkeypatch):
    """The negative control."""
    receivable = order(buyer, hosting)
    monkeypatch.setattr(closing, "ON_CLOSE", [])
    closing.close(buyer.membership.customer, by=None)
    receivable.refresh_from_db()
    assert receivable.state == "open"
    assert checkout.cancel(receivable, by=buyer)
