"""Five hundred people order the last ten pieces, or with a code for ten orders, at the same moment: exactly ten do."""

from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import Customer, Membership, Terms, User
from billing import cart, checkout, promos, stock
from billing.models import CartItem, Order, OrderLine, PromoCode, Receivable
from services.models import Product
from tests.together import meeting

pytestmark = pytest.mark.usefixtures("postgresql")
PEOPLE, THREADS, LEFT = 500, 20, 10
NET, GROSS, LESS = Decimal("100.00"), Decimal("123.00"), Decimal("110.70")


@pytest.fixture
def crowd(provider, terms, products, prices):
    """Five hundred owners of five hundred companies, each with a year of hosting in the cart."""
    address = {"name": "Firma", "tax_id": "5252344078", "street": "ul. Prosta 1", "postal_code": "00-001"}
    customers = Customer.objects.bulk_create(
        Customer(provider=provider, number=3000000 + i, kind="company", city="Warszawa", **address)
        for i in range(PEOPLE)
    )
    people = User.objects.bulk_create(
        User(login=f"p{i}", email=f"p{i}@example.com", activated_at=timezone.now()) for i in range(PEOPLE)
    )
    pairs = zip(customers, people, strict=True)
    memberships = Membership.objects.bulk_create(Membership(customer=c, user=u, role="owner") for c, u in pairs)
    CartItem.objects.bulk_create(
        CartItem(membership=one, act="purchase", product=products["hosting"], price=prices["hosting"], seen_net=NET)
        for one in memberships
    )
    return memberships


@pytest.fixture
def rush(crowd, together):
    """`rush(sum, …)` has all of them order at that sum; returns what each got: "ok", or the name of the refusal."""

    def rush(agreed, people=crowd, **fields):
        terms = Terms.in_force()

        def order(membership):
            try:
                checkout.place(membership, agreed=agreed, terms=terms, by=membership.user, **fields)
            except (cart.SoldOut, checkout.EmptyCart, promos.PromoRefused) as refusal:
                return type(refusal).__name__
            return "ok"

        def some(i):
            return [order(membership) for membership in people[i::THREADS]]

        return [answer for answers in together(THREADS, some) for answer in answers]

    return rush


def test_the_last_ten_pieces_go_to_ten(rush, products):
    Product.objects.filter(pk=products["hosting"].pk).update(stock=LEFT)
    answers = rush(GROSS)
    assert answers.count("ok") == LEFT and set(answers) <= {"ok", "SoldOut", "EmptyCart"}
    products["hosting"].refresh_from_db()
    assert products["hosting"].stock == 0
    assert Order.objects.count() == OrderLine.objects.filter(took_piece=True).count() == LEFT
    assert CartItem.objects.count() == PEOPLE - LEFT, "whoever came too late keeps the cart"
    for receivable in Receivable.objects.all():
        checkout.cancel(receivable, by=None)
    products["hosting"].refresh_from_db()
    assert products["hosting"].stock == LEFT


def test_a_code_for_ten_orders_is_used_ten_times(rush):
    code = PromoCode.objects.create(code="FIRST", percent=10, most_uses=LEFT)
    answers = rush(LESS, code="FIRST")
    assert answers.count("ok") == LEFT and set(answers) == {"ok", "PromoRefused"}
    code.refresh_from_db()
    assert code.uses == Order.objects.filter(promo=code).count() == LEFT
    assert Order.objects.count() == LEFT and CartItem.objects.count() == PEOPLE - LEFT


def test_one_customer_uses_a_code_once_whoever_orders(rush, crowd):
    """Many people of one customer, each with a cart of their own."""
    Membership.objects.filter(pk__in=[one.pk for one in crowd[:THREADS]]).update(
        customer=crowd[0].customer, role="standard"
    )
    people = list(Membership.objects.filter(customer=crowd[0].customer).select_related("user", "customer"))
    PromoCode.objects.create(code="ONCE", percent=10, most_of_a_customer=1)
    answers = rush(LESS, people, code="ONCE")
    assert sorted(answers) == ["PromoRefused"] * (THREADS - 1) + ["ok"]


def test_without_the_condition_more_would_be_sold(rush, crowd, products, monkeypatch):
    """The negative control: looking first and writing afterwards, as one would without thinking."""
    wait = meeting()

    def take(lines):
        left = Product.objects.get(pk=lines[0].product_id).stock
        wait()
        if left < 1:
            raise cart.SoldOut(lines[0].product.name)
        Product.objects.filter(pk=lines[0].product_id).update(stock=left - 1)

    monkeypatch.setattr(stock, "take", take)
    Product.objects.filter(pk=products["hosting"].pk).update(stock=1)
    assert sorted(rush(GROSS, crowd[:2])) == ["ok", "ok"]


def test_without_the_condition_a_code_would_be_used_too_often(rush, crowd, monkeypatch):
    """The negative control: that there is a use left is only looked at."""
    wait = meeting()

    def use(promo, order):
        wait()
        PromoCode.objects.filter(pk=promo.pk).update(uses=F("uses") + 1)

    monkeypatch.setattr(promos, "use", use)
    PromoCode.objects.create(code="FIRST", percent=10, most_uses=1)
    assert sorted(rush(LESS, crowd[:2], code="FIRST")) == ["ok", "ok"]
