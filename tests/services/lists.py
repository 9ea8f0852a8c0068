"""The lists of services and domains: who sees what, how it is narrowed, and what it costs."""

import html
import re
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


@pytest.mark.parametrize(("address", "more"), [("/services/", "/order/"), ("/domains/", "/order/domain/")])
def test_who_may_order_finds_the_way_to_more(client_of, owner, standard, address, more):
    button = f'<a class="button" href="{more}">'
    assert button in client_of(owner).get(address).content.decode()
    assert button not in client_of(standard).get(address).content.decode()


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


def test_a_domain_kept_elsewhere_is_moved_here_by_who_may_order(client_of, owner, standard, customer, products):
    name = service(customer, products["domain"], "balcony.example", domain="balcony.example")
    Domain.objects.create(service=name, origin=Domain.Origin.ELSEWHERE)
    standard.membership.grants.create(service=name)
    link = 'href="/order/domain/transfer/?name=balcony.example"'
    assert link in client_of(owner).get(f"/services/{name.pk}/").content.decode()
    assert link not in client_of(standard).get(f"/services/{name.pk}/").content.decode()


def following(page, which):
    """The address that "Next" or "Previous" leads to, or None."""
    found = re.search(f'rel="{which}" href="([^"]+)"', page)
    return found and "/services/" + html.unescape(found[1])


def test_pages_keep_the_filter_in_the_address(client_of, owner, customer, products):
    many_services(customer, products["hosting"], 60)
    client = client_of(owner)
    first = client.get("/services/?status=active").content.decode()
    assert first.count("data-status=") == 25
    second = client.get(following(first, "next")).content.decode()
    assert "hosting 00024" in first and "hosting 00025" in second and "hosting 00024" not in second
    third = client.get(following(second, "next")).content.decode()
    assert third.count("data-status=") == 10 and not following(third, "next")
    again = client.get(following(third, "prev")).content.decode()
    assert "status=active" in second and again.count("data-status=") == 25 and "hosting 00025" in again


def test_services_of_one_name_come_once_each(client_of, owner, customer, products):
    Service.objects.bulk_create(
        Service(customer=customer, product=products["hosting"], name="Żółw – same", status="active") for _ in range(60)
    )
    browser, address, seen = client_of(owner), "/services/", []
    while address:
        page = browser.get(address).content.decode()
        seen += re.findall(r'class="lead"><a href="/services/(\d+)/"', page)
        address = following(page, "next")
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize(
    "position", ["", "x", "-", "1-1", "AA-1", "AA==-1", "%00-1", "_-_-1", "w6k-x", "9" * 400 + "-1"]
)
def test_a_position_that_is_none_gives_the_first_page(client_of, owner, hosting, position):
    for side in ("after", "before"):
        answer = client_of(owner).get("/services/", {side: position})
        assert answer.status_code == 200


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
