"""Every page of the administration opens for an administrator, in both languages."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer, Outbox, TaskFailure, TermsAcceptance, User
from accounts.work import heartbeat, periodic
from billing.models import Case
from panel.models import Banner, News
from services.models import ProvisioningJob
from tests.cast import user
from tickets.conversation import open_ticket
from tickets.models import Category

PAGES = {model._meta.label_lower.replace(".", "_"): model for model in admin.site._registry}


@pytest.fixture
def ticket(owner, customer):
    category = Category.objects.create(name_pl="Inne", name_en="Other")
    return open_ticket(customer=customer, by=owner, category=category, subject="Hello", text="Help.")


@pytest.fixture
def house(terms, owner, standard, stranger, contact, hosting, domain):
    """A row behind as many pages as possible."""
    TermsAcceptance.objects.create(user=owner, terms=terms)
    Outbox.objects.create(channel="mail", letter="blocked", user=owner, address="a@example.com", language="en")
    News.objects.create(title_pl="a", title_en="a", text_pl="a", text_en="a")
    Banner.objects.create(text_pl="a", text_en="a")
    Group.objects.create(name="Obsługa")
    TaskFailure.objects.create(task_id="0" * 32, task_path="a.b", worker_id="w", error="E: x", at=timezone.now())
    heartbeat.beat("worker-1")
    periodic.set_up()
    periodic.enqueue_due()


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(client_of, administrator, house, page, language):
    User.objects.filter(pk=administrator.pk).update(language=language)
    browser = client_of(administrator)
    assert browser.get(reverse(f"admin:{page}_changelist")).status_code == 200
    assert browser.get(reverse(f"admin:{page}_add")).status_code in (200, 403)
    row = PAGES[page]._default_manager.order_by("pk").first()
    if row:
        assert browser.get(reverse(f"admin:{page}_change", args=[row.pk])).status_code == 200


def test_polish_sentences_do_not_bend_the_name_of_a_model(client_of, administrator, customer, terms):
    User.objects.filter(pk=administrator.pk).update(language="pl")
    browser = client_of(administrator)
    page = browser.get(reverse("admin:accounts_customer_changelist")).content.decode()
    assert "<h1>Klienci</h1>" in page and "Dodaj: klient" in page and "Razem: 1" in page
    assert "Nabywca: <strong>Wszystkie</strong>" in page
    page = browser.get(reverse("admin:panel_news_add")).content.decode()
    assert 'title="Dodaj: produkt"' in page and 'title="Zmień wybrane: produkt"' in page
    page = browser.get(reverse("admin:accounts_terms_delete", args=[terms.pk])).content.decode()
    assert "Czy na pewno usunąć wpis „1.0” (wersja regulaminu)?" in page


def test_a_thread_is_put_into_a_category_and_no_category_is_deleted_from_there(client_of, administrator, ticket):
    page = client_of(administrator).get(reverse("admin:tickets_ticket_change", args=[ticket.pk])).content.decode()
    assert 'name="category"' in page and "delete_id_category" not in page


@pytest.mark.parametrize("closed", [False, True])
def test_the_page_that_closes_a_customer_leads_back(client_of, administrator, customer, closed):
    Customer.objects.filter(pk=customer.pk).update(closed_at=timezone.now() if closed else None)
    back = reverse("admin:accounts_customer_change", args=[customer.pk])
    page = client_of(administrator).get(reverse("admin:accounts_customer_close", args=[customer.pk])).content.decode()
    assert page.count(f'href="{back}"') == 2 and ("<fieldset" in page) != closed


def test_rights_are_offered_in_the_readers_language_for_pages_that_are_there(client_of, administrator):
    User.objects.filter(pk=administrator.pk).update(language="pl")
    page = client_of(administrator).get(reverse("admin:auth_group_add")).content.decode()
    assert "Wiadomość wychodząca: zmiana" in page
    assert "Can " not in page and "Licznik prób" not in page


def test_a_list_says_by_what_it_is_narrowed(client_of, administrator, hosting):
    """The filters stand above the list; the one that is chosen is marked and taken back by a link."""
    browser = client_of(administrator)
    page = browser.get("/admin/services/service/").content.decode()
    assert "Status: <strong>All</strong>" in page and "Clear all filters" not in page
    assert page.index('class="list-filters"') < page.index('id="result_list"')
    page = browser.get("/admin/services/service/?status__exact=ended").content.decode()
    assert "data-chosen>\n<summary>Status: <strong>Ended</strong>" in page and "Clear all filters" in page


def test_the_first_page_tells_what_waits_for_whoever_may_see_it(client_of, administrator, hosting, customer):
    jobs = ProvisioningJob.objects
    jobs.create(service=hosting, act="create", driver="manual", reference="a", state="accepted", next_at=None)
    jobs.create(service=hosting, act="extend", driver="null", reference="b", state="failed", next_at=None)
    jobs.create(service=hosting, act="extend", driver="null", reference="c")
    Case.objects.create(reason=Case.Reason.NOT_DELIVERED, key="x", customer=customer)
    page = " ".join(client_of(administrator).get("/admin/").content.decode().split())
    for turn, words in (("turn=staff", "to be done by hand"), ("turn=failed", "job that failed")):
        assert f'<strong>1</strong><a href="/admin/services/provisioningjob/?{turn}">{words}</a>' in page
    assert '<strong>1</strong><a href="/admin/billing/case/?closed=no">open case</a>' in page
    Case.objects.update(closed_at=timezone.now())
    assert "open case" not in client_of(administrator).get("/admin/").content.decode()
    writer = user("writer", is_staff=True)
    writer.user_permissions.set(Permission.objects.filter(codename="view_article"))
    assert "that failed" not in client_of(writer).get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "<strong>1</strong><a {}>otwarta sprawa</a>"),
        (3, "<strong>3</strong><a {}>otwarte sprawy</a>"),
        (5, "<strong>5</strong><a {}>otwartych spraw</a>"),
    ],
)
def test_what_waits_is_counted_in_polish(client_of, administrator, customer, count, words):
    User.objects.filter(pk=administrator.pk).update(language="pl")
    for key in range(count):
        Case.objects.create(reason=Case.Reason.NOT_DELIVERED, key=str(key), customer=customer)
    page = client_of(administrator).get("/admin/").content.decode()
    assert words.format('href="/admin/billing/case/?closed=no"') in page


def test_the_way_back_from_what_is_only_read_is_no_second_closing(client_of, administrator, customer):
    case = Case.objects.create(reason=Case.Reason.NOT_DELIVERED, key="x", customer=customer)
    page = client_of(administrator).get(f"/admin/billing/case/{case.pk}/change/").content.decode()
    assert '<a href="/admin/billing/case/" class="closelink">Back to the list</a>' in page
    assert "Close the case" in page and ">Close<" not in page


def test_staff_without_a_right_are_told_who_gives_it(client_of, owner, products):
    writer = user("writer", is_staff=True)
    refused = client_of(writer).get("/admin/services/product/")
    assert refused.status_code == 403 and "An administrator can give it to you." in refused.content.decode()


def test_what_makes_the_catalogue_stands_together(client_of, administrator, provider):
    page = client_of(administrator).get("/admin/").content.decode()
    section = page[page.index("app-catalogue") :].partition("</table>")[0]
    for name in ("Groups of products", "Products", "Options of products", "Promo codes"):
        assert f">{name}</a>" in section
