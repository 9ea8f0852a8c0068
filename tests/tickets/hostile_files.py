"""Hostile files, by page and by mail: taken as they are, handed out so that nothing runs, drawn only if safe."""

import base64
import unicodedata
from email.message import Message as Header
from urllib.parse import quote

import pytest

from accounts.models import Event
from tests.support.hostile_files import GREEDY, HOSTILE, PICTURES
from tests.support.pictures import opened
from tests.support.readers import reply_address
from tests.tickets.incoming.conftest import proof
from tickets import thumbnails
from tickets.conversation import reply
from tickets.file_names import UNSEEN
from tickets.file_types import HARMLESS
from tickets.incoming import take
from tickets.models import Attachment

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

BOUNDARY = "----0123456789"
# Names under which a file can neither leave its folder nor break a header.
NEVER_IN_NAMES = set('/\\<>:"|?*\r\n\0')
# What browsers would show or run within a page; an attachment is never handed out under one of them.
RENDERED = {"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml", "text/css"}

each = pytest.mark.parametrize(("name", "content"), HOSTILE, ids=[ascii(name)[:40] for name, _content in HOSTILE])


def multipart(name, content, kind):
    """The body of an upload with exactly this name: as browsers write it, or as only an attacker would."""
    said = f'filename="{name}"' if name.isprintable() and '"' not in name else f"filename*=UTF-8''{quote(name)}"
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; {said}\r\nContent-Type: {kind}\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def uploaded(client, name, content):
    """The answer to an upload that claims to be a web page."""
    body = multipart(name, content, "text/html")
    return client.post("/messages/files/", body, content_type=f"multipart/form-data; boundary={BOUNDARY}")


def mailed(sender, to, name, content):
    """A mail with this file, as bytes."""
    return (
        f"Authentication-Results: {proof(sender.rpartition('@')[2])}\r\n"
        f"From: {sender}\r\nTo: {to}\r\nSubject: Re: Slow\r\n"
        f"Message-ID: <hostile@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        f"--x\r\nContent-Type: text/plain\r\n\r\nSee.\r\n--x\r\nContent-Type: text/html\r\n"
        f"Content-Disposition: attachment; filename*=UTF-8''{quote(name)}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.encodebytes(content).decode()}\r\n--x--\r\n"
    ).encode()


def shown_name(response):
    """The file name that a browser reads out of the answer."""
    header = Header()
    header["Content-Disposition"] = response["Content-Disposition"]
    return header.get_filename()


def problems(response, content):
    """What is wrong with the way a file is handed out."""
    kind = response["Content-Type"].partition(";")[0]
    expected = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    yield from (name for name, value in expected.items() if response.get(name) != value)
    if b"".join(response) != content:
        yield "other bytes"
    if not response["Content-Disposition"].startswith("attachment; filename"):
        yield "shown in the page"
    if kind in RENDERED or kind not in HARMLESS | {"application/octet-stream"}:
        yield kind
    name = shown_name(response)
    if not name or len(name) > 150 or NEVER_IN_NAMES & set(name) or name.startswith("."):
        yield f"name {name!r}"
    if any(unicodedata.category(character) in UNSEEN for character in name):
        yield "unseen characters in the name"


def thumbnail_problems(client, attachment):
    """What is wrong with the thumbnail, if there is one."""
    response = client.get(f"/messages/files/{attachment.token}/thumbnail/")
    if response.status_code == 404:
        return
    content = b"".join(response)
    picture = opened(content)
    if picture.format != "WEBP" or max(picture.size) > thumbnails.SIDE or getattr(picture, "n_frames", 1) != 1:
        yield "not our own drawing"
    if picture.getexif() or picture.info.get("icc_profile") or b"canary" in content or b"garden" in content:
        yield "more than pixels"
    if response["Content-Type"] != "image/webp" or response["Content-Security-Policy"] != "sandbox":
        yield "its headers"


def test_there_are_many():
    assert len(HOSTILE) >= 60 and len({name for name, _content in HOSTILE}) == len(HOSTILE)


