"""The catalogue and the page of a product: what is shown to whom, what it costs, and what comes into the cart."""

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Provider
from billing import cart
from billing.models import CartItem
from services import catalogue
from services.models import OptionValue, Price, Product, ProductGroup
from tests.billing import offers
from tests.billing.shop import page_of, sums, words
from tests.crowd import queries_of


@pytest.fixture
def servers(provider):
    return offers.group(provider)


@pytest.fixture
def vps(servers):
    """20.00 a month or 200.00 a year, net, with a set-up fee of 30.00 for the month."""
    return offers.product(servers, prices=[(1, "20.00", "30.00"), (12, "200.00")])


@pytest.fixture
def disk(vps):
    """50 GB for nothing, or 100 GB for 10.00 a month and 5.00 once, net."""
    return offers.option(vps)


def chosen(product, months=12, **more):
    """What the form of a product sends."""
    return {"price": Price.objects.get(product=product, months=months, is_offered=True).pk} | more


def answered(option, code):
    return {f"option-{option.pk}": OptionValue.objects.get(option=option, code=code, is_offered=True).pk}


# --- Who sees what -------------------------------------------------------------------------------


def test_visitors_see_groups_with_products_and_gross_prices(anonymous, vps):
    page = page_of(anonymous, "/order/")
    assert ">Servers<" in page and ">VPS<" in page
    assert "from PLN 20.50 a month" in page and "when paid for 1 year" in page
    assert "Prices include VAT." in page and "Sign in" in page


def test_a_company_sees_net_prices_in_the_panel(client_of, buyer, vps):
    page = page_of(client_of(buyer), "/order/")
    assert "from PLN 16.67 a month" in page and "Prices are net" in page
    assert 'href="/order/" aria-current="page"' in page and "Order a service" in page


def test_it_speaks_polish(provider, vps):
    page = words(Client(headers={"Accept-Language": "pl"}).get("/order/"))
    assert "vps (pl)" in page and "od 20,50 zł za miesiąc" in page and ">VPS<" not in page


def test_what_is_sold_by_the_year_is_priced_by_the_year(anonymous, servers):
    offers.product(servers, "two", prices=[(12, "100.00"), (24, "180.00")])
    offers.product(servers, "one", prices=[(12, "50.00")])
    offers.product(servers, "month", prices=[(1, "10.00", "1.00")])
    page = page_of(anonymous, "/order/")
    assert "from PLN 110.70 a year" in page and "when paid for 2 years" in page
    assert " PLN 61.50 a year" in page and "from PLN 61.50" not in page
    assert " PLN 12.30 a month" in page and "and PLN 1.23 once" in page


def test_what_costs_nothing_says_so(anonymous, servers):
    offers.product(servers, "trial", prices=[(1, "0")])
    assert "free of charge" in page_of(anonymous, "/order/")
    page = page_of(anonymous, "/order/trial/")
    assert "Without an end: free of charge" in page and sums(page)[-1] == ["0.00", "0.00", "0.00"]


def hidden(product):
    """Every way of not being on offer."""
    yield lambda: Product.objects.filter(pk=product.pk).update(is_offered=False)
    yield lambda: Product.objects.filter(pk=product.pk).update(group=None)
    yield lambda: ProductGroup.objects.update(is_shown=False)
    yield lambda: Price.objects.update(is_offered=False)


@pytest.mark.parametrize("way", range(4))
def test_what_is_not_on_offer_is_not_there(anonymous, vps, way):
    list(hidden(vps))[way]()
    assert "VPS" not in page_of(anonymous, "/order/")
    for answer in (anonymous.get("/order/vps/"), anonymous.post("/order/vps/add/")):
        assert answer.status_code == 404 and "not offered, or not any more" in words(answer)
        assert "VPS" not in words(answer)


