"""Downloading all one's own data (GDPR)."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts import exports
from accounts.models import DataExport, Event
from accounts.subusers import change_rights
from tests.cast import PASSWORD
from tickets.attachments import keep
from tickets.conversation import open_ticket
from tickets.models import Category


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
    exports.make.call(export.pk)
    exports.make.call(export.pk)
    assert len([mail for mail in mailbox("anna@example.com") if "are ready" in mail.subject]) == 1


@pytest.mark.parametrize("taken", ["role", "service"])
def test_a_file_made_with_wider_rights_is_not_handed_out(
    client_of, owner, administrative, standard, hosting, run_tasks, taken
):
    person = administrative if taken == "role" else standard
    browser, password = client_of(person), {"current_password": PASSWORD}
    browser.post("/data/export/", password)
    run_tasks()
    assert b"".join(browser.post("/data/export/download/", password).streaming_content)
    if taken == "role":
        client_of(owner).post(f"/users/{person.membership.pk}/rights/", {"role": "standard"})
    else:
        client_of(owner).post(f"/users/{person.membership.pk}/services/", {"shown": [hosting.pk]})
    assert browser.post("/data/export/download/", password).status_code == 404
    kept = DataExport.objects.get().file
    assert exports.delete_old() == 1 and not kept.storage.exists(kept.name)


def test_rights_changed_while_the_file_is_put_together(owner, administrative, run_tasks):
    exports.ask(administrative.membership)
    rights = {"role": "standard", "permissions": []}
    change_rights(administrative.membership, **rights, by=owner, editor=owner.membership)
    run_tasks()
    assert exports.latest(administrative.membership) is None
