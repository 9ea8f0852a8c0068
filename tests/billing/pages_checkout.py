"""The page of payment: what is agreed to, by whom, and that this and nothing else is ordered."""

import pytest

from accounts.models import Customer, Event
from billing import cart, checkout
from billing.models import CartItem, Document, Order, Receivable
from services.models import Price, Service
from tests.billing.shop import many_renewable, page_of, sums, words
from tests.crowd import queries_of

AGREED = {"agreed": "147.60"}


def refused(answer):
    """The page on which an order did not come about."""
    assert answer.status_code == 200
    assert not Order.objects.exists() and not Document.objects.exists()
    return words(answer)


def test_net_vat_gross_and_the_buyer_stand_there(client_of, buyer, filled, hosting):
    page = page_of(client_of(buyer), "/checkout/")
    assert "Hosting (garden.example), renewal: 1 year" in page
    assert sums(page)[-1] == ["120.00", "27.60", "147.60"]
    assert 'name="agreed" value="147.60"' in page
    assert "Ogrody Anny" in page and "5252344078" in page and "ul. Lipowa 1" in page
    assert 'href="/checkout/buyer/"' in page
    assert "Order with obligation to pay</button>" in page and "obliges you to pay" in page


def test_the_button_says_in_polish_that_one_has_to_pay(client_of, buyer, filled):
    """Art. 17 of the act on consumer rights: without these words there would be no contract."""
    type(buyer).objects.filter(pk=buyer.pk).update(language="pl")
    client = client_of(buyer)
    page = page_of(client, "/checkout/")
    assert "Zamawiam z obowiązkiem zapłaty</button>" in page and "147,60 zł" in page
    agreed = page.split('name="agreed" value="')[1].split('"')[0]
    assert client.post("/checkout/", {"agreed": agreed})["Location"].startswith("/invoices/pay/")
    line = Document.objects.get().lines.first()
    assert line.name == "Hosting (pl) (garden.example), odnowienie na 1 rok"


def test_ordering_makes_a_proforma_and_leads_to_paying(client_of, buyer, filled, hosting, voip):
    answer = client_of(buyer).post("/checkout/", AGREED)
    proforma = Document.objects.get()
    assert answer["Location"] == f"/invoices/pay/?document={proforma.pk}"
    assert proforma.kind == "proforma" and str(proforma.gross) == "147.60" and proforma.buyer.name == "Ogrody Anny"
    assert Receivable.objects.get().state == "open" and not CartItem.objects.exists()
    placed = Event.objects.get(action="order_placed")
    assert placed.by_id == buyer.pk and placed.details["document"] == proforma.number


def test_a_private_person_orders_at_the_gross_sum(client_of, buyer, filled):
    Customer.objects.update(kind="private", tax_id="")
    client_of(buyer).post("/checkout/", AGREED)
    assert Document.objects.get().from_gross


def test_pressed_twice_it_is_ordered_once(client_of, buyer, filled):
    client = client_of(buyer)
    answers = [client.post("/checkout/", AGREED)["Location"] for _ in range(2)]
    assert answers[1] == "/cart/" and Order.objects.count() == 1
    assert "nothing in the cart that can be ordered now" in words(client.get("/cart/"))


def test_a_price_that_changed_meanwhile_is_agreed_to_anew(client_of, buyer, filled, voip):
    client = client_of(buyer)
    Price.objects.filter(product=voip.product).update(net=30)
    page = refused(client.post("/checkout/", AGREED))
    assert "The sum has changed since you saw it." in page and 'name="agreed" value="159.90"' in page
    assert CartItem.objects.count() == 2
    client.post("/checkout/", {"agreed": "159.90"})
    assert str(Document.objects.get().gross) == "159.90"


def test_without_that_check_the_new_price_would_be_charged(client_of, buyer, filled, voip, monkeypatch):
    """The negative control: whatever was agreed to counts as the sum."""
    Price.objects.filter(product=voip.product).update(net=30)
    place = checkout.place

    def careless(membership, *, agreed, **fields):
        return place(membership, agreed=cart.quote(membership, cart.items(membership)).gross, **fields)

    monkeypatch.setattr(checkout, "place", careless)
    client_of(buyer).post("/checkout/", AGREED)
    assert str(Document.objects.get().gross) == "159.90"


def test_what_another_orders_first_is_not_ordered_again(client_of, buyer, administrative, filled, order, hosting):
    administrative.membership.customer = buyer.membership.customer
    order(administrative, hosting)
    answer = client_of(buyer).post("/checkout/", AGREED)
    assert "The sum has changed" in words(answer) and 'name="agreed" value="24.60"' in words(answer)
    assert Order.objects.count() == 1


@pytest.mark.parametrize("agreed", ["", "x", "-147.60", "147.6000000001", "1e400", "NaN"])
def test_a_sum_that_makes_no_sense_orders_nothing(client_of, buyer, filled, agreed):
    page = refused(client_of(buyer).post("/checkout/", {"agreed": agreed}))
    assert 'role="alert"' in page and 'name="agreed" value="147.60"' in page


