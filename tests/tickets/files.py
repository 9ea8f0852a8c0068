"""Stored and served files: their names, their types, that no browser runs them, and what becomes of forgotten ones."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Event
from tickets import attachments
from tickets.conversation import reply
from tickets.file_names import clean_name
from tickets.models import Attachment

pytestmark = pytest.mark.django_db


def kept(by, name="offer.pdf", content=b"%PDF-1.4 offer"):
    """An uploaded file that is not part of a message yet."""
    return attachments.keep(named(name, content), by=by)


def named(name, content):
    """An upload with exactly this name; Django's own class would clean it first."""
    upload = SimpleUploadedFile("x", content)
    upload._name = name
    return upload


def download(client, attachment):
    """The whole answer with the file's bytes in `.body`."""
    response = client.get(f"/messages/files/{attachment.token}/")
    response.body = b"".join(response)
    return response


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("offer.pdf", "offer.pdf"),
        ("Zażółć gęślą.pdf", "Zażółć gęślą.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\cmd.exe", "cmd.exe"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u2066b\u200b.txt", "ab.txt"),
        ("line\r\nSet-Cookie: x=1.txt", "lineSet-Cookie_ x=1.txt"),
        ('quote".txt', "quote_.txt"),
        ("nul\x00byte.txt", "nulbyte.txt"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("x" * 300, "x" * 150),
    ],
)
def test_names_are_cleaned(name, shown):
    assert clean_name(name) == shown


def test_the_stored_name_and_path_are_ours(owner, files):
    attachment = kept(owner, "../../../evil.php")
    assert attachment.name == "evil.php"
    assert "evil" not in attachment.file.name
    assert (files / attachment.file.name).is_file()


@pytest.mark.parametrize(
    ("name", "content", "served"),
    [
        ("page.html", b"<!doctype html><html><script>alert(1)</script></html>", "application/octet-stream"),
        ("image.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "application/octet-stream"),
        ("photo.png", b"<html><body onload=alert(1)></html>", "application/octet-stream"),
        ("page.xml", b'<?xml version="1.0"?><a/>', "application/octet-stream"),
        ("offer.html", b"%PDF-1.4 offer", "application/pdf"),
        ("notes.txt", b"Plain words.", "text/plain"),
    ],
)
def test_a_served_file_never_opens_in_the_page(client_of, owner, ticket, name, content, served):
    attachment = kept(owner, name, content)
    reply(ticket, by=owner, text="See.", files=[attachment])
    response = download(client_of(owner), attachment)
    assert response.body == content
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"].split(";")[0] == served
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Cache-Control"] == "no-store"


def test_a_name_with_polish_letters_is_served_by_rfc_5987(client_of, owner, ticket):
    attachment = kept(owner, "Zażółć.pdf")
    header = download(client_of(owner), attachment)["Content-Disposition"]
    assert header == "attachment; filename*=utf-8''Za%C5%BC%C3%B3%C5%82%C4%87.pdf"


def test_a_download_is_written_into_the_history(client_of, owner, ticket, support):
    attachment = kept(owner)
    reply(ticket, by=owner, text="See.", files=[attachment])
    download(client_of(support), attachment)
    event = Event.objects.get(action="attachment_downloaded")
    assert (event.customer_id, event.by_id, event.by_staff) == (ticket.customer_id, support.pk, True)
    assert event.details == {"name": "offer.pdf", "ticket": ticket.number}


@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("administrative", 404), ("support", 404)])
def test_an_unsent_file_is_only_its_uploaders(request, client_of, owner, who, status):
    attachment = kept(owner)
    assert download(client_of(request.getfixturevalue(who)), attachment).status_code == status


def test_a_file_that_is_gone_from_the_disk_is_a_404(client_of, owner, files):
    attachment = kept(owner)
    (files / attachment.file.name).unlink()
    assert download(client_of(owner), attachment).status_code == 404


def test_forgotten_uploads_are_removed_after_a_day_and_sent_ones_stay(
    owner, ticket, files, django_capture_on_commit_callbacks
):
    forgotten, young, sent = kept(owner), kept(owner), kept(owner)
    reply(ticket, by=owner, text="See.", files=[sent])
    Attachment.objects.filter(pk__in=[forgotten.pk, sent.pk]).update(uploaded_at=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        assert attachments.remove_abandoned() == 1
    assert set(Attachment.objects.all()) == {young, sent}
    assert not (files / forgotten.file.name).exists()
    assert (files / young.file.name).exists() and (files / sent.file.name).exists()
