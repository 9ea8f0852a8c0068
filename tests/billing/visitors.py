"""The cart of a visitor: filled before signing in, taken along, and nobody else's afterwards."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import waiting
from accounts.models import Provider
from billing import cart, jobs, limits
from billing.models import CartItem
from services.models import Price
from services.purchasing import Wanted
from tests.accounts.reading import code_in
from tests.billing.shop import page_of
from tests.cast import ENGLISH, PASSWORD


@pytest.fixture
def visit(rf, provider):
    """`visit(client)` is a request of this browser, with its session, for verbs that want one."""

    def visit(client):
        request = rf.get("/")
        request.session, request.membership = client.session, None
        return request

    return visit


@pytest.fixture
def put(visit):
    """`put(client, product, …)` puts products into the cart of a browser in which nobody is signed in."""

    def put(client, *products, **fields):
        request = visit(client)
        for product in products:
            price = Price.objects.get(product=product, is_offered=True)
            cart.put(cart.of(request), Wanted(product, price, **fields))
        request.session.save()
        client.cookies["session"] = request.session.session_key

    return put


@pytest.fixture
def sign_in(mailbox):
    """`sign_in(client, login)` goes through both steps in this browser."""

    def sign_in(client, login="anna", **more):
        client.post("/sign-in/", {"login": login, "password": PASSWORD})
        client.post("/sign-in/code/", {"code": code_in(mailbox(f"{login}@example.com")[-1])} | more)

    return sign_in


def test_a_visitor_has_an_empty_cart_and_no_session_for_it(anonymous):
    page = page_of(anonymous, "/cart/")
    assert "The cart is empty" in page
    assert "session" not in anonymous.cookies


def test_a_visitor_chooses_the_period_and_goes_on_to_sign_in(anonymous, put, products, prices):
    put(anonymous, products["hosting"])
    longer = Price.objects.create(product=products["hosting"], months=24, net=180)
    item = CartItem.objects.get()
    answer = anonymous.post("/cart/change/", {f"period-{item.pk}": longer.pk, "pay": "yes"})
    item.refresh_from_db()
    assert answer["Location"] == "/checkout/" and item.price == longer


def test_a_visitor_sees_what_it_costs_and_where_to_go_on(anonymous, put, products, prices):
    put(anonymous, products["hosting"])
    page = page_of(anonymous, "/cart/")
    assert "Hosting" in page and "PLN 123.00" in page
    assert 'name="pay" value="yes"' in page and 'href="/register/"' in page
    assert anonymous.get("/checkout/")["Location"] == "/sign-in/?next=/checkout/"


def test_only_the_digest_of_the_token_is_kept(anonymous, put, products, prices):
    put(anonymous, products["hosting"])
    item = CartItem.objects.get()
    assert item.membership is None
    assert item.visitor and item.visitor != anonymous.session["cart"]


def test_another_browser_sees_nothing_of_it(anonymous, put, products, prices):
    put(anonymous, products["hosting"])
    assert "The cart is empty" in page_of(Client(headers=ENGLISH), "/cart/")


def test_it_survives_signing_in(anonymous, put, products, prices, buyer, sign_in):
    put(anonymous, products["hosting"], products["voip"])
    sign_in(anonymous)
    page = page_of(anonymous, "/cart/")
    assert "Hosting" in page and "Phone line" in page
    assert {item.membership for item in CartItem.objects.all()} == {buyer.membership}
    assert "cart" not in anonymous.session


def test_without_what_is_kept_it_would_be_lost(anonymous, put, products, prices, buyer, sign_in, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(waiting, "KEPT", [])
    put(anonymous, products["hosting"])
    sign_in(anonymous)
    assert "The cart is empty" in page_of(anonymous, "/cart/")


def test_it_survives_signing_in_by_a_trusted_browser(anonymous, put, products, prices, buyer, sign_in):
    sign_in(anonymous, trust="on")
    anonymous.post("/sign-out/")
    put(anonymous, products["hosting"])
    answer = anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD})
    assert answer["Location"] == "/"
    assert "Hosting" in page_of(anonymous, "/cart/")
    assert CartItem.objects.get().membership == buyer.membership


def test_who_left_something_in_the_cart_comes_to_it_once(anonymous, put, products, prices, buyer, sign_in):
    put(anonymous, products["hosting"])
    sign_in(anonymous)
    answer = anonymous.get("/", follow=True)
    assert answer.redirect_chain == [("/cart/", 302)]
    assert anonymous.get("/").status_code == 200


def test_who_left_nothing_or_may_not_order_stays_on_the_first_page(
    anonymous, put, products, prices, buyer, standard, sign_in
):
    put(anonymous, products["hosting"])
    sign_in(anonymous, "stefan")
    assert anonymous.get("/").status_code == 200
    CartItem.objects.all().delete()
    other = Client(headers=ENGLISH)
    put(other, products["hosting"])
    CartItem.objects.all().delete()
    sign_in(other)
    assert other.get("/").status_code == 200


def test_after_signing_out_the_next_person_finds_nothing(anonymous, put, products, prices, buyer, stranger, sign_in):
    put(anonymous, products["hosting"])
    sign_in(anonymous)
    page_of(anonymous, "/cart/")
    anonymous.post("/sign-out/")
    assert "The cart is empty" in page_of(anonymous, "/cart/")
    sign_in(anonymous, "olga")
    assert "The cart is empty" in page_of(anonymous, "/cart/")


def test_who_signs_out_without_looking_leaves_nothing_either(anonymous, put, products, prices, buyer, sign_in):
    put(anonymous, products["hosting"])
    sign_in(anonymous)
    anonymous.post("/sign-out/")
    assert "The cart is empty" in page_of(anonymous, "/cart/")


def test_it_joins_what_lay_there(anonymous, put, filled, products, prices, buyer, sign_in):
    put(anonymous, products["other"])
    sign_in(anonymous)
    page_of(anonymous, "/cart/")
    assert buyer.membership.cart_items.count() == 3


def test_what_another_provider_sells_is_not_taken_along(anonymous, put, products, prices, buyer, sign_in):
    """A visitor sees the catalogue of the panel's provider; whose customer it is shows when they sign in."""
    other = Provider.objects.create(name="Other Hosting", email="other@example.com")
    type(products["hosting"]).objects.filter(code="hosting").update(provider=other)
    put(anonymous, products["hosting"], products["voip"])
    sign_in(anonymous)
    page = page_of(anonymous, "/cart/")
    assert "Phone line" in page and "Hosting, " not in page
    assert [item.product for item in CartItem.objects.all()] == [products["voip"]]