def test_an_empty_cart_leads_back(client_of, buyer):
    assert client_of(buyer).get("/checkout/")["Location"] == "/cart/"
    assert client_of(buyer).post("/checkout/", AGREED)["Location"] == "/cart/"


def test_missing_billing_data_are_asked_for_right_there(client_of, buyer, filled):
    Customer.objects.update(street="", tax_id="")
    client = client_of(buyer)
    page = page_of(client, "/checkout/")
    assert "We need a name and an address" in page and 'action="/checkout/buyer/"' in page
    assert "obligation to pay</button>" not in page
    assert "We need a name and an address" in refused(client.post("/checkout/", AGREED))
    sent = {"kind": "company", "name": "Ogrody Anny", "street": "ul. Nowa 2", "postal_code": "80-244"}
    sent |= {"city": "Gdańsk", "country": "PL"}
    answer = client.post("/checkout/buyer/", sent | {"tax_id": "5252344079"})
    assert answer.status_code == 200 and 'id="id_tax_id"' in words(answer) and "errorlist" in words(answer)
    assert Customer.objects.get(pk=buyer.membership.customer_id).street == ""
    answer = client.post("/checkout/buyer/", sent | {"tax_id": "525-234-40-78"}, follow=True)
    assert answer.redirect_chain == [("/checkout/", 302)]
    assert "ul. Nowa 2" in words(answer) and "obligation to pay</button>" in words(answer)
    assert Event.objects.filter(action="billing_changed", by_id=buyer.pk).exists()
    client.post("/checkout/", AGREED)
    assert Document.objects.get().buyer.line1 == "ul. Nowa 2"


def test_a_company_without_a_nip_cannot_order(client_of, buyer, filled):
    Customer.objects.update(tax_id="")
    page = refused(client_of(buyer).post("/checkout/", AGREED))
    assert "need its NIP" in page and "obligation to pay</button>" not in page


def test_buyers_outside_poland_are_told_so(client_of, buyer, filled):
    Customer.objects.update(country="DE")
    page = refused(client_of(buyer).post("/checkout/", AGREED))
    assert "We cannot invoice buyers outside Poland here yet." in page and "obligation to pay</button>" not in page
    assert 'action="/checkout/buyer/"' not in page and 'href="/checkout/buyer/"' in page
    assert CartItem.objects.count() == 2


def test_a_sub_user_asks_the_owner_for_what_is_missing(client_of, buyer, renewer, hosting, prices):
    cart.add(renewer.membership, hosting, prices["hosting"])
    Customer.objects.update(street="")
    page = page_of(client_of(renewer), "/checkout/")
    assert "Ask the account's owner" in page.replace("&#x27;", "'")
    assert "/checkout/buyer/" not in page and "5252344078" not in page
    assert client_of(renewer).get("/checkout/buyer/").status_code == 403
    assert client_of(renewer).post("/checkout/buyer/", {"name": "Mine"}).status_code == 403


def test_a_sub_user_who_may_order_pays_for_it(client_of, buyer, renewer, hosting, prices):
    cart.add(renewer.membership, hosting, prices["hosting"])
    client = client_of(renewer)
    assert "Ogrody Anny" in page_of(client, "/checkout/")
    answer = client.post("/checkout/", {"agreed": "123.00"}, follow=True)
    proforma = Document.objects.get()
    assert answer.redirect_chain == [(f"/invoices/pay/?document={proforma.pk}", 302)]
    assert proforma.number in words(answer) and "Pay PLN 123.00" in words(answer)
    assert "<span>Invoices</span>" in words(answer) and "<span>Balance</span>" not in words(answer)


def test_without_the_permission_nothing_is_ordered(client_of, standard, prices, hosting, company):
    cart.add(standard.membership, hosting, prices["hosting"])
    client = client_of(standard)
    assert client.get("/checkout/").status_code == client.post("/checkout/", {"agreed": "123.00"}).status_code == 403
    assert not Order.objects.exists()


def test_what_was_taken_away_from_a_sub_user_is_not_ordered(client_of, buyer, renewer, hosting, prices):
    cart.add(renewer.membership, hosting, prices["hosting"])
    renewer.membership.grants.all().delete()
    assert client_of(renewer).post("/checkout/", {"agreed": "123.00"})["Location"] == "/cart/"
    assert not Order.objects.exists()


def test_what_ended_meanwhile_is_not_ordered(client_of, buyer, filled, hosting):
    Service.objects.filter(pk=hosting.pk).update(status="ended")
    assert "The sum has changed" in refused(client_of(buyer).post("/checkout/", AGREED))


def test_it_costs_the_same_with_a_full_cart(client_of, buyer, customer, products, prices):
    client = client_of(buyer)
    rows = many_renewable(customer, products["hosting"], cart.MOST_ITEMS)
    cart.add_all(buyer.membership, {item.pk: prices["hosting"].pk for item in rows[:10]})
    few = queries_of(client, "/checkout/")
    cart.add_all(buyer.membership, {item.pk: prices["hosting"].pk for item in rows[10:]})
    many = queries_of(client, "/checkout/")
    assert len(many) == len(few) <= 7
