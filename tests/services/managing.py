"""The page of one service: its parts, its label, what is told of work that is not done, and what it costs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import notify
from accounts.limits import HOUR, Limit
from accounts.models import Event
from services import kinds
from services.kinds import Kind
from services.models import (
    Credential,
    OptionValue,
    Price,
    Product,
    ProductOption,
    ProvisioningJob,
    Service,
    ServiceOption,
)
from tests.billing.shop import words
from tests.crowd import many_services, queries_of
from tests.services.bought import as_consumer, buy


@pytest.fixture
def page(client_of, owner, hosting):
    """`page()` is the page of the hosting as its owner reads it."""
    return lambda: words(client_of(owner).get(f"/services/{hosting.pk}/"))


def job(service, act, state, **fields):
    if state not in ProvisioningJob.UNFINISHED:
        fields["next_at"] = None
    return ProvisioningJob.objects.create(
        service=service, act=act, state=state, driver="null", reference=f"{act}:{state}", **fields
    )


def test_every_kind_of_product_has_its_page(client_of, owner, customer, products, hosting, voip, domain):
    assert kinds.KINDS.keys() == set(Product.Kind)
    other = Service.objects.create(customer=customer, product=products["other"], name="Copy", status="active")
    for service in (hosting, voip, domain, other):
        assert service.name in words(client_of(owner).get(f"/services/{service.pk}/"))


def test_a_kind_without_parts_shows_nothing_of_them(page, monkeypatch):
    """The negative control: what the page shows comes from its kind."""
    assert "Details" in page()
    monkeypatch.setitem(kinds.KINDS, Product.Kind.HOSTING, Kind("Hosting", "server"))
    assert "Details" not in page() and "Invoices of this service" not in page()


def test_the_label_is_the_customers_own_and_found(client_of, owner, standard, hosting, voip):
    browser = client_of(standard)
    browser.post(f"/services/{hosting.pk}/label/", {"label": "Shop of Anna"})
    assert "Shop of Anna" in words(client_of(owner).get(f"/services/{hosting.pk}/"))
    found = words(client_of(owner).get("/services/?q=shop of"))
    assert "Shop of Anna" in found and "Office phone" not in found
    assert Event.objects.get(action="service_labelled").details["label"] == "Shop of Anna"
    browser.post(f"/services/{hosting.pk}/label/", {"label": "Shop of Anna"})
    assert Event.objects.filter(action="service_labelled").count() == 1
    browser.post(f"/services/{hosting.pk}/label/", {"label": ""})
    assert "Shop of Anna" not in words(client_of(owner).get("/services/"))


def test_a_label_is_changed_so_many_times_an_hour(client_of, owner, hosting, monkeypatch):
    monkeypatch.setattr("services.views.manage.LABELS_SET", Limit("labels-set", 1, HOUR))
    browser = client_of(owner)
    browser.post(f"/services/{hosting.pk}/label/", {"label": "First"})
    page = words(browser.post(f"/services/{hosting.pk}/label/", {"label": "Second"}))
    hosting.refresh_from_db()
    assert "Please wait a while." in page and "Second" in page and hosting.label == "First"


def test_a_label_too_long_comes_back_with_what_was_typed(client_of, owner, hosting):
    answer = client_of(owner).post(f"/services/{hosting.pk}/label/", {"label": "x" * 61})
    assert answer.status_code == 200 and "x" * 61 in words(answer)
    hosting.refresh_from_db()
    assert hosting.label == ""


def test_a_label_is_text(client_of, owner, hosting):
    client_of(owner).post(f"/services/{hosting.pk}/label/", {"label": "<b>bold</b>"})
    for address in ("/services/", f"/services/{hosting.pk}/"):
        assert "&lt;b&gt;bold" in words(client_of(owner).get(address))


@pytest.mark.parametrize(
    ("act", "state", "status", "told"),
    [
        ("create", "waiting", "pending", "This service is being set up. We will tell you when it runs."),
        ("create", "accepted", "pending", "This service is being set up."),
        ("create", "failed", "pending", "Support is looking into it."),
        ("resume", "waiting", "suspended", "This service is being switched on again."),
        ("terminate", "waiting", "active", "This service is being ended."),
        ("terminate", "failed", "active", "Support is looking into it."),
        ("change", "waiting", "active", "is being changed to another product"),
        ("extend", "failed", "active", "The server has not taken over the new end"),
    ],
)
def test_work_that_is_not_done_is_told_as_it_is(page, hosting, act, state, status, told):
    Service.objects.update(status=status)
    assert told not in page() or status == "pending"
    job(hosting, act, state)
    assert " ".join(told.split()) in page().replace("</strong>", "")


def test_what_is_tried_again_is_told_as_that(page, hosting):
    job(hosting, "extend", "waiting", failures=2)
    assert "We try again by ourselves." in page()


def test_work_that_is_done_and_what_is_nobodys_business_is_not_told(page, hosting):
    job(hosting, "resume", "done", done_at=timezone.now())
    job(hosting, "extend", "waiting")
    job(hosting, "zone", "failed")
    job(hosting, "terminate", "dropped")
    assert 'class="notice"' not in page()


def test_the_next_period_costs_the_price_and_what_was_chosen(page, customer, hosting, products):
    hosting.price = Price.objects.create(product=products["hosting"], months=12, net=Decimal("100.00"))
    hosting.save()
    option = ProductOption.objects.create(product=products["hosting"], code="disk", name_pl="Dysk", name_en="Disk")
    value = OptionValue.objects.create(option=option, code="50", name_pl="50 GB", name_en="50 GB", monthly_net=9)
    ServiceOption.objects.create(service=hosting, value=value, monthly_net=Decimal("5.00"))
    text = page()
    assert "PLN 160.00" in text.replace("\xa0", " ") and "50 GB" in text and "1 year" in text
    as_consumer(customer)
    assert "PLN 196.80" in page().replace("\xa0", " ")


def test_what_ends_has_no_next_price(page, hosting, products):
    Price.objects.create(product=products["hosting"], months=12, net=Decimal("100.00"))
    assert "Price of the next period" in page()
    Service.objects.update(cancelled_at=timezone.now())
    assert "Price of the next period" not in page()


@pytest.mark.parametrize("is_own", [True, False])
def test_everything_at_once_costs_at_most_seven_queries(client_of, owner, customer, hosting, products, is_own):
    as_consumer(customer)
    buy(hosting, by=owner)
    price = Price.objects.get()
    Service.objects.filter(pk=hosting.pk).update(price=price if is_own else None)
    option = ProductOption.objects.create(product=products["hosting"], code="disk", name_pl="Dysk", name_en="Disk")
    for i in range(30):
        value = OptionValue.objects.create(option=option, code=f"{i}", name_pl="50 GB", name_en="50 GB")
        ServiceOption.objects.create(service=hosting, value=value, monthly_net=1)
        Credential.objects.create(service=hosting, login=f"user{i}")
        ProvisioningJob.objects.create(service=hosting, act="password", driver="null", reference=f"r{i}")
    found = queries_of(client_of(owner), f"/services/{hosting.pk}/")
    # The brand, which is kept, is asked for once in a while.
    found = [sql for sql in found if 'FROM "accounts_provider"' not in sql]
    assert len(found) <= 7


def test_parts_of_other_apps_are_for_who_may_read_them(client_of, owner, standard, hosting):
    both = ("Invoices of this service", "Messages about this service")
    assert all(title in words(client_of(owner).get(f"/services/{hosting.pk}/")) for title in both)
    text = words(client_of(standard).get(f"/services/{hosting.pk}/"))
    assert both[1] in text and both[0] not in text
    assert client_of(standard).get(f"/invoices/service/{hosting.pk}/").status_code == 403


@pytest.mark.slow
def test_lists_show_twenty_thousand_services_by_the_same_queries(client_of, owner, customer, products, hosting):
    browser = client_of(owner)
    few = queries_of(browser, "/services/")
    many_services(customer, products["hosting"], 20_000)
    for address in ("/services/", "/services/?q=nothing at all", "/services/?q=hosting 00"):
        assert len(queries_of(browser, address)) == len(few) <= 7


def test_the_day_of_the_end_is_marked_when_it_is_near(page, hosting):
    Service.objects.update(ends_on=timezone.localdate() + timedelta(days=3))
    assert "ends in 3 days" in page()


@pytest.mark.parametrize("name", ["items", "Disk"])
def test_a_fact_of_any_name_is_read_on_the_page_and_in_the_mail(page, hosting, mailbox, name):
    """Servers choose the names; templates look a word up in a dictionary before they call its method."""
    Service.objects.filter(pk=hosting.pk).update(configuration={name: "50 GB", "Server": "s1.example"})
    notify.mail("service_set_up", to=hosting.customer.memberships.get(role="owner").user, service=hosting.pk)
    shown, (mail,) = page(), mailbox("anna@example.com")
    assert f"<dt>{name}</dt><dd>50 GB</dd>" in shown and "<dt>Server</dt><dd>s1.example</dd>" in shown
    assert f"{name}: 50 GB" in mail.body and f"{name}: 50 GB" in mail.alternatives[0][0]


def test_the_facts_that_every_driver_tells_are_named_in_the_reader_s_language(page, hosting, owner):
    Service.objects.filter(pk=hosting.pk).update(
        configuration={"Server": "s1.example", "Number": "7", "Disk": "50 GB"}
    )
    type(owner).objects.update(language="pl")
    shown = page()
    for name, text in (("Serwer", "s1.example"), ("Numer", "7"), ("Disk", "50 GB")):
        assert f"<dt>{name}</dt><dd>{text}</dd>" in shown
