"""The lists of services and domains: who sees what, how it is narrowed, and what it costs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from services.models import Domain, Service
from tests.cast import service
from tests.crowd import many_services, queries_of


def test_the_owner_sees_all_services_and_no_domains(client_of, owner, hosting, voip, domain):
    page = client_of(owner).get("/services/").content.decode()
    assert "Hosting Garden" in page
    assert "Office phone" in page
    assert f"/services/{domain.pk}/" not in page


def test_domains_stand_in_their_own_list(client_of, owner, hosting, domain):
    page = client_of(owner).get("/domains/").content.decode()
    assert "garden.example" in page
    assert "Registered here" in page
    assert "Hosting Garden" not in page


def test_a_standard_sub_user_sees_granted_services_only(client_of, standard, hosting, voip, domain):
    client = client_of(standard)
    page = client.get("/services/").content.decode()
    assert "Hosting Garden" in page
    assert "Office phone" not in page
    assert "No domains yet" in client.get("/domains/").content.decode()


def test_a_grant_of_another_customers_service_shows_nothing(client_of, standard, stranger):
    standard.membership.grants.create(service=stranger.service)
    client = client_of(standard)
    assert "Hosting Elsewhere" not in client.get("/services/").content.decode()
    assert client.get(f"/services/{stranger.service.pk}/").status_code == 404


def test_somebody_without_services_is_told_so(client_of, standard_without, hosting):
    page = client_of(standard_without).get("/services/").content.decode()
    assert "No services yet" in page
    assert "Hosting Garden" not in page


def test_search_and_status_narrow_the_list(client_of, owner, customer, products, hosting, voip):
    service(customer, products["hosting"], "Old shop", domain="shop.example", status=Service.Status.SUSPENDED)
    client = client_of(owner)
    found = client.get("/services/", {"q": "SHOP.ex"}).content.decode()
    assert "Old shop" in found and "Office phone" not in found
    suspended = client.get("/services/", {"status": "suspended"}).content.decode()
    assert "Old shop" in suspended and "Hosting Garden" not in suspended
    nothing = client.get("/services/", {"q": "no such thing"}).content.decode()
    assert "No service fits" in nothing


def test_a_filter_that_means_nothing_narrows_nothing(client_of, owner, hosting):
    assert "Hosting Garden" in client_of(owner).get("/services/?status=nonsense&page=x").content.decode()


def test_domains_kept_elsewhere_are_told_apart(client_of, owner, customer, products, domain):
    elsewhere = service(customer, products["domain"], "balcony.example", domain="balcony.example")
    Domain.objects.create(service=elsewhere, origin=Domain.Origin.ELSEWHERE)
    client = client_of(owner)
    here = client.get("/domains/?kept=here").content.decode()
    assert "garden.example" in here and "balcony.example" not in here
    away = client.get("/domains/?kept=elsewhere").content.decode()
    assert "balcony.example" in away and "garden.example" not in away


def test_pages_keep_the_filter_in_the_address(client_of, owner, customer, products):
    many_services(customer, products["hosting"], 60)
    client = client_of(owner)
    first = client.get("/services/?status=active").content.decode()
    assert first.count("data-status=") == 25
    assert "status=active&amp;page=2" in first
    assert "Page 3 of 3" in client.get("/services/?page=9999").content.decode()


@pytest.mark.parametrize(("address", "kind"), [("/services/", "hosting"), ("/domains/", "domain")])
def test_the_lists_cost_the_same_with_many_rows(client_of, owner, hosting, domain, customer, products, address, kind):
    client = client_of(owner)
    few = queries_of(client, address)
    many_services(customer, products[kind])
    many = queries_of(client, address)
    assert len(many) == len(few) <= 7


def test_the_manage_page_tells_dates_configuration_and_days_left(client_of, owner, hosting):
    hosting.configuration = {"Server": "h07"}
    hosting.ends_on = timezone.localdate() + timedelta(days=12)
    hosting.save()
    page = client_of(owner).get(f"/services/{hosting.pk}/").content.decode()
    assert "h07" in page and "ends in 12 days" in page and "Active" in page


def test_one_day_is_said_in_the_singular(client_of, owner, hosting):
    client = client_of(owner)
    for days, words in [(1, "ends in 1 day<"), (0, "ends today"), (-1, "the paid time is over")]:
        Service.objects.update(ends_on=timezone.localdate() + timedelta(days=days))
        page = " ".join(client.get(f"/services/{hosting.pk}/").content.decode().split())
        assert words in page


def test_a_service_not_mine_to_see_is_not_there(client_of, owner, standard, stranger, hosting, voip):
    assert client_of(owner).get(f"/services/{stranger.service.pk}/").status_code == 404
    assert client_of(standard).get(f"/services/{voip.pk}/").status_code == 404
    assert client_of(standard).get(f"/services/{hosting.pk}/").status_code == 200
    assert client_of(stranger).get(f"/services/{hosting.pk}/").status_code == 404


def test_staff_have_no_services_of_their_own(client_of, support, administrator, anonymous, hosting):
    assert client_of(support).get("/services/").status_code == 403
    assert client_of(administrator).get(f"/services/{hosting.pk}/").status_code == 403
    assert anonymous.get("/services/")["Location"].startswith("/sign-in/")


def test_the_manage_page_costs_at_most_seven_queries(client_of, owner, domain):
    assert len(queries_of(client_of(owner), f"/services/{domain.pk}/")) <= 7


def test_a_service_that_runs_out_leads_to_its_renewal(client_of, owner, standard, hosting):
    renew = f'href="/renewals/?service={hosting.pk}"'
    assert renew in client_of(owner).get(f"/services/{hosting.pk}/").content.decode()
    assert renew not in client_of(standard).get(f"/services/{hosting.pk}/").content.decode()
    standard.membership.permissions = ["ordering"]
    standard.membership.save()
    assert renew in client_of(standard).get(f"/services/{hosting.pk}/").content.decode()


def test_what_cannot_be_renewed_offers_nothing(client_of, owner, hosting):
    client = client_of(owner)
    for changes in ({"ends_on": None}, {"status": "pending"}, {"status": "ended"}):
        Service.objects.filter(pk=hosting.pk).update(**({"ends_on": "2030-01-01", "status": "active"} | changes))
        assert "/renewals/?service" not in client.get(f"/services/{hosting.pk}/").content.decode()


def test_a_suspended_service_says_whether_paying_helps(client_of, owner, hosting):
    client = client_of(owner)
    Service.objects.filter(pk=hosting.pk).update(status="suspended")
    assert "Write to support to have it switched on again." in client.get(f"/services/{hosting.pk}/").content.decode()
    Service.objects.filter(pk=hosting.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "Renew it, and it runs again" in client.get(f"/services/{hosting.pk}/").content.decode()
