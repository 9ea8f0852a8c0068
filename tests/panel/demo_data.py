"""The demo's data: the promised people and things, once, and only in a demo."""

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import Membership, Outbox, Provider, User
from billing import review
from billing.models import Case, Document, Receivable, Wallet
from services import offers
from services.models import Service
from tickets.models import Ticket

PASSWORD = "Demo-1234!"


@pytest.fixture
def demo(db, settings, tmp_path):
    settings.DEMO = True
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    call_command("demo_data", verbosity=0)


def counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_running_twice_changes_nothing(demo, capsys):
    before = counts()
    call_command("demo_data")
    assert counts() == before
    assert "nothing was changed" in capsys.readouterr().out


def test_outside_the_demo_it_refuses(db):
    with pytest.raises(CommandError, match="PANEL_MODE=demo"):
        call_command("demo_data")
    assert not User.objects.exists()


@pytest.mark.parametrize("login", ["klient", "pracownik", "inny", "wsparcie", "admin"])
def test_everybody_signs_in_with_the_one_password(demo, login):
    assert authenticate(login=login, password=PASSWORD)


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
    assert [entry.kind for entry in wallet.entries.order_by("pk")] == ["top_up", "payment", "adjustment", "refund"]
    assert wallet.balance > wallet.threshold > 0
    assert Case.objects.get(closed_at=None).reason == "paid_already"


def test_the_books_of_the_demo_are_healthy(demo):
    assert [finding.words for finding in review.findings()] == []


def test_what_ends_soon_can_be_renewed(demo):
    service = Service.objects.get(name="Certyfikat SSL")
    assert offers.for_services([service])[service] and not service.order_lines.exists()
    assert Provider.objects.get().bank_account