def test_it_says_the_same_of_what_never_was(anonymous, vps):
    Product.objects.update(is_offered=False)
    once, never = (words(anonymous.get(f"/order/{code}/")).partition("<main")[2] for code in ("vps", "never"))
    assert once == never != ""


def test_another_providers_products_are_not_shown(client_of, anonymous, buyer, provider, vps):
    fields = {f.name: getattr(provider, f.name) for f in Provider._meta.fields if f.name not in ("id", "logo")}
    other = Provider.objects.create(**(fields | {"name": "Other"}))
    offers.product(offers.group(other, "elsewhere"), "foreign")
    for client in (anonymous, client_of(buyer)):
        page = page_of(client, "/order/")
        assert "VPS" in page and "FOREIGN" not in page and "Elsewhere" not in page
        assert client.get("/order/foreign/").status_code == 404
        assert client.get("/order/groups/elsewhere/").status_code == 404
    buyer.membership.customer.provider = other
    buyer.membership.customer.save()
    page = page_of(client_of(buyer), "/order/")
    assert "FOREIGN" in page and "VPS" not in page


def test_an_empty_catalogue_says_so(anonymous, client_of, buyer, provider):
    ProductGroup.objects.create(provider=provider, slug="empty", name_pl="Pusta", name_en="Empty")
    for client in (anonymous, client_of(buyer)):
        page = page_of(client, "/order/")
        assert "Nothing can be ordered here yet" in page and "Empty" not in page


def test_before_there_is_a_provider_nothing_is_on_offer(db):
    assert "Nothing can be ordered here yet" in words(Client(headers={"Accept-Language": "en"}).get("/order/"))


def test_who_may_not_order_looks_and_does_not_buy(client_of, standard, vps):
    client = client_of(standard)
    page = page_of(client, "/order/vps/")
    assert "You have no permission to order." in page and "Add to cart" not in page and "Recalculate" in page
    assert "Order a service" not in page
    assert client.post("/order/vps/add/", chosen(vps)).status_code == 403
    assert not CartItem.objects.exists()


def test_staff_look_and_do_not_buy(client_of, support, vps):
    client = client_of(support)
    assert "Add to cart" not in page_of(client, "/order/vps/")
    assert client.post("/order/vps/add/", chosen(vps)).status_code == 403


def test_groups_and_products_stand_in_their_order(anonymous, provider, servers):
    offers.group(provider, "first", position=0)
    ProductGroup.objects.filter(pk=servers.pk).update(position=1)
    for code, position in [("a", 2), ("c", 1), ("b", 1)]:
        offers.product(servers, code, position=position)
    offers.product(ProductGroup.objects.get(slug="first"), "z")
    page = page_of(anonymous, "/order/")
    places = [page.index(f">{name}<") for name in ("Z", "B", "C", "A")]
    assert places == sorted(places)


def test_a_big_group_has_a_page_of_its_own(anonymous, provider):
    offers.crowd(provider, groups=1, products=30)
    page = page_of(anonymous, "/order/")
    assert "G 000: all 30 products" in page and page.count(">Choose<") == 5
    page = page_of(anonymous, "/order/groups/g0/?page=2")
    assert page.count(">Choose<") == 5 and "Page 2 of 2" in page


def test_products_are_looked_for_by_name(anonymous, vps, servers):
    offers.product(servers, "mail", name_pl="Poczta", description_en="VPS")
    page = page_of(anonymous, "/order/?q= vPs ")
    assert ">VPS<" in page and ">MAIL<" not in page and ">Servers<" not in page and "Show all" in page
    assert ">MAIL<" in page_of(anonymous, "/order/?q=poczta")
    assert "No product fits" in page_of(anonymous, "/order/?q=%25")
    assert ">Servers<" in page_of(anonymous, "/order/?q=%20") and ">Servers<" in page_of(
        anonymous, f"/order/?q={'x' * 101}"
    )
    Product.objects.update(is_offered=False)
    assert "No product fits" in page_of(anonymous, "/order/?q=vps")


