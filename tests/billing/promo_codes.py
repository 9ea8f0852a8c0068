"""Promo codes: what they take off, for whom and how often, and what stands on the documents."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Customer
from billing import cart, checkout, limits, promos
from billing.models import Document, Order, PromoCode, Receivable
from services.models import ProductGroup
from services.purchasing import Wanted
from tests.billing.shop import page_of, sums, words
from tests.crowd import queries_of

D = Decimal


@pytest.fixture
def code(db):
    """`code(…)` is SPRING, 20 % off unless told otherwise."""
    return lambda **fields: PromoCode.objects.create(**{"code": "SPRING", "percent": 20} | fields)


@pytest.fixture
def full(buyer, products, prices):
    """A year of hosting (100.00) and of a phone line (20.00), both new, in the buyer's cart."""
    for kind in ("hosting", "voip"):
        cart.put(buyer.membership, Wanted(products[kind], prices[kind]))


@pytest.fixture
def client(client_of, buyer, full):
    return client_of(buyer)


def use(client, text="spring"):
    return client.post("/cart/code/", {"code": text}, follow=True)


def net(answer):
    return sums(words(answer))[-1][0]


def order(client, terms, agreed):
    return client.post("/checkout/", {"agreed": agreed, "accepted": "on", "terms_shown": terms.pk})


def test_per_cents_are_taken_off_every_line_and_the_code_is_named(client, code, terms):
    code()
    answer = use(client, " spring ")
    assert answer.redirect_chain == [("/cart/", 302)]
    assert net(answer) == "96.00" and "<strong>SPRING</strong>" in words(answer)
    assert "Hosting, 1 year (code SPRING: −20%)" in page_of(client, "/checkout/")
    order(client, terms, "118.08")
    proforma = Document.objects.get()
    assert [(line.name, line.amount) for line in proforma.lines.all()] == [
        ("Hosting, 1 year (code SPRING: −20%)", D("80.00")),
        ("Phone line, 1 year (code SPRING: −20%)", D("16.00")),
    ]
    assert (PromoCode.objects.get().uses, Order.objects.get().promo.code) == (1, "SPRING")
    assert "promo" not in client.session


def test_an_amount_is_taken_off_one_line_after_the_other(client, code):
    code(percent=None, net=D("110.00"))
    assert net(use(client)) == "10.00"
    page = page_of(client, "/checkout/")
    assert "Hosting, 1 year (code SPRING: −PLN 100.00)" in page
    assert "Phone line, 1 year (code SPRING: −PLN 10.00)" in page


def test_an_amount_for_a_private_person_is_net_too(client, code):
    Customer.objects.update(kind="private")
    code(percent=None, net=D("110.00"))
    assert sums(words(use(client)))[-1] == ["10.00", "2.30", "12.30"]


def test_what_is_left_of_an_amount_is_lost(client, code, terms):
    code(percent=None, net=D("500.00"))
    assert net(use(client)) == "0.00"
    order(client, terms, "0.00")
    assert Order.objects.get().is_free and not Document.objects.exists()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"code": "AUTUMN"}, "There is no such code."),
        ({"valid_from": timezone.localdate() + timedelta(days=1)}, "This code is valid from"),
        ({"valid_until": timezone.localdate() - timedelta(days=1)}, "This code was valid until"),
        ({"most_uses": 3, "uses": 3}, "used as often as it may be"),
    ],
    ids=["unknown", "too early", "too late", "used up"],
)
def test_a_code_that_does_not_count(client, code, fields, told):
    code(**fields)
    answer = use(client)
    assert answer.status_code == 200 and told in words(answer)
    assert net(answer) == "120.00" and 'value="spring"' in words(answer)


@pytest.mark.parametrize("days", [("valid_from", 0), ("valid_until", 0)], ids=str)
def test_the_first_and_the_last_day_count(client, code, days):
    code(**{days[0]: timezone.localdate()})
    assert net(use(client)) == "96.00"


@pytest.mark.parametrize("typed", ["x" * 41, "\x00", "' OR 1=1", "SPRING;"], ids=ascii)
def test_nonsense_is_no_code(client, code, typed):
    code()
    assert net(use(client, typed)) == "120.00"


def test_for_some_products_or_groups_only(client, code, products):
    promo = code()
    promo.products.add(products["voip"])
    assert net(use(client)) == "116.00"
    group = ProductGroup.objects.create(
        provider=products["hosting"].provider, slug="www", name_pl="WWW", name_en="WWW"
    )
    promo.products.clear(), promo.groups.add(group)
    assert "This code is not for what is in the cart." in words(use(client))
    products["hosting"].group = group
    products["hosting"].save()
    assert net(use(client)) == "100.00"


