"""The page of renewals: who sees what, at which price, and what comes into the cart."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import cart, checkout
from billing.models import CartItem
from services.models import Price, Service
from tests.billing.shop import many_renewable, page_of, row, words
from tests.cast import service
from tests.crowd import queries_of


def test_all_that_ends_is_listed_the_nearest_first(client_of, buyer, customer, products, hosting, voip):
    today = timezone.localdate()
    service(customer, products["other"], "Certificate", ends_on=today + timedelta(days=12))
    service(customer, products["other"], "Shop", ends_on=today - timedelta(days=2), status=Service.Status.SUSPENDED)
    service(customer, products["other"], "Endless", ends_on=None)
    service(customer, products["other"], "Over", status=Service.Status.ENDED)
    service(customer, products["other"], "Not yet", status=Service.Status.PENDING)
    page = page_of(client_of(buyer))
    assert page.index(">Shop<") < page.index(">Certificate<") < page.index(">Hosting Garden<")
    certificate = row(page, "Certificate")
    assert "ends in 12 days" in certificate and "Active" in certificate and "Other" in certificate
    assert "garden.example" in row(page, "Hosting Garden")
    assert "Suspended" in row(page, "Shop") and "the paid time is over" in row(page, "Shop")
    for absent in ("Endless", "Over", "Not yet"):
        assert f">{absent}<" not in page


def test_companies_see_net_prices_and_private_persons_gross_ones(client_of, buyer, hosting):
    client = client_of(buyer)
    page = page_of(client)
    assert "PLN\N{NO-BREAK SPACE}100.00" in row(client.get("/renewals/").content.decode(), "Hosting Garden")
    assert "Prices are net" in page
    type(buyer.membership.customer).objects.update(kind="private")
    page = page_of(client)
    assert "PLN 123.00" in row(page, "Hosting Garden") and "Prices include VAT" in page


def test_every_period_says_until_when(client_of, buyer, hosting, products):
    Service.objects.filter(pk=hosting.pk).update(ends_on="2027-01-31", anchor_day=31)
    Price.objects.create(product=products["hosting"], months=1, net=Decimal("12.00"))
    garden = row(page_of(client_of(buyer)), "Hosting Garden")
    assert "1 month: PLN 12.00, until 28 Feb 2027" in garden
    assert " selected>1 year: PLN 100.00, until 31 Jan 2028" in garden


def test_a_sub_user_renews_what_was_granted(client_of, renewer, prices, hosting, voip):
    page = page_of(client_of(renewer))
    assert ">Hosting Garden<" in page and "Office phone" not in page


def test_without_the_permission_there_are_no_renewals(client_of, standard, prices, hosting):
    client = client_of(standard)
    assert client.get("/renewals/").status_code == 403
    assert client.post("/cart/add/", {"service": hosting.pk, f"price-{hosting.pk}": 1}).status_code == 403
    assert "Renewals" not in client.get("/").content.decode()
    assert not CartItem.objects.exists()


def test_another_customers_service_is_neither_shown_nor_sold(client_of, buyer, stranger, prices):
    client, price = client_of(buyer), prices["hosting"]
    assert "Hosting Elsewhere" not in page_of(client, f"/renewals/?service={stranger.service.pk}")
    answer = client.post("/cart/add/", {"service": stranger.service.pk, f"price-{stranger.service.pk}": price.pk})
    assert "changed meanwhile" in words(answer)
    assert not CartItem.objects.exists()


def test_it_is_this_that_keeps_other_customers_services_out(client_of, buyer, stranger, prices, monkeypatch):
    """The negative control: with every service renewable by everybody, the stranger's is sold."""
    monkeypatch.setattr(cart.renewals, "renewable", lambda membership: Service.objects.select_related("product"))
    pk = stranger.service.pk
    client_of(buyer).post("/cart/add/", {"service": pk, f"price-{pk}": prices["hosting"].pk})
    assert CartItem.objects.get().service == stranger.service


def test_the_one_that_was_asked_for_is_first_and_ticked(client_of, buyer, hosting, voip):
    Service.objects.filter(pk=voip.pk).update(ends_on=timezone.localdate() + timedelta(days=900))
    page = page_of(client_of(buyer), f"/renewals/?service={voip.pk}")
    assert page.index(">Office phone<") < page.index(">Hosting Garden<")
    assert "checked" in row(page, "Office phone") and "checked" not in row(page, "Hosting Garden")


@pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 30, "²", ""])
def test_what_makes_no_sense_in_the_address_asks_for_nothing(client_of, buyer, hosting, nonsense):
    query = f"service={nonsense}&kind={nonsense}&ends={nonsense}&page={nonsense}"
    assert ">Hosting Garden<" in page_of(client_of(buyer), f"/renewals/?{query}")