def test_the_same_name_is_there_once(anonymous, put, products, prices, buyer, sign_in):
    wanted = Wanted(products["domain"], prices["domain"], domain="new.example", origin="registered")
    for _time in range(2):
        cart.put(buyer.membership, wanted)
    put(anonymous, products["domain"], domain="new.example", origin="registered")
    sign_in(anonymous)
    page_of(anonymous, "/cart/")
    assert buyer.membership.cart_items.count() == 1


def test_more_than_fits_is_left_out(anonymous, put, products, prices, buyer, sign_in, monkeypatch):
    put(anonymous, products["hosting"], products["voip"], products["other"])
    monkeypatch.setattr(cart.base, "MOST_ITEMS", 2)
    sign_in(anonymous)
    page = page_of(anonymous, "/cart/")
    assert buyer.membership.cart_items.count() == CartItem.objects.count() == 2
    assert "Care" not in page


def test_who_may_not_order_takes_nothing_over(anonymous, put, products, prices, standard, sign_in):
    put(anonymous, products["hosting"])
    sign_in(anonymous, "stefan")
    assert anonymous.get("/cart/").status_code == 403
    assert CartItem.objects.get().membership is None


def test_taken_out_by_its_visitor_only(anonymous, put, products, prices, client_of, buyer):
    put(anonymous, products["hosting"])
    pk = CartItem.objects.get().pk
    client_of(buyer).post("/cart/remove/", {"item": pk})
    Client().post("/cart/remove/", {"item": pk})
    assert CartItem.objects.exists()
    anonymous.post("/cart/remove/", {"item": pk})
    assert not CartItem.objects.exists()


def test_so_many_things_an_hour_from_one_address(anonymous, put, products, prices, monkeypatch):
    monkeypatch.setattr(limits, "PUT_BY_VISITORS", limits.Limit("put-by-visitors", 1, 60))
    put(anonymous, products["hosting"])
    with pytest.raises(cart.CartFull, match="Sign in"):
        put(anonymous, products["hosting"])


def test_old_carts_of_visitors_are_cleared(anonymous, put, products, prices, buyer, filled):
    put(anonymous, products["hosting"])
    jobs.clear_carts.call()
    assert CartItem.objects.count() == 3
    CartItem.objects.update(added_at=timezone.now() - timedelta(days=3))
    jobs.clear_carts.call()
    assert CartItem.objects.count() == 2 and not CartItem.objects.filter(membership=None).exists()


def test_a_code_does_not_lie_in_a_cart_for_ever(buyer, filled):
    """It is the key to a domain name, also encrypted."""
    [transfer, *rest] = CartItem.objects.order_by("pk")
    CartItem.objects.filter(pk=transfer.pk).update(authinfo="encrypted")
    for days, left in ((29, 1 + len(rest)), (31, len(rest))):
        CartItem.objects.update(added_at=timezone.now() - timedelta(days=days))
        jobs.clear_carts.call()
        assert CartItem.objects.count() == left
    assert not CartItem.objects.filter(pk=transfer.pk).exists()