def test_renewals_only_when_it_is_meant_for_them(client_of, buyer, filled, code):
    promo = code()
    client = client_of(buyer)
    assert "This code is not for what is in the cart." in words(use(client))
    promo.first_period_only = False
    promo.save()
    assert net(use(client)) == "96.00"


def test_it_is_taken_away_by_an_empty_field(client, code):
    code()
    use(client)
    assert net(use(client, "")) == "120.00"


def test_one_that_ends_meanwhile_is_told_and_forgotten(client, code, terms):
    code()
    use(client)
    PromoCode.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    page = words(order(client, terms, "118.08"))
    assert "This code was valid until" in page and 'name="agreed" value="147.60"' in page
    assert not Order.objects.exists() and "promo" not in client.session


def test_so_often_for_one_customer(client, client_of, administrative, products, prices, buyer, code, terms):
    code(most_of_a_customer=1)
    use(client)
    order(client, terms, "118.08")
    administrative.membership.customer = buyer.membership.customer
    cart.put(administrative.membership, Wanted(products["voip"], prices["voip"]))
    assert "as often as one customer may" in words(use(client_of(administrative)))


def test_cancelled_it_can_be_used_again(client, code, terms, buyer):
    code(most_uses=1)
    use(client)
    order(client, terms, "118.08")
    for _time in range(2):
        checkout.cancel(Receivable.objects.get(), by=buyer)
    assert (PromoCode.objects.get().uses, Order.objects.get().promo) == (0, None)


def test_lapsed_it_can_be_used_again(client, code, terms, products):
    products["hosting"].stock = 3
    products["hosting"].save()
    code(most_uses=1)
    use(client)
    order(client, terms, "118.08")
    products["hosting"].refresh_from_db()
    assert products["hosting"].stock == 2
    Receivable.objects.update(due_on=timezone.localdate() - timedelta(days=400))
    assert checkout.lapse() == 1
    products["hosting"].refresh_from_db()
    assert (PromoCode.objects.get().uses, products["hosting"].stock) == (0, 3)


@pytest.mark.parametrize(
    ("stock", "most_uses", "gross", "is_scarce"),
    [(3, None, "147.60", True), (None, 1, "118.08", True), (None, None, "147.60", False)],
    ids=["piece", "code", "plenty"],
)
def test_what_others_wait_for_is_not_held_for_long_without_paying(
    client, code, terms, products, stock, most_uses, gross, is_scarce
):
    """An account costs nothing, and an order neither: one person would take all pieces off the shelf for weeks."""
    type(products["hosting"]).objects.filter(code="hosting").update(stock=stock)
    if most_uses:
        code(most_uses=most_uses)
        use(client)
    order(client, terms, gross)
    due_on = Receivable.objects.get().due_on
    for days, lapsed in [(checkout.SCARCE_DAYS, 0), (checkout.SCARCE_DAYS + 1, int(is_scarce))]:
        with time_machine.travel(datetime.combine(due_on + timedelta(days=days), time(12), UTC)):
            assert checkout.lapse() == lapsed
    products["hosting"].refresh_from_db()
    assert products["hosting"].stock == stock and not PromoCode.objects.filter(uses__gt=0).exists()


def test_whoever_guesses_is_stopped(client, code, monkeypatch):
    code()
    monkeypatch.setattr(limits, "CODES_TRIED", limits.Limit("promo-codes-tried", 1, 60))
    use(client, "guess")
    assert "a great many codes" in words(use(client))


def test_a_visitor_uses_one_too_and_takes_it_along(anonymous, rf, products, prices, code):
    code()
    request = rf.get("/")
    request.session, request.membership = anonymous.session, None
    cart.put(cart.of(request), Wanted(products["hosting"], prices["hosting"]))
    request.session.save()
    anonymous.cookies["session"] = request.session.session_key
    assert net(use(anonymous)) == "80.00"
    assert promos.IN_SESSION in anonymous.session


def test_the_cart_costs_the_same_with_many_products(client, code, buyer, products, prices):
    code()
    use(client)
    few = len(queries_of(client, "/cart/"))
    for _time in range(20):
        cart.put(buyer.membership, Wanted(products["other"], prices["other"]))
    assert len(queries_of(client, "/cart/")) == few
