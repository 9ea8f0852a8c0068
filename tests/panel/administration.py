"""Every page of the administration opens for an administrator, in both languages."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.models import Outbox, TaskFailure, TermsAcceptance, User
from accounts.work import heartbeat, periodic
from panel.models import Banner, News

PAGES = {model._meta.label_lower.replace(".", "_"): model for model in admin.site._registry}


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
    assert "Wybierz do zmiany: klient" in page and "Dodaj: klient" in page and "Razem: 1" in page
    page = browser.get(reverse("admin:accounts_terms_delete", args=[terms.pk])).content.decode()
    assert "Czy na pewno usunąć wpis „1.0” (wersja regulaminu)?" in page


def test_rights_are_offered_in_the_readers_language_for_pages_that_are_there(client_of, administrator):
    User.objects.filter(pk=administrator.pk).update(language="pl")
    page = client_of(administrator).get(reverse("admin:auth_group_add")).content.decode()
    assert "Wiadomość wychodząca: zmiana" in page
    assert "Can " not in page and "Licznik prób" not in page