@pytest.mark.parametrize("nonsense", ["x", "-1", "0", "9" * 30, "²"])
def test_a_page_that_is_none_is_the_nearest(anonymous, vps, nonsense):
    assert "VPS" in page_of(anonymous, f"/order/?page={nonsense}")
    assert "VPS" in page_of(anonymous, f"/order/groups/servers/?page={nonsense}")


def test_strange_and_long_names_are_only_names(anonymous, servers):
    name = "<b>Ogród & syn</b> " + "w" * 100
    offers.product(servers, "odd", name_en=name, description_en="<script>x</script>\n\nhttps://example.com/ more")
    for address in ("/order/", "/order/odd/"):
        page = page_of(anonymous, address)
        assert "&lt;b&gt;Ogród &amp; syn&lt;/b&gt;" in page and "<script>x" not in page
    assert '<a href="https://example.com/" rel="nofollow">' in page and "<p>&lt;script&gt;" in page


# --- What it comes to ----------------------------------------------------------------------------


def test_the_sums_are_those_of_what_is_chosen(anonymous, client_of, buyer, vps, disk):
    address = f"/order/vps/?price={chosen(vps, 1)['price']}"
    assert sums(page_of(anonymous, address))[-1] == ["50.00", "11.50", "61.50"]
    assert sums(page_of(client_of(buyer), address))[-1] == ["50.00", "11.50", "61.50"]
    page = page_of(anonymous, f"{address}&option-{disk.pk}={disk.values.get(code='100').pk}")
    assert sums(page)[-1] == ["65.00", "14.95", "79.95"]
    assert "Each renewal, without what is paid once: PLN 36.90 for 1 month." in page
    assert "100 GB: PLN 12.30 a month more, PLN 6.15 once" in page


def test_a_year_is_proposed(anonymous, vps):
    page = page_of(anonymous, "/order/vps/")
    assert f'value="{chosen(vps)["price"]}" required checked' in page and page.count(" checked") == 1
    assert sums(page)[-1] == ["200.00", "46.00", "246.00"] and "Each renewal" not in page
    assert "PLN 20.50 a month" in page and "set-up fee PLN 36.90, once" in page


@pytest.mark.parametrize("nonsense", ["x", "-1", "0", "9" * 30, "²", ""])
def test_an_address_that_makes_no_sense_proposes_the_usual(anonymous, vps, disk, nonsense):
    page = page_of(anonymous, f"/order/vps/?price={nonsense}&option-{disk.pk}={nonsense}&option-0={nonsense}")
    assert sums(page)[-1] == ["200.00", "46.00", "246.00"]


def test_recalculating_leads_to_the_sums_and_puts_nothing_in(anonymous, servers, disk, vps):
    Product.objects.update(asks_domain=True)
    sent = chosen(vps, 1) | answered(disk, "100") | {"recalculate": "yes", "domain": "shop.example"}
    answer = anonymous.post("/order/vps/add/", sent, follow=True)
    assert sums(words(answer))[-1] == ["65.00", "14.95", "79.95"]
    assert 'value="shop.example"' in words(answer)
    assert " selected>100 GB" in words(answer) and not CartItem.objects.exists()


def test_recalculating_does_not_ask_for_the_name_yet(anonymous, vps):
    Product.objects.update(asks_domain=True)
    answer = anonymous.post("/order/vps/add/", chosen(vps, 1) | {"recalculate": "yes"}, follow=True)
    assert answer.status_code == 200 and "errorlist" not in words(answer)


def test_the_sums_are_those_of_the_cart(client_of, buyer, vps, disk):
    client = client_of(buyer)
    sent = chosen(vps, 1) | answered(disk, "100")
    shown = sums(page_of(client, f"/order/vps/?price={sent['price']}&option-{disk.pk}={sent[f'option-{disk.pk}']}"))
    client.post("/order/vps/add/", sent)
    assert sums(page_of(client, "/cart/")) == shown


