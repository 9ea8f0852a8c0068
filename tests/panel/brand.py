"""The provider's brand: its colour and logo on every page, seen as soon as it changes."""

import base64

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile

from accounts import recovery
from accounts.colours import readable_on
from accounts.models import Provider

# One transparent pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def logo(provider, settings, tmp_path):
    """The provider's logo, stored in a directory of the test's own."""
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": files}
    provider.logo.save("anything.png", ContentFile(PIXEL))
    cache.clear()
    return provider.logo


def test_the_colour_and_what_is_read_on_it(anonymous, provider):
    provider.accent = "#ffd400"
    provider.save()
    answer = anonymous.get("/brand.css")
    assert answer.content == b":root{--brand:#ffd400;--on-brand:#000}"
    assert answer["Content-Type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize(("colour", "text"), [("#000000", "#fff"), ("#ffffff", "#000"), ("#0b5c6b", "#fff")])
def test_text_on_the_colour_stands_out(colour, text):
    assert readable_on(colour) == text


def test_the_button_of_a_mail_can_be_read_on_the_colour(provider, owner, mailbox):
    Provider.objects.update(accent="#ffd400")
    cache.clear()
    recovery.send_links.call("anna")
    [(html, _type)] = mailbox("anna@example.com")[-1].alternatives
    assert "background:#ffd400;color:#000" in html


def test_the_logo_is_handed_out_under_a_name_of_ours(anonymous, logo):
    answer = anonymous.get("/brand/logo")
    assert (b"".join(answer), answer["Content-Type"]) == (PIXEL, "image/png")
    assert "anything" not in logo.name


def test_a_logo_that_is_gone_is_not_found(anonymous, logo):
    logo.storage.delete(logo.name)
    assert anonymous.get("/brand/logo").status_code == 404


def test_a_changed_brand_has_another_address(anonymous, provider):
    def address():
        page = anonymous.get("/sign-in/").content.decode()
        return next(part for part in page.split('"') if part.startswith("/brand.css?"))

    before = address()
    provider.save()
    cache.clear()
    assert address() != before