def test_search_and_filters_narrow_the_list(client_of, buyer, hosting, voip):
    Service.objects.filter(pk=voip.pk).update(ends_on=timezone.localdate() + timedelta(days=20))
    client = client_of(buyer)
    assert "Office phone" not in page_of(client, "/renewals/?q=GARDEN")
    assert "Hosting Garden" not in page_of(client, "/renewals/?kind=voip")
    soon = page_of(client, "/renewals/?ends=30")
    assert "Office phone" in soon and "Hosting Garden" not in soon
    assert "No service fits" in page_of(client, "/renewals/?q=nothing-like-it")


def test_nobody_with_nothing_is_led_astray(client_of, stranger):
    Service.objects.all().delete()
    page = page_of(client_of(stranger))
    assert "Nothing to renew" in page and "Add to cart" not in page


def test_what_is_ticked_comes_into_the_cart(client_of, buyer, hosting, voip, domain, prices):
    sent = {f"price-{item.pk}": prices[item.product.kind].pk for item in (hosting, voip, domain)}
    answer = client_of(buyer).post("/cart/add/", sent | {"service": [hosting.pk, domain.pk]}, follow=True)
    assert answer.redirect_chain == [("/cart/", 302)]
    assert "2 renewals are in the cart." in words(answer)
    assert set(buyer.membership.cart_items.values_list("service", "price")) == {
        (hosting.pk, prices["hosting"].pk),
        (domain.pk, prices["domain"].pk),
    }


def test_another_period_takes_the_place_of_the_first(client_of, buyer, hosting, prices, products):
    client = client_of(buyer)
    for price in (prices["hosting"], Price.objects.create(product=products["hosting"], months=24, net=Decimal(180))):
        client.post("/cart/add/", {"service": hosting.pk, f"price-{hosting.pk}": price.pk})
    assert CartItem.objects.get().price == price
    garden = row(page_of(client), "Hosting Garden")
    assert "Is in the cart." in garden and f'value="{price.pk}" selected' in garden


def test_nothing_ticked_is_said_and_the_periods_stay(client_of, buyer, hosting, prices, products):
    longer = Price.objects.create(product=products["hosting"], months=24, net=Decimal(180))
    answer = client_of(buyer).post("/cart/add/", {f"price-{hosting.pk}": longer.pk})
    assert "Tick what you want to renew." in words(answer)
    assert f'value="{longer.pk}" selected' in words(answer)


@pytest.mark.parametrize("price", ["", "x", "0", "999999999", "9" * 40])
def test_a_price_that_is_not_offered_buys_nothing_and_the_tick_stays(client_of, buyer, hosting, price):
    answer = client_of(buyer).post("/cart/add/?page=1", {"service": hosting.pk, f"price-{hosting.pk}": price})
    assert "changed meanwhile" in words(answer)
    assert "checked" in row(words(answer), "Hosting Garden")
    assert not CartItem.objects.exists()


def test_the_price_of_another_product_is_refused(client_of, buyer, hosting, prices):
    client_of(buyer).post("/cart/add/", {"service": hosting.pk, f"price-{hosting.pk}": prices["voip"].pk})
    assert not CartItem.objects.exists()


def test_all_or_nothing(client_of, buyer, hosting, voip, prices):
    sent = {"service": [hosting.pk, voip.pk], f"price-{hosting.pk}": prices["hosting"].pk, f"price-{voip.pk}": 0}
    client_of(buyer).post("/cart/add/", sent)
    assert not CartItem.objects.exists()


def test_a_full_cart_says_so(client_of, buyer, hosting, voip, prices, monkeypatch):
    monkeypatch.setattr(cart.base, "MOST_ITEMS", 1)
    client = client_of(buyer)
    client.post("/cart/add/", {"service": hosting.pk, f"price-{hosting.pk}": prices["hosting"].pk})
    answer = client.post("/cart/add/", {"service": voip.pk, f"price-{voip.pk}": prices["voip"].pk})
    assert "The cart holds 1 items at most." in words(answer) and "checked" in row(words(answer), "Office phone")
    assert CartItem.objects.get().service == hosting


def test_what_is_ordered_is_paid_and_not_ordered_again(client_of, buyer, hosting, order, prices):
    receivable = order(buyer, hosting)
    client = client_of(buyer)
    garden = row(page_of(client), "Hosting Garden")
    assert "Ordered, waiting for payment." in garden and "checkbox" not in garden
    assert f'href="/invoices/pay/?document={receivable.document_id}"' in garden
    answer = client.post("/cart/add/", {"service": hosting.pk, f"price-{hosting.pk}": prices["hosting"].pk})
    assert "changed meanwhile" in words(answer) and not CartItem.objects.exists()
    assert checkout.cancel(receivable, by=buyer)
    assert "checkbox" in row(page_of(client), "Hosting Garden")


