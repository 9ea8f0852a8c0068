"""Several customers of one person: the switcher, and forms of a page made for another of them."""

import re

import pytest
from django.urls import reverse

from accounts import access
from accounts.models import Contact, Customer, Membership
from services.models import ServiceGrant
from tests.cast import ENGLISH, member, service
from tests.guards.access import TABLE_ROWS
from tests.guards.people import arguments, build
from tests.guards.web import whole

FORM = re.compile(r'<form[^>]*method="post".*?</form>', re.S)


@pytest.fixture
def both(owner, provider, products):
    """The owner, who is administrative at another customer too."""
    other = Customer.objects.create(provider=provider, number=3000003, name="Druga sp. z o.o.")
    owner.other = Membership.objects.create(user=owner, customer=other, role="administrative")
    service(other, products["hosting"], "Hosting Second")
    return owner


def test_the_switcher_is_there_for_several_customers_only(client_of, both, stranger):
    page = client_of(both).get("/").content.decode()
    assert "Change the customer: Ogrody Anny" in page and "Druga sp. z o.o." in page
    assert "Change the customer" not in client_of(stranger).get("/").content.decode()


@pytest.mark.parametrize(
    ("page", "target"),
    [
        ("/services/", "/services/"),
        ("/services/?q=garden", "/services/"),
        ("/users/add/", "/users/add/"),
        ("/contacts/", "/contacts/"),
        ("/users/{user}/", "/users/"),
        ("/users/{user}/rights/", "/users/"),
        ("/users/{user}/services/", "/users/"),
        ("/services/{service}/", "/services/"),
        ("/nowhere/at/all/", "/"),
        ("https://evil.example/services/", "/"),
        ("", "/"),
    ],
)
def test_switching_keeps_the_page_where_it_can(client_of, both, standard, hosting, page, target):
    browser = client_of(both)
    page = page.format(user=standard.membership.pk, service=hosting.pk)
    answer = browser.post("/switch/", {"membership": both.other.pk, "next": page})
    assert answer["Location"] == target
    assert browser.get("/services/").context["request"].customer == both.other.customer
    assert "Hosting Second" in browser.get("/services/").content.decode()


def test_a_page_that_the_person_may_not_open_there_is_not_kept(client_of, both):
    Membership.objects.filter(pk=both.other.pk).update(role="standard")
    answer = client_of(both).post("/switch/", {"membership": both.other.pk, "next": "/users/"})
    assert answer["Location"] == "/"


def test_nobody_switches_to_a_strangers_customer(client_of, both, stranger):
    browser = client_of(both)
    browser.post("/switch/", {"membership": stranger.membership.pk})
    assert "Hosting Elsewhere" not in browser.get("/services/").content.decode()


def test_a_form_of_an_older_tab_does_nothing(client_of, both):
    browser = client_of(both)
    form = {"kind": "technical", "name": "Tomek", "email": "tomek@example.com", "phone": ""}
    form["acting_for"] = field_in(browser.get("/contacts/add/").content.decode())
    browser.post("/switch/", {"membership": both.other.pk})
    page = browser.post("/contacts/add/", form, headers={"Referer": "http://testserver/contacts/add/"})
    assert page.status_code == 409
    words = page.content.decode()
    assert "Nothing was changed." in words and "Act for Ogrody Anny again" in words
    assert 'name="next" value="/contacts/add/"' in words
    assert not Contact.objects.exists()

    form["acting_for"] = field_in(browser.get("/contacts/add/").content.decode())
    assert browser.post("/contacts/add/", form).status_code == 302
    assert Contact.objects.get().customer == both.other.customer


def test_without_the_guard_the_form_would_act_for_the_other_customer(client_of, both, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(access, "is_of_another_customer", lambda request: False)
    browser = client_of(both)
    browser.post("/switch/", {"membership": both.other.pk})
    form = {"kind": "technical", "name": "Tomek", "email": "tomek@example.com", "acting_for": both.membership.pk}
    assert browser.post("/contacts/add/", form).status_code == 302
    assert Contact.objects.get().customer == both.other.customer


def test_who_lost_the_customer_of_the_tab_acts_for_no_other(client_of, both):
    browser = client_of(both)
    acting_for = field_in(browser.get("/contacts/add/").content.decode())
    Membership.objects.filter(pk=both.membership.pk).delete()
    form = {"kind": "technical", "name": "Tomek", "email": "tomek@example.com", "acting_for": acting_for}
    assert browser.post("/contacts/add/", form).status_code == 409
    assert not Contact.objects.exists()


def field_in(page):
    """The membership that a page's forms name."""
    return re.search(r'name="acting_for" value="(\d+)"', page)[1]


@pytest.fixture
def world(customer, both, hosting, support, standard):
    return build(customer, both, hosting, support, standard)


def customers_addresses(method, expected):
    """Addresses of customers' pages (closed to support) where the owner gets `expected`."""
    rows = {name: row for (name, verb), row in TABLE_ROWS.items() if verb == method}
    return [name for name, row in rows.items() if row["support"] == "403" and row["owner"] in expected]


def test_every_form_says_for_whom_it_is(client_of, both, world):
    browser, found = client_of(both), 0
    for name in customers_addresses("GET", ["200"]):
        page = browser.get(reverse(name, args=arguments(name, world)))
        for form in FORM.findall(whole(page).decode(errors="ignore")):
            found += 1
            assert f'name="acting_for" value="{both.membership.pk}"' in form, f"{name}: {form[:200]}"
    assert found > 50


@pytest.mark.parametrize("name", customers_addresses("POST", ["200", "302", "403", "422"]))
def test_every_customers_page_refuses_a_form_for_another(client_of, both, world, name):
    answer = client_of(both).post(reverse(name, args=arguments(name, world)), {"acting_for": both.other.pk})
    assert answer.status_code == 409, name


def test_files_are_refused_with_the_form_that_carries_them(client_of, both, world):
    answer = client_of(both).post(
        f"/messages/{world.ticket.number}/reply/", {"acting_for": both.other.pk, "text": "Hello"}, headers=ENGLISH
    )
    assert answer.status_code == 409


def test_grants_of_one_customer_say_nothing_about_another(client_of, customer, both, hosting):
    clerk = member(both.other.customer, "karol", "Karol", "standard")
    row = Membership.objects.create(user=clerk, customer=customer, role="standard")
    ServiceGrant.objects.create(membership=row, service=hosting)
    browser = client_of(clerk)
    assert "Hosting Garden" not in browser.get("/services/").content.decode()
    browser.post("/switch/", {"membership": row.pk})
    page = browser.get("/services/").content.decode()
    assert "Hosting Garden" in page and "Hosting Second" not in page