@each
def test_by_page(client_of, owner, ticket, run_tasks, name, content):
    client = client_of(owner)
    assert uploaded(client, name, content).status_code == 201
    file = Attachment.objects.get()
    reply(ticket, by=owner, text="See.", files=[file])
    run_tasks()
    page = client.get(f"/messages/{ticket.number}/").content.decode()
    assert "<img src=x" not in page and "window.sang" not in page
    assert list(problems(client.get(f"/messages/files/{file.token}/"), content)) == []
    assert list(thumbnail_problems(client, file)) == []


@each
def test_by_mail(client_of, owner, ticket, run_tasks, name, content):
    address = reply_address(ticket, user=owner)
    row = take(mailed(owner.email, address, name, content), recipients=[address])
    assert row.state == "taken"
    run_tasks()
    file = row.message.attachments.get()
    client = client_of(owner)
    assert list(problems(client.get(f"/messages/files/{file.token}/"), content)) == []
    assert list(thumbnail_problems(client, file)) == []


def test_an_empty_file_is_named_and_not_kept(client_of, owner, ticket):
    assert uploaded(client_of(owner), "empty.txt", b"").status_code == 422
    address = reply_address(ticket, user=owner)
    row = take(mailed(owner.email, address, "empty.txt", b""), recipients=[address])
    assert row.state == "taken"
    assert not Attachment.objects.exists()


def drawn(client_of, owner, run_tasks, files):
    """Names of those of the files that got a thumbnail."""
    for name, content in files:
        uploaded(client_of(owner), name, content if isinstance(content, bytes) else content.encode())
    run_tasks()
    return set(Attachment.objects.exclude(thumbnail="").values_list("name", flat=True))


def test_only_whole_pictures_are_drawn(client_of, owner, run_tasks):
    assert drawn(client_of, owner, run_tasks, PICTURES) == {
        *("from the garden.jpg", "with a profile.jpg", "moving.gif", "moving.webp", "four inks.jpg", "deep.png"),
    }


def test_what_would_eat_memory_is_not_drawn(client_of, owner, run_tasks):
    assert not drawn(client_of, owner, run_tasks, GREEDY) & {name for name, _content in GREEDY[3:]}


@pytest.mark.parametrize("header", ["bytes=0-3", "bytes=-4", "bytes=0-0,2-3", "bytes=999999999-", "lines=1-2"])
def test_a_part_of_a_file_is_the_whole_file(client_of, owner, ticket, header):
    client = client_of(owner)
    name, content = HOSTILE[0]
    uploaded(client, name, content)
    file = Attachment.objects.get()
    response = client.get(f"/messages/files/{file.token}/", headers={"Range": header, "If-None-Match": "*"})
    assert response.status_code == 200
    assert list(problems(response, content)) == []


def test_only_asking_about_a_file_is_no_download(client_of, owner, ticket):
    client = client_of(owner)
    name, content = HOSTILE[0]
    uploaded(client, name, content)
    file = Attachment.objects.get()
    reply(ticket, by=owner, text="See.", files=[file])
    response = client.head(f"/messages/files/{file.token}/")
    assert (response.status_code, b"".join(response)) == (200, b"")
    assert response["Content-Length"] == str(len(content))
    assert not Event.objects.filter(action="attachment_downloaded").exists()


def test_a_careless_answer_is_noticed(client_of, owner, monkeypatch):
    client = client_of(owner)
    name, content = HOSTILE[0]
    uploaded(client, name, content)
    file = Attachment.objects.get()
    monkeypatch.setattr("tickets.views.files.served_type", lambda stored: stored)
    monkeypatch.setattr("tickets.views.files.harmless", lambda response: response)
    Attachment.objects.update(name="b/..\\c\u202e.html")
    found = set(problems(client.get(f"/messages/files/{file.token}/"), content))
    assert {"text/html", "Content-Security-Policy", "unseen characters in the name"} <= found