def test_what_is_cancelled_says_so_and_is_not_renewed(client_of, buyer, hosting, prices):
    cart.add(buyer.membership, hosting, prices["hosting"])
    Service.objects.filter(pk=hosting.pk).update(cancelled_at=timezone.now())
    client = client_of(buyer)
    garden = row(page_of(client), "Hosting Garden")
    assert "It is cancelled and ends with its paid time." in garden and "checkbox" not in garden
    assert f'href="/services/{hosting.pk}/">Take that back' in garden
    assert "Take that back first." in page_of(client, "/cart/") and cart.items(buyer.membership) == []
    answer = client.post("/cart/add/", {"service": hosting.pk, f"price-{hosting.pk}": prices["hosting"].pk})
    assert "changed meanwhile" in words(answer)


def test_who_may_not_pay_gets_no_link_to_it(client_of, buyer, renewer, hosting, order):
    order(buyer, hosting)
    garden = row(page_of(client_of(renewer)), "Hosting Garden")
    assert "Ordered, waiting for payment." in garden and "/invoices/" not in garden


def test_without_a_price_one_writes_to_support(client_of, buyer, renewer, hosting):
    Price.objects.all().delete()
    for person, way in [(buyer, 'href="/messages/new/"'), (renewer, "Write to support")]:
        garden = row(page_of(client_of(person)), "Hosting Garden")
        assert "We have no price for this here." in garden and "checkbox" not in garden and way in garden
    renewer.membership.permissions = ["ordering"]
    renewer.membership.save()
    assert "support@example.com" in row(page_of(client_of(renewer)), "Hosting Garden")


def test_adding_and_then_going_back_leads_to_the_list(client_of, buyer):
    assert client_of(buyer).get("/cart/add/?q=a&page=2")["Location"] == "/renewals/?q=a&page=2"


def test_a_strange_name_is_only_a_name(client_of, buyer, hosting):
    Service.objects.filter(pk=hosting.pk).update(name='<b>"Ogród" & syn</b>')
    assert "&lt;b&gt;&quot;Ogród&quot; &amp; syn&lt;/b&gt;" in page_of(client_of(buyer))


def test_it_costs_the_same_with_a_thousand_services(client_of, buyer, customer, products):
    client = client_of(buyer)
    many_renewable(customer, products["hosting"], 10)
    few = queries_of(client, "/renewals/")
    many_renewable(customer, products["voip"], 990)
    many = queries_of(client, "/renewals/")
    assert len(many) == len(few) <= 7
    first = client.get("/renewals/").context["page"]
    last = client.get("/renewals/?before=3000000-1")
    assert len(re.findall('type="checkbox"', last.content.decode())) == 25
    assert not {row.pk for row in first.rows} & {row.pk for row in last.context["page"].rows}
    assert len(queries_of(client, "/renewals/?before=3000000-1")) == len(many)


def test_they_go_on_where_the_last_page_ended(client_of, buyer, customer, products):
    made = many_renewable(customer, products["hosting"], 60)
    client, seen, after = client_of(buyer), [], ""
    for _page in range(3):
        page = client.get("/renewals/", {"after": after} if after else {}).context["page"]
        seen, after = seen + [row.pk for row in page.rows], page.after
    nearest_first = sorted(made, key=lambda row: (row.ends_on, row.pk))
    assert seen == [row.pk for row in nearest_first] and not after


def test_what_one_came_to_renew_stands_on_top_wherever_it_ends(client_of, buyer, customer, products):
    made = many_renewable(customer, products["hosting"], 60)
    far = max(made, key=lambda row: (row.ends_on, row.pk))
    client = client_of(buyer)
    page = client.get(f"/renewals/?service={far.pk}")
    assert page.context["rows"][0].service == far and page.context["rows"][0].ticked
    last = client.get(f"/renewals/?service={far.pk}&before=3000000-1")
    assert [row.service for row in last.context["rows"]].count(far) == 1


def test_a_page_of_them_is_bought_by_a_bounded_number_of_queries(
    client_of, buyer, customer, products, prices, django_assert_max_num_queries
):
    rows = many_renewable(customer, products["hosting"], 25)
    sent = {f"price-{item.pk}": prices["hosting"].pk for item in rows} | {"service": [item.pk for item in rows]}
    client = client_of(buyer)
    with django_assert_max_num_queries(15):
        assert client.post("/cart/add/", sent).status_code == 302
    assert CartItem.objects.count() == 25