# --- Into the cart -------------------------------------------------------------------------------


def test_what_is_chosen_comes_into_the_cart(client_of, buyer, vps, disk):
    Product.objects.update(asks_domain=True)
    sent = chosen(vps, 1) | answered(disk, "100") | {"domain": " https://WWW.Shop.example/x "}
    answer = client_of(buyer).post("/order/vps/add/", sent, follow=True)
    assert answer.redirect_chain == [("/cart/", 302)] and "VPS is in the cart." in words(answer)
    item = CartItem.objects.get()
    assert (item.membership, item.product, item.price.months) == (buyer.membership, vps, 1)
    assert (item.chosen, item.domain) == ([disk.values.get(code="100").pk], "shop.example")


def test_a_visitor_fills_a_cart_too(anonymous, vps):
    answer = anonymous.post("/order/vps/add/", chosen(vps), follow=True)
    assert answer.redirect_chain == [("/cart/", 302)] and "VPS" in words(answer)
    item = CartItem.objects.get()
    assert item.membership is None and item.visitor


@pytest.mark.parametrize("price", ["", "x", "0", "-5", "9" * 40, "1 OR 1=1"])
def test_a_price_that_is_none_is_refused_beside_its_field(client_of, buyer, vps, disk, price):
    sent = {"price": price, **answered(disk, "100")}
    answer = client_of(buyer).post("/order/vps/add/", sent)
    assert answer.status_code == 200 and not CartItem.objects.exists()
    assert ("not offered any more" if price else "Choose a period.") in words(answer)
    assert " selected>100 GB" in words(answer)


@pytest.mark.parametrize("quantity", ["-5", "0", "1000000000"])
def test_there_is_no_quantity_to_forge(client_of, buyer, vps, quantity):
    """A piece is put into the cart by itself, and the cart holds only so many."""
    client_of(buyer).post("/order/vps/add/", chosen(vps, 1) | {"quantity": quantity, "count": quantity})
    item, listed = CartItem.objects.get(), cart.items(buyer.membership)
    assert len(listed) == 1 and item.price.net > 0


def test_the_price_of_another_product_is_refused(client_of, buyer, vps, servers):
    cheap = offers.product(servers, "cheap", prices=[(12, "0.01")])
    answer = client_of(buyer).post("/order/vps/add/", chosen(cheap))
    assert "This price is not offered any more." in words(answer) and not CartItem.objects.exists()


def test_it_is_this_that_keeps_another_products_price_out(client_of, buyer, vps, servers, monkeypatch):
    """The negative control: with all prices among its own, the foreign one gets as far as the cart, which refuses."""
    cheap = offers.product(servers, "cheap", prices=[(12, "0.01")])
    monkeypatch.setattr(catalogue, "find", lambda products, code: with_foreign(vps, cheap))
    answer = client_of(buyer).post("/order/vps/add/", chosen(cheap))
    assert "This is not sold at this price." in words(answer) and not CartItem.objects.exists()


def with_foreign(product, other):
    product.offered, product.asked = [*product.prices.all(), *other.prices.all()], []
    return product


def test_a_price_that_was_replaced_meanwhile_is_told_and_nothing_is_lost(client_of, buyer, vps, disk):
    sent = chosen(vps, 1) | answered(disk, "100")
    Price.objects.filter(pk=sent["price"]).update(is_offered=False)
    offers.price(vps, 1, "25.00")
    Product.objects.update(asks_domain=True)
    page = words(client_of(buyer).post("/order/vps/add/", sent | {"domain": "shop.example"}))
    assert "This price is not offered any more. Choose one of these." in page
    assert "1 month: PLN 25.00" in page and " selected>100 GB" in page and 'value="shop.example"' in page


