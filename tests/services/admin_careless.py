"""What an administrator does without thinking: refused in clear words, told, or harmless."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Event
from billing.models import Order, PromoCode, UsageCharge
from services.models import OptionValue, Price, Product, ProductGroup, Service, Usage
from tests.billing import offers
from tests.billing.shop import words
from tests.cast import user
from tests.services.admin_catalogue import option_form, page_of, product_form, refused


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def vps(provider):
    return offers.product(offers.group(provider))


def deleted(admin, model, row):
    return admin.post(f"/admin/services/{model}/{row.pk}/delete/", {"post": "yes"}).status_code


def test_what_others_name_is_not_deleted(admin, vps, hosting, provider):
    """A promo code that was for one group only would be for everything."""
    assert deleted(admin, "product", vps) == deleted(admin, "productgroup", vps.group) == 403
    assert deleted(admin, "product", hosting.product) == 403
    empty = offers.group(provider, "empty")
    promo = PromoCode.objects.create(code="ONLY-ONE", percent=10)
    promo.groups.add(empty)
    assert deleted(admin, "productgroup", empty) == 403
    promo.groups.clear()
    assert deleted(admin, "productgroup", empty) == 302
    slip = Product.objects.create(provider=provider, code="slip", kind="other", name_pl="a", name_en="a")
    assert deleted(admin, "product", slip) == 302
    assert set(Product.objects.values_list("code", flat=True)) >= {vps.code, hosting.product.code}
    for model in ("product", "productgroup", "service"):
        assert "delete_selected" not in admin.get(f"/admin/services/{model}/").content.decode()


def test_a_service_added_by_a_slip_is_deleted_and_its_customer_reads_it(admin, hosting, customer, products):
    slip = Service.objects.create(customer=customer, product=products["other"], name="Slip")
    assert deleted(admin, "service", slip) == 302
    assert Event.objects.filter(customer_id=customer.pk, action="service_deleted").count() == 1
    Order.objects.create(customer=customer).lines.create(
        position=1,
        act="renewal",
        service=hosting,
        price=Price.objects.create(product=hosting.product, months=1, net=1),
        months=1,
    )
    assert deleted(admin, "service", hosting) == 403


def test_terms_that_were_ordered_by_are_not_rewritten(admin, terms, customer):
    """Nobody accepted them when registering; an order did."""
    page = f"/admin/accounts/terms/{terms.pk}/change/"
    filled = {"version": "1.0", "text_pl": "Inny", "text_en": "Other"}
    filled |= {"published_at_0": "2026-01-01", "published_at_1": "00:00"}
    Order.objects.create(customer=customer, terms=terms)
    assert admin.post(page, filled).status_code == 403
    assert admin.post(f"/admin/accounts/terms/{terms.pk}/delete/", {"post": "yes"}).status_code == 403


def test_two_questions_of_one_name_are_refused(admin, vps):
    offers.option(vps)
    twin = {"code": "disk-2", "name_pl": "Nowa", "name_en": "Two"}
    more = [twin, twin | {"code": "disk-3", "name_pl": "Inna", "name_en": "TWO"}]
    answer = admin.post(page_of(vps), product_form(vps, options=more))
    assert answer.status_code == 200 and "Another one has this name already." in words(answer)


def test_two_answers_of_one_name_are_refused_while_both_are_on_offer(admin, vps):
    option = offers.option(vps)
    rows = [(value.pk, value.code, "Same", "1.00", True) for value in option.values.order_by("pk")]
    address = f"/admin/services/productoption/{option.pk}/change/"
    filled = option_form(option, *[(pk, code, net, on) for pk, code, _name, net, on in rows])
    for number in range(len(rows)):
        filled[f"values-{number}-name_en"] = "Same"
    assert "Another one has this name already." in words(admin.post(address, filled))
    filled.pop("values-0-is_offered")
    assert admin.post(address, filled).status_code == 302
    assert OptionValue.objects.filter(name_en="Same").count() == len(rows)


def test_what_another_window_has_added_is_not_added_again(admin, vps):
    """Both pages were opened before either was saved."""
    option = offers.option(vps)
    disk = {"code": "ram", "name_pl": "Pamięć", "name_en": "Memory"}
    for address, filled, told in [
        (page_of(vps), product_form(vps, ("", 36, "100", True)), "There is a price for this period already."),
        (page_of(vps), product_form(vps, options=[disk]), "There is an option with this code already."),
        (
            f"/admin/services/productoption/{option.pk}/change/",
            option_form(option, ("", "huge", "9.00", True)),
            "There is a value with this code already.",
        ),
    ]:
        assert admin.post(address, filled).status_code == 302
        again = admin.post(address, filled)
        assert again.status_code == 200 and told in words(again)
    assert vps.prices.filter(months=36).count() == vps.options.filter(code="ram").count() == 1
    assert option.values.filter(code="huge").count() == 1


def test_a_price_of_nothing_is_told(admin, vps):
    answer = admin.post(page_of(vps), product_form(vps, ("", 3, "0", True)), follow=True)
    assert "pays nothing, and it has no end" in words(answer)
    price = vps.prices.get(months=3)
    again = admin.post(page_of(vps), product_form(vps, (price.pk, 3, "0", True)), follow=True)
    assert "pays nothing" not in words(again)


def test_another_driver_under_services_is_told(admin, products, hosting):
    product = products["hosting"]
    answer = admin.post(page_of(product), product_form(product, driver="manual"), follow=True)
    assert "Another driver looks after 1 service of this product from now on." in words(answer)
    Service.objects.update(status="ended")
    answer = admin.post(page_of(product), product_form(product, driver="null"), follow=True)
    assert "Another driver" not in words(answer)


@pytest.mark.parametrize(
    ("code", "field", "driver", "setting"),
    [
        ("hosting", "driver", "webhook", "PROVISIONING_WEBHOOK_URL"),
        ("domain", "zones", "powerdns", "POWERDNS_URL"),
    ],
)
def test_what_cannot_work_is_not_sold(admin, products, code, field, driver, setting):
    """Somebody would pay and wait; it may stand there as long as it is not offered."""
    product = products[code]
    suffix = "pl" if code == "domain" else ""
    with override_settings(**{setting: ""}):
        refused(admin, product, f"{setting} is not set", suffix=suffix, **{field: driver})
        hidden = product_form(product, suffix=suffix, is_offered=None, **{field: driver})
        assert admin.post(page_of(product), hidden).status_code == 302
    with override_settings(**{setting: "http://127.0.0.1:9/"}):
        offered = product_form(product, suffix=suffix, **{field: driver})
        assert admin.post(page_of(product), offered).status_code == 302


def test_a_service_stays_of_its_kind_and_chooses_among_its_own_prices(admin, hosting, products):
    address = f"/admin/services/service/{hosting.pk}/change/"
    other = Price.objects.create(product=products["voip"], months=12, net=Decimal("100.00"))
    own = Price.objects.create(product=hosting.product, months=120, net=Decimal("100.00"))
    page = admin.get(address).content.decode()
    assert f">{own}</option>" in page and f">{other}</option>" not in page
    filled = {"product": products["voip"].pk, "name": "x", "status": "active", "starts_on": "2026-01-01"}
    filled |= {"configuration": "{}", "registration-TOTAL_FORMS": 0, "registration-INITIAL_FORMS": 0}
    assert "A service stays of its kind" in words(admin.post(address, filled))


def test_a_hidden_group_takes_its_products_out_of_the_catalogue_and_nothing_else(admin, anonymous, vps):
    group = vps.group
    filled = {"slug": group.slug, "name_pl": "S", "name_en": "S", "position": 0}
    assert admin.post(f"/admin/services/productgroup/{group.pk}/change/", filled).status_code == 302
    assert anonymous.get("/order/vps/").status_code == 404
    assert ProductGroup.objects.get().products.count() == 1


@pytest.fixture
def standing_clock():
    """What is kept for some seconds between requests does not run out on a slow machine."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def test_lists_ask_as_often_for_many_rows_as_for_few(standing_clock, admin, provider, customer, hosting, voip):
    """And the forms beside them do not carry the whole catalogue."""
    pages = ["services/service/", "services/product/", "services/usage/", "billing/usagecharge/", "billing/order/"]
    pages += ["billing/promocode/add/", f"services/service/{hosting.pk}/change/", "services/service/add/"]

    def costs():
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                answer = admin.get(f"/admin/{page}")
            yield page, len(captured), answer.content.count(b"<option")

    shelf = offers.group(provider)
    for number in range(2):
        grow(shelf, customer, f"few-{number}")
    list(costs())  # what is kept between requests is fetched once
    few = list(costs())
    for number in range(7):
        grow(shelf, customer, f"many-{number}")
    assert [row for row in costs() if row not in few] == []


