"""Administration of products, services and grants."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission

from accounts.models import Event
from services import expiry
from services.models import Domain, Extension, Price, Service, ServiceGrant
from tests.cast import user


def test_an_administrator_adds_a_domain_and_the_customer_reads_it(client_of, administrator, owner, customer, products):
    fields = {
        "customer": customer.pk,
        "product": products["domain"].pk,
        "name": "new.example",
        "domain": "WWW.New.example",
        "status": "active",
        "starts_on": "2026-01-01",
        "configuration": "{}",
        "registration-TOTAL_FORMS": 1,
        "registration-INITIAL_FORMS": 0,
        "registration-0-origin": "registered",
    }
    answer = client_of(administrator).post("/admin/services/service/add/", fields)
    assert answer.status_code == 302
    assert Service.objects.get().domain == "new.example"
    assert Domain.objects.get().origin == "registered"
    assert "The provider added the service new.example." in client_of(owner).get("/history/").content.decode()


def test_a_grant_across_customers_is_refused(client_of, administrator, standard, stranger, hosting, voip):
    client = client_of(administrator)
    grant = {"membership": standard.membership.pk, "service": stranger.service.pk}
    page = client.post("/admin/services/servicegrant/add/", grant).content.decode()
    assert "This service belongs to another customer." in page
    assert client.post("/admin/services/servicegrant/add/", grant | {"service": voip.pk}).status_code == 302
    assert Event.objects.get(action="grants_changed").details["changes"] == "+ Office phone"


def test_a_grant_taken_by_an_administrator_is_told(client_of, administrator, standard):
    grant = ServiceGrant.objects.get()
    client_of(administrator).post(f"/admin/services/servicegrant/{grant.pk}/delete/", {"post": "yes"})
    assert not ServiceGrant.objects.exists()
    assert Event.objects.get(action="grants_changed").details["changes"].startswith("- Hosting Garden")


def test_the_lists_of_the_administration_open(client_of, administrator, domain, standard):
    client = client_of(administrator)
    for model in ("product", "service", "servicegrant"):
        assert client.get(f"/admin/services/{model}/").status_code == 200
    assert "1000001" in client.get("/admin/services/service/?q=1000001").content.decode()


def product_form(product, *prices):
    """The form of a product with rows of prices: (key or "", months, net, whether offered)."""
    fields = {name: getattr(product, name) for name in ("code", "kind", "name_pl", "name_en", "driver")}
    fields |= {name: getattr(product, name) for name in ("tax_rate", "tax_point", "unit")}
    fields |= {"provider": product.provider_id, "prices-TOTAL_FORMS": len(prices)}
    fields["prices-INITIAL_FORMS"] = sum(1 for pk, *_rest in prices if pk)
    for i, (pk, months, net, is_offered) in enumerate(prices):
        row = {"id": pk, "product": product.pk, "months": months, "net": net, "currency": "PLN"}
        row |= {"is_offered": "on"} if is_offered else {}
        fields |= {f"prices-{i}-{name}": value for name, value in row.items()}
    return fields


def test_prices_are_added_on_the_products_page(client_of, administrator, products):
    address = f"/admin/services/product/{products['hosting'].pk}/change/"
    client = client_of(administrator)
    assert client.post(address, product_form(products["hosting"], ("", 12, "99.90", True))).status_code == 302
    price = Price.objects.get()
    assert (price.months, price.net, price.is_offered) == (12, Decimal("99.90"), True)
    both = product_form(products["hosting"], (price.pk, 12, "99.90", True), ("", 12, "1.00", True))
    assert "There is a price for this period already." in client.post(address, both).content.decode()
    assert Price.objects.count() == 1


def test_a_price_that_somebody_pays_is_not_rewritten(client_of, administrator, products, hosting):
    address = f"/admin/services/product/{products['hosting'].pk}/change/"
    client = client_of(administrator)
    price = Price.objects.create(product=products["hosting"], months=12, net=100)
    assert client.post(address, product_form(products["hosting"], (price.pk, 12, "90.00", True))).status_code == 302
    Service.objects.update(price=price)
    refused = client.post(address, product_form(products["hosting"], (price.pk, 12, "1.00", True)))
    assert "Customers pay this price." in refused.content.decode()
    price.refresh_from_db()
    assert price.net == 90
    client.post(address, product_form(products["hosting"], (price.pk, 12, "90.00", False)))
    price.refresh_from_db()
    assert not price.is_offered


def test_a_service_costs_a_price_of_its_own_product(client_of, administrator, hosting, products):
    price = Price.objects.create(product=products["voip"], months=12, net=100)
    fields = {"customer": hosting.customer_id, "product": hosting.product_id, "name": "x", "status": "active"}
    fields |= {"starts_on": "2026-01-01", "configuration": "{}", "price": price.pk, "anchor_day": 31}
    fields |= {"registration-TOTAL_FORMS": 0, "registration-INITIAL_FORMS": 0}
    address = f"/admin/services/service/{hosting.pk}/change/"
    client = client_of(administrator)
    assert "This is a price of another product." in client.post(address, fields).content.decode()
    assert client.post(address, fields | {"price": ""}).status_code == 302
    hosting.refresh_from_db()
    assert (hosting.anchor_day, hosting.price) == (31, None)


def test_a_driver_is_told_again_of_what_failed(client_of, administrator, owner, hosting, monkeypatch):
    done, failed = (
        Extension.objects.create(
            service=hosting,
            reference=f"r{i}",
            months=1,
            first_day=f"2026-0{i}-01",
            last_day=f"2026-0{i}-28",
            state=state,
        )
        for i, state in [(1, "done"), (2, "failed")]
    )
    told = []
    monkeypatch.setattr(expiry, "tell_driver", type("Task", (), {"enqueue": told.append}))
    chosen = {"action": "tell_again", "_selected_action": [done.pk, failed.pk]}
    client = client_of(administrator)
    for _ in range(2):
        client.post("/admin/services/extension/", chosen)
    assert told == [failed.pk]
    assert "sets up again that Hosting Garden" in client_of(owner).get("/history/").content.decode()
    looker = user("looker", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename="view_extension"))
    Extension.objects.update(state="failed")
    client_of(looker).post("/admin/services/extension/", chosen)
    assert told == [failed.pk]


@pytest.mark.parametrize(("ends_on", "anchor_day"), [("2027-03-25", None), ("2027-02-28", 31), ("2027-03-31", 31)])
def test_an_end_moved_to_another_day_of_the_month_is_the_day_that_counts(
    client_of, administrator, hosting, ends_on, anchor_day
):
    hosting.ends_on, hosting.anchor_day = date(2027, 1, 31), 31
    hosting.save()
    fields = {"customer": hosting.customer_id, "product": hosting.product_id, "name": hosting.name}
    fields |= {"status": "active", "starts_on": "2026-01-01", "configuration": "{}", "anchor_day": 31}
    inline = {"registration-TOTAL_FORMS": 0, "registration-INITIAL_FORMS": 0}
    address = f"/admin/services/service/{hosting.pk}/change/"
    assert client_of(administrator).post(address, fields | inline | {"ends_on": ends_on}).status_code == 302
    hosting.refresh_from_db()
    assert (hosting.ends_on.isoformat(), hosting.anchor_day) == (ends_on, anchor_day)
