"""The demo's data: the promised people and things, once, and only in a demo."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from accounts.models import Membership, Outbox, Provider, User
from billing import review
from billing.models import Case, Document, Receivable, Wallet
from panel.help import figures as help_figures
from panel.models import Article
from services import offers
from services.models import Product, Service
from tickets import figures
from tickets.models import Ticket

PASSWORD = "Demo-1234!"


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo's data, written once for this module; what a test does to it is taken back by its own savepoint."""
    files = {"location": tmp_path_factory.mktemp("files")}
    storages = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": files}}
    with (
        override_settings(DEMO=True, STORAGES=settings.STORAGES | storages),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        call_command("demo_data", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(filled, db):
    """The demo, as it is before anybody has come."""


def counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_running_twice_changes_nothing(demo, capsys):
    before = counts()
    call_command("demo_data")
    assert counts() == before
    assert "nothing was changed" in capsys.readouterr().out


@pytest.mark.parametrize("login", ["klient", "pracownik", "inny", "wsparcie", "technik", "admin"])
def test_everybody_signs_in_with_the_one_password(demo, login):
    assert authenticate(login=login, password=PASSWORD)


def test_the_promo_code_of_the_news_counts(demo, client_of):
    klient = client_of(User.objects.get(login="klient"))
    assert "START20" in klient.get("/").content.decode()
    price = Product.objects.get(code="hosting-start").prices.latest("months")
    klient.post("/order/hosting-start/add/", {"price": price.pk, "domain": "taras.example"})
    page = klient.post("/cart/code/", {"code": "start20"}, follow=True).content.decode()
    assert "<strong>START20</strong>" in page and "119,20" in page


def test_the_new_one_waits_for_their_activation_mail(demo):
    new = User.objects.get(login="nowy")
    assert new.activated_at is None and not new.has_usable_password()
    assert Outbox.objects.filter(user=new, letter="activation", state="waiting").count() == 1


def test_the_customer_has_a_bit_of_everything(demo, client_of):
    klient = User.objects.get(login="klient")
    page = client_of(klient).get("/").content.decode()
    assert "Hosting Ogrody" in page and "Galeria przestała się otwierać" in page
    assert any(service.days_left == 12 for service in Service.objects.filter(customer__memberships__user=klient))
    assert Service.objects.filter(customer__memberships__user=klient, status="suspended").exists()
    unread = Ticket.objects.get(subject="Galeria przestała się otwierać")
    assert unread.messages.count() == 2
    assert sum(message.attachments.count() for message in unread.messages.all()) == 3


def test_the_sub_user_sees_one_service_and_its_messages(demo, client_of):
    worker = User.objects.get(login="pracownik")
    membership = Membership.objects.get(user=worker)
    assert membership.permissions == ["tickets"]
    assert [service.name for service in Service.objects.visible_to(membership)] == ["Hosting Ogrody"]
    page = client_of(worker).get("/").content.decode()
    assert "Galeria przestała się otwierać" in page and "Przekierowanie na komórkę" not in page


def test_the_other_customer_shares_nothing(demo, client_of):
    page = client_of(User.objects.get(login="inny")).get("/").content.decode()
    assert "Hosting Tłumacz" in page and "Autoresponder" in page
    assert "Ogrody" not in page and "Galeria" not in page


def documents_of(login):
    return Document.objects.filter(customer__memberships__user__login=login).select_related("receivable")


def test_documents_are_there_in_every_state(demo):
    receivables = Receivable.objects.filter(document__in=documents_of("klient"))
    assert {row.state for row in receivables} == {"open", "paid", "cancelled"}
    assert [row.is_overdue for row in receivables.open().order_by("due_on")] == [True, False]
    assert {invoice.paid_by for invoice in documents_of("klient").filter(kind="invoice")} == {
        "sandbox",
        "transfer",
        "wallet",
    }
    correction = documents_of("klient").get(kind="correction")
    assert correction.refunds.get().amount == -correction.gross
    assert {document.kind for document in documents_of("inny")} == {"proforma", "invoice"}


def test_the_balance_has_moved_and_one_case_waits(demo):
    wallet = Wallet.objects.get(customer__memberships__user__login="klient")
    kinds = [entry.kind for entry in wallet.entries.order_by("pk")]
    assert kinds[:4] == ["top_up", "payment", "adjustment", "refund"] and set(kinds[4:]) == {"usage"}
    assert wallet.balance > wallet.threshold > 0
    assert Case.objects.get(closed_at=None).reason == "paid_already"


def test_the_books_of_the_demo_are_healthy(demo):
    assert [finding.words for finding in review.findings()] == []


def test_what_ends_soon_can_be_renewed(demo):
    service = Service.objects.get(name="Certyfikat SSL")
    assert offers.for_services([service])[service] and not service.order_lines.exists()
    assert Provider.objects.get().bank_account


def test_support_has_something_to_do(demo, client_of):
    desk = client_of(User.objects.get(login="wsparcie"))
    late = desk.get("/desk/", {"late": "on"}).content.decode()
    assert "Strona otwiera się bardzo wolno" in late and "Skrzynka prawie pełna" not in late
    mails = desk.get("/desk/mails/").content.decode()
    assert "Zdjęcie usterki" in mails and "Pytanie o cenę" in mails
    merged = Ticket.objects.get(merged_into__isnull=False)
    thread = desk.get(f"/desk/{merged.number}/", follow=True).content.decode()
    assert "podłączyć drugi aparat" in thread and "w szklarni nie ma zasięgu" in thread


def test_the_figures_of_the_desk_tell_of_many_weeks(demo):
    weeks = figures.weeks(12)
    assert sum(bool(week.answered) for week in weeks) >= 10
    assert any(week.late for week in weeks) and any(week.no for week in weeks)


def test_the_editor_of_the_help_centre_has_figures_and_a_draft(demo):
    span = help_figures.SPANS["30"]
    assert next(iter(help_figures.by_article(span))).views > 100
    assert help_figures.missing(span) and help_figures.missed_searches(span)
    assert Article.objects.filter(state="draft").exists()