def grow(shelf, customer, name):
    """One more row of every kind that these lists show."""
    product = offers.product(shelf, name)
    service = Service.objects.create(customer=customer, product=product, name=name)
    times = {"started_at": timezone.now(), "ended_at": timezone.now()}
    told = {"driver": "sip_null", "reference": name, "what": "1", "quantity": 1, "unit": "min", "net": 1}
    use = Usage.objects.create(service=service, **told, **times)
    UsageCharge.objects.create(usage=use, customer=customer, gross=1, tax_rate="23")
    order = Order.objects.create(customer=customer)
    order.lines.create(position=1, act="renewal", service=service, price=product.prices.first(), months=1)


def test_services_are_found_by_when_they_end(admin, hosting, voip):
    today = timezone.localdate()
    Service.objects.filter(pk=hosting.pk).update(ends_on=today + timedelta(days=5), name="Five days")
    Service.objects.filter(pk=voip.pk).update(ends_on=None, name="No end at all")
    for ends, found, other in (("7", "Five days", "No end at all"), ("never", "No end at all", "Five days")):
        page = words(admin.get(f"/admin/services/service/?ends={ends}"))
        assert found in page and other not in page
    assert "Five days" not in words(admin.get("/admin/services/service/?ends=past"))


def staff(client_of, *rights):
    """Somebody of the administration with these rights and no others."""
    person = user("clerk", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return client_of(person)


def test_whoever_may_change_products_makes_their_prices_and_options(client_of, vps):
    """Prices have no page and no rights of their own that could be given."""
    clerk = staff(client_of, "view_product", "change_product", "view_productgroup")
    disk = {"code": "disk", "name_pl": "Dysk", "name_en": "Disk"}
    assert clerk.post(page_of(vps), product_form(vps, ("", 3, "9.00", True), options=[disk])).status_code == 302
    assert vps.prices.get(months=3).net == 9 and vps.options.get().code == "disk"


def test_whoever_may_only_look_at_products_changes_no_price(client_of, vps):
    clerk = staff(client_of, "view_product", "view_productoption", "change_service", "change_provisioningjob")
    assert "20.00" in words(clerk.get(page_of(vps)))
    price = vps.prices.get(months=1)
    assert clerk.post(page_of(vps), product_form(vps, (price.pk, 1, "0.01", True))).status_code == 403
    price.refresh_from_db()
    assert price.net == 20


@pytest.mark.parametrize("page", ["", "services/product/", "services/provisioningjob/", "billing/promocode/add/"])
def test_support_staff_have_nothing_of_the_administration(client_of, support, page):
    assert client_of(support).get(f"/admin/{page}").status_code in (302, 404)
