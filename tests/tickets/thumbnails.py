"""Thumbnails: drawn by the worker from pictures alone, shown to whoever may have the file, gone with it."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Event
from accounts.retention import delete_some
from tests.support.pictures import exif, of_many_scans, opened, picture
from tickets import attachments, limits, thumbnails
from tickets.conversation import reply
from tickets.models import Attachment

pytestmark = pytest.mark.django_db

RED, BLUE = (250, 10, 10), (10, 10, 250)


def kept(by, content, name="photo.png"):
    return attachments.keep(SimpleUploadedFile(name, content), by=by)


@pytest.fixture
def draw(owner, ticket, run_tasks):
    """`draw(bytes)` sends them in the thread, lets the worker work and returns the attachment."""

    def draw(content, name="photo.png"):
        file = kept(owner, content, name)
        reply(ticket, by=owner, text="See.", files=[file])
        run_tasks()
        file.refresh_from_db()
        return file

    return draw


def small(client, attachment):
    """The thumbnail as this browser gets it."""
    response = client.get(f"/messages/files/{attachment.token}/thumbnail/")
    return response, b"".join(response)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_of_a_thread_is_shown_small(client_of, owner, ticket, draw, kind):
    file = draw(picture(kind, (1000, 500), colour=RED))
    page = client_of(owner).get(f"/messages/{ticket.number}/").content.decode()
    assert f'src="/messages/files/{file.token}/thumbnail/"' in page
    response, content = small(client_of(owner), file)
    assert opened(content).size == (320, 160)
    red, green, blue = opened(content).convert("RGB").getpixel((100, 100))
    assert red > 230 and green < 30 and blue < 30
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"] == 'inline; filename="thumbnail.webp"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Cache-Control"] == "no-store"


def test_nothing_but_the_pixels_is_carried_over_and_up_is_up(client_of, owner, draw):
    taken = picture("JPEG", (400, 200), colour=RED, exif=exif(orientation=6), icc_profile=b"the profile of Anna" * 9)
    assert b"Anna" in taken
    _response, content = small(client_of(owner), draw(taken))
    found = opened(content)
    assert found.size == (160, 320)
    assert not found.getexif() and "icc_profile" not in found.info
    assert b"Anna" not in content and b"EXIF" not in content and b"ICCP" not in content


def test_of_a_moving_picture_the_first_frame_is_drawn(client_of, owner, draw):
    frames = [Image.new("RGB", (40, 20), colour) for colour in (RED, BLUE)]
    moving = picture("GIF", colour=RED, save_all=True, append_images=frames[1:])
    found = opened(small(client_of(owner), draw(moving, "moving.gif"))[1])
    assert getattr(found, "n_frames", 1) == 1
    assert found.convert("RGB").getpixel((5, 5))[0] > 200


def test_a_picture_drawn_over_and_over_again_keeps_no_worker_busy(client_of, owner, draw):
    assert draw(of_many_scans(100), "photo.jpg").thumbnail
    bomb = draw(of_many_scans(1000), "photo.jpg")
    assert not bomb.thumbnail
    assert b"".join(client_of(owner).get(f"/messages/files/{bomb.token}/")) == of_many_scans(1000)


@pytest.mark.parametrize(
    ("mode", "colour", "kind", "seen"),
    [
        ("I;16", 40_000, "PNG", (156, 156, 156)),
        ("CMYK", (0, 255, 255, 0), "JPEG", (255, 0, 0)),
        ("P", 0, "PNG", (0, 0, 0)),
        ("1", 1, "PNG", (255, 255, 255)),
        ("LA", (90, 255), "PNG", (90, 90, 90)),
    ],
)
def test_colours_of_every_kind_are_read(client_of, owner, draw, mode, colour, kind, seen):
    file = draw(picture(kind, mode=mode, colour=colour))
    found = opened(small(client_of(owner), file)[1]).convert("RGB").getpixel((5, 5))
    assert all(abs(one - other) < 12 for one, other in zip(found, seen, strict=True))


def test_what_is_see_through_stays_so(client_of, owner, draw):
    found = opened(small(client_of(owner), draw(picture(mode="RGBA", colour=(0, 0, 0, 0))))[1])
    assert found.mode == "RGBA" and found.getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.png", picture()[:60]),
        ("broken.jpg", picture("JPEG", (400, 400))[:300]),
        ("other.png", picture("BMP")),
        ("other.png", picture("TIFF")),
        ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("words.png", b"Words."),
    ],
)
def test_what_cannot_be_drawn_stays_a_plain_row(client_of, owner, ticket, draw, name, content):
    file = draw(content, name)
    page = client_of(owner).get(f"/messages/{ticket.number}/").content.decode()
    assert name in page and "/thumbnail/" not in page
    assert client_of(owner).get(f"/messages/files/{file.token}/thumbnail/").status_code == 404


def test_too_many_pixels_are_not_unpacked(draw, monkeypatch):
    large = picture(size=(300, 100))
    assert draw(large).thumbnail
    monkeypatch.setattr(limits, "IMAGE_PIXELS", 29_999)
    monkeypatch.setattr(thumbnails, "IMAGE_PIXELS", 29_999)
    monkeypatch.setattr(Image.Image, "load", lambda picture: pytest.fail("unpacked"))
    assert not draw(large).thumbnail


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *[("owner", 200), ("administrative", 200), ("standard", 200), ("support", 200)],
        *[("standard_without", 403), ("stranger", 404), ("administrator", 403)],
    ],
)
def test_who_may_have_the_file_sees_it(request, client_of, draw, who, status):
    assert small(client_of(request.getfixturevalue(who)), draw(picture()))[0].status_code == status


def test_one_not_sent_is_its_uploader_s_only(client_of, owner, administrative, support, run_tasks):
    file = kept(owner, picture())
    run_tasks()
    statuses = [small(client_of(person), file)[0].status_code for person in (owner, administrative, support)]
    assert statuses == [200, 404, 404]


def test_looking_at_a_thumbnail_is_no_download(client_of, owner, draw):
    small(client_of(owner), draw(picture()))
    assert not Event.objects.filter(action="attachment_downloaded").exists()


def test_a_thumbnail_goes_with_its_file(owner, files, run_tasks, django_capture_on_commit_callbacks):
    kept(owner, picture())
    run_tasks()
    assert len([path for path in files.rglob("*") if path.is_file()]) == 2
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(Attachment.objects.all())
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_a_thumbnail_is_erased_with_its_file(draw, files):
    draw(picture())
    assert delete_some(Attachment.objects.all()) == 1
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_a_file_taken_back_before_the_worker_came_leaves_nothing(owner, files, run_tasks):
    file = kept(owner, picture())
    Attachment.objects.all().delete()
    run_tasks()
    with file.file.open() as content:
        thumbnails.keep(file, thumbnails.small(content, "image/png"))
    assert [path for path in files.rglob("*") if path.is_file()] == [files / file.file.name]


def test_drawing_twice_is_harmless(draw, files):
    file = draw(picture())
    thumbnails.make.call(file.pk)
    assert len([path for path in files.rglob("*") if path.is_file()]) == 2


def test_a_file_gone_from_the_storage_is_no_error(owner, files, run_tasks):
    file = kept(owner, picture())
    (files / file.file.name).unlink()
    run_tasks()
    file.refresh_from_db()
    assert not file.thumbnail


class Elsewhere(Storage):
    """A storage such as S3: no file has a path on this machine."""

    def __init__(self):
        self.kept = {}

    def _open(self, name, mode="rb"):
        return ContentFile(self.kept[name], name=name)

    def _save(self, name, content):
        self.kept[name] = b"".join(content.chunks())
        return name

    def delete(self, name):
        del self.kept[name]

    def exists(self, name):
        return name in self.kept


def test_a_storage_without_a_disk_does(
    settings, client_of, owner, ticket, run_tasks, django_capture_on_commit_callbacks
):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.{Elsewhere.__name__}"}}
    client = client_of(owner)
    for name in ("sent.png", "taken back.png"):
        large = picture(size=(400, 300), colour=RED) + b"\0" * 100_000  # goes to disk while it arrives
        assert client.post("/messages/files/", {"file": SimpleUploadedFile(name, large)}).status_code == 201
    run_tasks()
    sent, taken_back = Attachment.objects.all()
    client.post(f"/messages/{ticket.number}/reply/", {"text": "See.", "attachment": [sent.token]})
    assert b"".join(client.get(f"/messages/files/{sent.token}/")) == large
    assert opened(small(client, sent)[1]).size == (320, 240)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/messages/files/{taken_back.token}/remove/")
    there = [storages["default"].exists(name) for row in (sent, taken_back) for _storage, name in row.stored]
    assert there == [True, True, False, False]
