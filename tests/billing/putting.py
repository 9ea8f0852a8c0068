"""What may be put into a cart: what the catalogue offers, and nothing that a form made up."""

from decimal import Decimal

import pytest

from accounts.keys import encrypt
from billing import cart
from billing.models import CartItem
from services.models import OptionValue, Price, Product, ProductOption
from services.purchasing import Wanted
from tests.billing.shop import page_of, sums

D = Decimal


@pytest.fixture
def disk(products):
    """An option of hosting: 10 GB for nothing, 50 GB for 5.00 a month and 20.00 once."""
    option = ProductOption.objects.create(product=products["hosting"], code="disk", name_pl="Dysk", name_en="Disk")
    small = OptionValue.objects.create(option=option, code="10", name_pl="10 GB", name_en="10 GB")
    big = OptionValue.objects.create(
        option=option, code="50", name_pl="50 GB", name_en="50 GB", monthly_net=D(5), setup_net=D(20)
    )
    return small, big


def test_a_product_with_options_and_a_set_up_fee(client_of, buyer, products, prices, disk):
    Price.objects.filter(pk=prices["hosting"].pk).update(setup_net=D(30))
    prices["hosting"].refresh_from_db()
    cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"], (disk[1],)))
    page = page_of(client_of(buyer), "/cart/")
    assert "Disk: 50 GB" in page
    for line in (
        "Hosting, 1 year: PLN 100.00",
        "Hosting, Disk: 50 GB, 1 year: PLN 60.00",
        "Hosting, set-up: PLN 50.00",
    ):
        assert line in page
    assert sums(page)[-1] == ["210.00", "48.30", "258.30"]


def test_the_name_that_something_is_for_can_be_had_beside_it(client_of, buyer, products, prices, domain):
    Product.objects.update(asks_domain=True)
    products["hosting"].refresh_from_db()
    for name in ("new.example", "garden.example", "two.example"):
        cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"], domain=name))
    cart.put(buyer.membership, Wanted(products["domain"], prices["domain"], domain="two.example", origin="registered"))
    page = page_of(client_of(buyer), "/cart/")
    assert 'href="/order/domain/?name=new.example">Register or transfer new.example</a>' in page
    assert page.count("Register or transfer ") == 1, "not of a name that is kept here, or lies in the cart itself"


def test_twice_is_two(buyer, products, prices):
    for _time in range(2):
        cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"]))
    assert len(cart.items(buyer.membership)) == 2


@pytest.mark.parametrize("fields", [{"is_offered": False}, {"stock": 0}, {"asks_domain": True}], ids=str)
def test_a_product_that_is_not_sold_like_this(buyer, products, prices, fields):
    Product.objects.filter(pk=products["hosting"].pk).update(**fields)
    products["hosting"].refresh_from_db()
    with pytest.raises(cart.NotForSale) as refusal:
        cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"]))
    assert str(refusal.value)
    assert isinstance(refusal.value, cart.SoldOut) == ("stock" in fields)
    assert not CartItem.objects.exists()


def test_a_price_of_another_product_or_one_that_is_gone(buyer, products, prices):
    gone = Price.objects.create(product=products["hosting"], months=24, net=D(1), is_offered=False)
    for price in (prices["voip"], gone):
        with pytest.raises(cart.NotForSale, match="not sold at this price"):
            cart.put(buyer.membership, Wanted(products["hosting"], price))


def test_options_are_answered_each_once_and_by_their_own_values(buyer, products, prices, disk):
    other = ProductOption.objects.create(product=products["voip"], code="lines", name_pl="Linie", name_en="Lines")
    strange = OptionValue.objects.create(option=other, code="2", name_pl="2", name_en="2")
    for values in [(), disk, (strange,), (disk[0], strange)]:
        with pytest.raises(cart.NotForSale, match="one value of each option"):
            cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"], values))
    OptionValue.objects.filter(pk=disk[1].pk).update(is_offered=False)
    with pytest.raises(cart.NotForSale, match="one value of each option"):
        cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"], (disk[1],)))
    assert not CartItem.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"domain": "", "origin": "registered"},
        {"domain": "garden.example"},
        {"domain": "garden.example", "origin": "elsewhere"},
        {"domain": "garden.example", "origin": "transferred"},
        {"domain": "garden.example", "origin": "registered", "authinfo": "secret"},
        {"domain": "garden", "origin": "registered"},
        {"domain": "GARDEN.example", "origin": "registered"},
        {"domain": "garden..example", "origin": "registered"},
        {"domain": "garden.other", "origin": "registered"},
        {"domain": "a." * 130 + "example", "origin": "registered"},
    ],
    ids=str,
)
def test_a_domain_that_cannot_be_bought_like_this(buyer, products, prices, fields):
    products["domain"].suffix = "example"
    with pytest.raises(cart.NotForSale):
        cart.put(buyer.membership, Wanted(products["domain"], prices["domain"], **fields))


def test_a_domain_of_something_that_is_for_none(buyer, products, prices):
    with pytest.raises(cart.NotForSale):
        cart.put(buyer.membership, Wanted(products["voip"], prices["voip"], domain="garden.example"))
    with pytest.raises(cart.NotForSale):
        cart.put(buyer.membership, Wanted(products["voip"], prices["voip"], origin="registered"))


def test_a_transfer_with_its_code(client_of, buyer, products, prices):
    code = encrypt("Secret-1")
    wanted = Wanted(products["domain"], prices["domain"], (), "garden.example", "transferred", code)
    cart.put(buyer.membership, wanted)
    page = page_of(client_of(buyer), "/cart/")
    assert "garden.example" in page and "Domain (transfer)" in page and "Secret-1" not in page and code not in page


def test_a_full_cart_takes_no_more(buyer, filled, products, prices, monkeypatch):
    monkeypatch.setattr(cart.base, "MOST_ITEMS", 2)
    with pytest.raises(cart.CartFull, match="at most"):
        cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"]))


def test_a_price_that_changed_is_told_and_asked_for(client_of, buyer, products, prices):
    cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"]))
    Price.objects.filter(pk=prices["hosting"].pk).update(is_offered=False)
    Price.objects.create(product=products["hosting"], months=12, net=D(110))
    page = page_of(client_of(buyer), "/cart/")
    assert "it was PLN 100.00 net, now it is PLN 110.00 net" in page
    assert sums(page)[-1][0] == "110.00"


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"is_offered": False}, "It is no longer sold."), ({"stock": 0}, "It is sold out.")],
    ids=["withdrawn", "sold out"],
)
def test_what_was_taken_off_is_told_and_not_counted(client_of, buyer, products, prices, fields, words):
    for kind in ("hosting", "voip"):
        cart.put(buyer.membership, Wanted(products[kind], prices[kind]))
    Product.objects.filter(pk=products["hosting"].pk).update(**fields)
    page = page_of(client_of(buyer), "/cart/")
    assert words in page.split("Cannot be bought now")[1]
    assert sums(page)[-1][0] == "20.00"


def test_an_option_that_came_later_is_asked_for(client_of, buyer, products, prices):
    cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"]))
    option = ProductOption.objects.create(product=products["hosting"], code="os", name_pl="System", name_en="System")
    OptionValue.objects.create(option=option, code="debian", name_pl="Debian", name_en="Debian")
    assert "One of its options" in page_of(client_of(buyer), "/cart/").split("Cannot be bought now")[1]
