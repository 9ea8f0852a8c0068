"""Administration of products, services and grants."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission

from accounts.models import Event
from services.models import (
    Credential,
    Domain,
    OptionValue,
    Price,
    ProductOption,
    Service,
    ServiceGrant,
    ServiceOption,
)


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
    for model in ("service", "servicegrant"):
        assert client.get(f"/admin/services/{model}/").status_code == 200
    assert "1000001" in client.get("/admin/services/service/?q=1000001").content.decode()


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


def test_what_was_chosen_and_the_accounts_are_read_without_their_passwords(client_of, administrator, hosting):
    option = ProductOption.objects.create(product=hosting.product, code="disk", name_pl="Dysk", name_en="Disk")
    value = OptionValue.objects.create(option=option, code="100", name_pl="100 GB", name_en="100 GB")
    ServiceOption.objects.create(service=hosting, value=value, monthly_net=12)
    account = Credential(service=hosting, kind="ftp", login="garden", host="h07.example.net")
    account.password = "Very-secret-1"
    account.save()
    address = f"/admin/services/service/{hosting.pk}/change/"
    client = client_of(administrator)
    page = client.get(address).content.decode()
    assert "Disk" in page and "100 GB" in page and "garden" in page and "h07.example.net" in page
    assert "Very-secret-1" not in page and account.secret not in page
    fields = {"product": hosting.product_id, "name": "New name", "status": "active", "starts_on": "2026-01-01"}
    fields |= {"configuration": "{}", "registration-TOTAL_FORMS": 0, "registration-INITIAL_FORMS": 0}
    forged = {"credentials-TOTAL_FORMS": 1, "credentials-INITIAL_FORMS": 1, "credentials-0-id": account.pk}
    forged |= {"credentials-0-login": "forged", "credentials-0-DELETE": "on", "options-TOTAL_FORMS": 1}
    assert client.post(address, fields | forged).status_code == 302
    hosting.refresh_from_db()
    account.refresh_from_db()
    assert (hosting.name, account.login, account.password) == ("New name", "garden", "Very-secret-1")


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


def test_nobody_gives_themselves_a_service(client_of, standard, voip):
    """Somebody who works for the provider and for a customer as well."""
    type(standard).objects.filter(pk=standard.pk).update(is_staff=True)
    standard.user_permissions.set(Permission.objects.all())
    browser = client_of(type(standard).objects.get(pk=standard.pk))
    grant = {"membership": standard.membership.pk, "service": voip.pk}
    assert browser.post("/admin/services/servicegrant/add/", grant).status_code == 200
    assert not ServiceGrant.objects.filter(service=voip).exists()


def test_a_service_stays_with_its_customer(client_of, administrator, stranger, hosting):
    """Its invoices, messages and grants are theirs."""
    before = hosting.customer
    fields = {
        "customer": stranger.membership.customer_id,
        "product": hosting.product_id,
        "name": "Moved",
        "status": "active",
        "starts_on": "2026-01-01",
        "configuration": "{}",
        "registration-TOTAL_FORMS": 0,
        "registration-INITIAL_FORMS": 0,
    }
    answer = client_of(administrator).post(f"/admin/services/service/{hosting.pk}/change/", fields)
    hosting.refresh_from_db()
    assert (answer.status_code, hosting.name, hosting.customer) == (302, "Moved", before)


@pytest.mark.parametrize(
    ("typed", "is_taken"), [("", True), ('{"Disk": "5 GB"}', True), ('["x"]', False), ("7", False)]
)
def test_a_configuration_is_names_with_texts(client_of, administrator, owner, hosting, typed, is_taken):
    """What a driver answers is put to it, and the customer reads it."""
    fields = {"product": hosting.product_id, "name": "x", "status": "active", "starts_on": "2026-01-01"}
    fields |= {"configuration": typed, "registration-TOTAL_FORMS": 0, "registration-INITIAL_FORMS": 0}
    answer = client_of(administrator).post(f"/admin/services/service/{hosting.pk}/change/", fields)
    assert (answer.status_code == 302) == is_taken
    assert type(Service.objects.get(pk=hosting.pk).configuration) is dict
    assert client_of(owner).get(f"/services/{hosting.pk}/").status_code == 200