@pytest.mark.parametrize("value", ["", "x", "-1", "0", "9" * 40])
def test_a_value_that_is_none_is_refused_beside_its_field(client_of, buyer, vps, disk, value):
    answer = client_of(buyer).post("/order/vps/add/", chosen(vps) | {f"option-{disk.pk}": value})
    assert "Choose one of these." in words(answer) and not CartItem.objects.exists()


def test_values_of_other_options_and_products_are_refused(client_of, buyer, vps, disk, servers):
    client = client_of(buyer)
    memory = offers.option(vps, "memory")
    elsewhere = offers.option(offers.product(servers, "big"))
    good = chosen(vps) | answered(disk, "50") | answered(memory, "50")
    for foreign in (memory, elsewhere):
        sent = good | {f"option-{disk.pk}": answered(foreign, "100")[f"option-{foreign.pk}"]}
        page = words(client.post("/order/vps/add/", sent))
        assert "This is not offered any more. Choose one of these." in page
    page = words(client.post("/order/vps/add/", good | answered(elsewhere, "100")))
    assert "What can be chosen here has changed meanwhile." in page
    assert not CartItem.objects.exists()
    assert client.post("/order/vps/add/", good).status_code == 302


def test_an_option_that_is_left_out_is_asked_for(client_of, buyer, vps, disk):
    answer = client_of(buyer).post("/order/vps/add/", chosen(vps))
    assert "Choose one of these." in words(answer) and not CartItem.objects.exists()


def test_a_value_taken_off_the_offer_is_not_asked(anonymous, client_of, buyer, vps, disk):
    sent = chosen(vps) | answered(disk, "100")
    OptionValue.objects.filter(code="100").update(is_offered=False)
    assert "100 GB" not in page_of(anonymous, "/order/vps/")
    assert "This is not offered any more." in words(client_of(buyer).post("/order/vps/add/", sent))
    OptionValue.objects.update(is_offered=False)
    assert "Disk" not in page_of(anonymous, "/order/vps/")
    assert client_of(buyer).post("/order/vps/add/", chosen(vps)).status_code == 302


@pytest.mark.parametrize("name", ["", "shop", "-x.example", "a b.example", "x." * 200, "ex ample.com", "x.example:80"])
def test_what_is_no_domain_name_is_refused_beside_its_field(client_of, buyer, vps, name):
    Product.objects.update(asks_domain=True)
    answer = client_of(buyer).post("/order/vps/add/", chosen(vps, 1) | {"domain": name})
    assert answer.status_code == 200 and 'aria-invalid="true"' in words(answer)
    assert not CartItem.objects.exists() and sums(words(answer))[-1] == ["50.00", "11.50", "61.50"]


def test_a_name_with_polish_letters_is_a_name(client_of, buyer, vps):
    Product.objects.update(asks_domain=True)
    client_of(buyer).post("/order/vps/add/", chosen(vps) | {"domain": "żółw.example"})
    assert CartItem.objects.get().domain == "żółw.example"


def test_sold_out_is_said_and_not_sold(client_of, buyer, anonymous, vps):
    Product.objects.update(stock=0)
    assert "Sold out" in page_of(anonymous, "/order/")
    page = page_of(anonymous, "/order/vps/")
    assert "It is sold out." in page and "Add to cart" not in page
    answer = client_of(buyer).post("/order/vps/add/", chosen(vps))
    assert "VPS is sold out." in words(answer) and not CartItem.objects.exists()


@pytest.mark.parametrize(("left", "said"), [(1, "1 piece is left."), (3, "3 pieces are left."), (6, ""), (None, "")])
def test_the_last_pieces_are_told(anonymous, vps, left, said):
    Product.objects.update(stock=left)
    page = page_of(anonymous, "/order/vps/")
    assert said in page and ("left." in page) == bool(said)


def test_a_full_cart_says_so(client_of, buyer, vps, monkeypatch):
    monkeypatch.setattr(cart.base, "MOST_ITEMS", 1)
    client = client_of(buyer)
    client.post("/order/vps/add/", chosen(vps))
    assert "The cart holds 1 items at most." in words(client.post("/order/vps/add/", chosen(vps, 1)))
    assert CartItem.objects.count() == 1


