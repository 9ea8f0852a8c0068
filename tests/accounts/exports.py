"""Downloading all one's own data (GDPR), and that no model is forgotten."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts import exports, holdings
from accounts.models import Contact, DataExport, Event
from tests.cast import PASSWORD
from tickets.attachments import keep
from tickets.conversation import open_ticket
from tickets.models import Category

APPS = ["accounts", "billing", "panel", "services", "tickets"]
ABOUT_PEOPLE = {"accounts.Customer", "accounts.User", "accounts.Membership"}


@pytest.fixture
def thread(customer, owner, voip):
    """A thread with a file, about a service that the standard sub-user does not see."""
    category = Category.objects.create(name_pl="Inne", name_en="Other")
    file = keep(ContentFile(b"the contents", name="../letter.txt"), by=owner)
    return open_ticket(
        by=owner, customer=customer, category=category, subject="Noise", text="Zażółć.", service=voip, files=[file]
    )


@pytest.fixture
def download(client_of, run_tasks):
    """`download(person)` asks for the file, lets the worker make it, and returns it as an open ZIP."""

    def download(person):
        browser = client_of(person)
        browser.post("/data/export/", {"current_password": PASSWORD})
        run_tasks()
        answer = browser.post("/data/export/download/", {"current_password": PASSWORD})
        assert answer.headers["Content-Disposition"] == 'attachment; filename="data.zip"'
        return zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))

    return download


def rows(archive, name):
    return json.loads(archive.read(f"{name}.json"))


def test_the_owner_gets_everything_of_the_customer(owner, hosting, voip, contact, thread, download, mailbox):
    archive = download(owner)
    assert {row["name"] for row in rows(archive, "services/service")} == {"Hosting Garden", "Office phone"}
    assert [row["email"] for row in rows(archive, "accounts/contact")] == [contact.email]
    assert [row["text"] for row in rows(archive, "tickets/message")] == ["Zażółć."]
    assert rows(archive, "accounts/user")[0]["login"] == "anna"
    [file] = [name for name in archive.namelist() if name.startswith("tickets/attachment/")]
    assert archive.read(file) == b"the contents"
    assert ".." not in file
    assert "are ready" in mailbox("anna@example.com")[-1].subject
    assert Event.objects.filter(action="export_downloaded", by_id=owner.pk).exists()


def test_a_standard_sub_user_gets_only_what_is_theirs_to_see(owner, standard, contact, stranger, thread, download):
    archive = download(standard)
    assert [row["name"] for row in rows(archive, "services/service")] == ["Hosting Garden"]
    assert [row["login"] for row in rows(archive, "accounts/user")] == ["stefan"]
    for name in ("accounts/contact", "accounts/customer", "tickets/message", "tickets/attachment", "billing/document"):
        assert rows(archive, name) == [], name
    assert {row["by_name"] for row in rows(archive, "accounts/event")} <= {"Stefan Standard"}


def test_without_the_password_nothing_is_put_together_or_handed_out(client_of, owner, run_tasks):
    browser = client_of(owner)
    page = browser.post("/data/export/", {"current_password": "Wrong-1234!"})
    assert "This is not your password." in page.content.decode()
    assert not DataExport.objects.exists()
    browser.post("/data/export/", {"current_password": PASSWORD})
    run_tasks()
    page = browser.post("/data/export/download/", {"current_password": "Wrong-1234!"})
    assert "This is not your password." in page.content.decode()
    assert not Event.objects.filter(action="export_downloaded").exists()


def test_nobody_downloads_a_colleagues_file(client_of, owner, administrative, run_tasks):
    client_of(owner).post("/data/export/", {"current_password": PASSWORD})
    run_tasks()
    answer = client_of(administrative).post("/data/export/download/", {"current_password": PASSWORD})
    assert answer.status_code == 404


def test_asking_twice_makes_one_file(client_of, owner):
    browser = client_of(owner)
    for _ in range(5):
        browser.post("/data/export/", {"current_password": PASSWORD})
    assert DataExport.objects.count() == 1


def test_asking_too_often_is_refused(client_of, owner, run_tasks):
    browser = client_of(owner)
    for _ in range(3):
        browser.post("/data/export/", {"current_password": PASSWORD})
        run_tasks()
    page = browser.post("/data/export/", {"current_password": PASSWORD})
    assert "several times today" in page.content.decode()


def test_the_file_is_deleted_after_a_week(client_of, owner, run_tasks):
    browser = client_of(owner)
    browser.post("/data/export/", {"current_password": PASSWORD})
    run_tasks()
    export = DataExport.objects.get()
    assert exports.delete_old() == 0
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert exports.latest(owner.membership) is None
        assert exports.delete_old() == 1
    assert not export.file.storage.exists(export.file.name)


def test_a_worker_that_is_called_twice_makes_one_file_and_one_mail(owner, mailbox):
    exports.ask(owner.membership)
    export = DataExport.objects.get()
    exports.make(export.pk)
    exports.make(export.pk)
    assert len([mail for mail in mailbox("anna@example.com") if "are ready" in mail.subject]) == 1


def reaches_people(model, seen=frozenset()):
    """Whether a row of the model belongs to a person or customer, be it by way of other rows."""
    if model._meta.label in ABOUT_PEOPLE:
        return True
    keys = [field for field in model._meta.concrete_fields if field.is_relation and field.related_model not in seen]
    return any(reaches_people(field.related_model, seen | {model}) for field in keys)


def forgotten(models, known):
    return {model._meta.label for model in models if reaches_people(model)} - {model._meta.label for model in known}


def ours():
    return [model for app in apps.get_app_configs() if app.name in APPS for model in app.get_models()]


def test_every_model_about_people_is_handed_out_or_has_a_reason_not_to_be():
    known = {holding.model for holding in holdings.find()} | holdings.LEFT_OUT.keys()
    assert forgotten(ours(), known) == set()


def test_a_forgotten_model_is_found():
    known = {holding.model for holding in holdings.find()} | holdings.LEFT_OUT.keys()
    assert forgotten(ours(), known - {Contact}) == {"accounts.Contact"}
