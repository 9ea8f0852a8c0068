"""Promo codes and orders in the administration."""

from decimal import Decimal

import pytest
from django.urls import reverse

from billing import cart, checkout
from billing.models import Order, PromoCode
from services.models import OptionValue, ProductOption
from services.purchasing import Wanted

ADD = "/admin/billing/promocode/add/"


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


def sent(**fields):
    return {"code": "spring-27", "percent": "20", "net": "", "first_period_only": "on"} | fields


def text(answer):
    return answer.content.decode()


def test_a_code_is_made_in_capital_letters(admin, products):
    answer = admin.post(ADD, sent(products=[products["hosting"].pk], most_uses="10"))
    assert answer.status_code == 302, text(answer)
    promo = PromoCode.objects.get()
    assert (promo.code, promo.percent, promo.net, promo.most_uses, promo.uses) == ("SPRING-27", 20, None, 10, 0)
    assert list(promo.products.all()) == [products["hosting"]]
    assert "SPRING-27" in text(admin.get("/admin/billing/promocode/"))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"net": "10.00"}, "Say either how many per cent"),
        ({"percent": ""}, "Say either how many per cent"),
        ({"percent": "101"}, "less than or equal to 100"),
        ({"percent": "", "net": "-1"}, "greater than or equal to"),
        ({"code": "ża b"}, "At least three capital letters"),
        ({"valid_from": "2026-12-31", "valid_until": "2026-12-01"}, "This is before the first day."),
    ],
    ids=str,
)
def test_a_code_that_makes_no_sense_is_refused(admin, fields, told):
    answer = admin.post(ADD, sent(**fields))
    assert told in text(answer)
    assert not PromoCode.objects.exists()


def test_the_same_code_twice_is_refused(admin):
    PromoCode.objects.create(code="SPRING-27", percent=5)
    assert "already exists" in text(admin.post(ADD, sent()))


def test_a_code_that_was_used_stays(admin, buyer):
    promo = PromoCode.objects.create(code="SPRING", percent=5, uses=1)
    Order.objects.create(customer=buyer.membership.customer, placed_by=buyer, promo=promo)
    answer = admin.post(reverse("admin:billing_promocode_delete", args=[promo.pk]), {"post": "yes"})
    assert PromoCode.objects.exists() and "Cannot delete promo code" in text(answer)


def test_an_order_shows_what_was_chosen(admin, buyer, terms, products, prices):
    option = ProductOption.objects.create(product=products["hosting"], code="disk", name_pl="Dysk", name_en="Disk")
    value = OptionValue.objects.create(option=option, code="50", name_pl="50 GB", name_en="50 GB")
    cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"], (value,)))
    order = checkout.place(buyer.membership, agreed=Decimal("123.00"), terms=terms, by=buyer)
    page = text(admin.get(reverse("admin:billing_order_change", args=[order.pk])))
    assert "Disk: 50 GB" in page and "New service" in page and "1.0" in page