def test_a_domain_is_ordered_by_its_name(client_of, buyer, servers):
    name = offers.product(servers, "pl", kind="domain", suffix="pl", prices=[(12, "50.00"), (24, "90.00")])
    client = client_of(buyer)
    page = page_of(client, "/order/pl/")
    assert "1 year" in page and "PLN 90.00" in page and "Add to cart" not in page
    assert "Say for which domain name." in words(client.post("/order/pl/add/", chosen(name)))
    assert not CartItem.objects.exists()


def test_a_form_made_for_another_customer_buys_nothing(client_of, buyer, vps):
    sent = chosen(vps) | {"acting_for": "999"}
    assert client_of(buyer).post("/order/vps/add/", sent).status_code == 409
    assert not CartItem.objects.exists()


# --- What it costs us ----------------------------------------------------------------------------


def test_what_is_found_comes_by_name_and_has_pages(anonymous, provider):
    offers.crowd(provider, groups=2, products=20)
    first = anonymous.get("/order/?q=p")
    page = first.context["page"]
    assert len(page.rows) == 25 and not page.before
    second = anonymous.get(f"/order/?q=p&after={page.after}").context["page"]
    names = [(product.name_en, product.pk) for product in [*page.rows, *second.rows]]
    assert names == sorted(names) and len(set(names)) == len(names) == 40
    assert f"after={page.after}" in first.content.decode() and not second.after


@pytest.mark.parametrize("person", ["visitor", "buyer"])
def test_lists_cost_the_same_with_a_big_catalogue(client_of, anonymous, buyer, provider, servers, vps, disk, person):
    client = client_of(buyer) if person == "buyer" else anonymous
    addresses = ["/order/", "/order/groups/servers/", "/order/vps/"]
    few = [len(queries_of(client, address)) for address in addresses]
    offers.crowd(provider, groups=20, products=30)
    ProductGroup.objects.filter(slug="g0").update(position=0)
    many = [len(queries_of(client, address)) for address in [addresses[0], "/order/groups/g0/", addresses[2]]]
    assert many == few and max(few) <= 7
    assert len(queries_of(client, "/order/?q=p")) <= 7
    assert len(queries_of(client, "/order/?page=3")) == few[0]


# --- The preview ---------------------------------------------------------------------------------


def test_an_administrator_sees_a_product_before_it_is_offered(client_of, administrator, vps, disk):
    Product.objects.update(is_offered=False, description_pl="Opis", description_en="Description")
    client = client_of(administrator)
    page = page_of(client, "/order/vps/preview/?language=en")
    assert "customers do not see this product yet" in page and "Description" in page and "100 GB" in page
    assert "disabled> <svg" in page.replace("disabled><svg", "disabled> <svg") and "/order/vps/add/" not in page
    assert "vps (pl)" in page_of(client, "/order/vps/preview/?language=pl")
    Product.objects.update(is_offered=True)
    assert "as visitors see it" in page_of(client, "/order/vps/preview/?language=en")


def test_a_preview_recalculates(client_of, administrator, vps):
    client = client_of(administrator)
    page = page_of(client, f"/order/vps/preview/?language=en&price={chosen(vps, 1)['price']}")
    assert sums(page)[-1] == ["50.00", "11.50", "61.50"]
    with translation.override("en"):
        Price.objects.update(is_offered=False)
        assert "Sums by VAT rate" not in page_of(client, "/order/vps/preview/?language=en")


def test_the_preview_is_for_administrators(client_of, owner, support, anonymous, vps):
    for person in (owner, support):
        assert client_of(person).get("/order/vps/preview/").status_code == 404
    assert anonymous.get("/order/vps/preview/")["Location"].startswith("/sign-in/")
