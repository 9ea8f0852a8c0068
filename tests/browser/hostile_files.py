"""Hostile files in Chromium: opened, embedded, loaded as script, style and service worker; nothing of them runs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from playwright.sync_api import Error

from tests.support.hostile_files import CANARY, HOSTILE
from tickets import attachments, thumbnails
from tickets.conversation import open_ticket
from tickets.models import Attachment, Category

pytestmark = pytest.mark.browser

# Puts files into a page of ours in every way that a page has, and waits until each has come to its end.
KINDS = ["script", "module", "img", "iframe", "object", "embed", "link", "video"]
EMBED = """([urls, kinds]) => Promise.all(urls.flatMap((url) => kinds.map((kind) => [url, kind])).map(([url, kind]) =>
  new Promise((done) => {
    const element = document.createElement(kind === "module" ? "script" : kind);
    if (kind === "module") element.type = "module";
    if (kind === "link") element.rel = "stylesheet";
    element.onload = element.onerror = element.onloadeddata = done;
    element.addEventListener("securitypolicyviolation", done);
    element[{ link: "href", object: "data" }[kind] ?? "src"] = url;
    document.body.append(element);
    setTimeout(done, 300); // some of them say nothing when they are blocked
  })))"""
# Files in a page; all of them in one would not tell whose fault it was.
AT_ONCE = 8
REGISTER = "(url) => navigator.serviceWorker.register(url).then(() => 'taken over', () => 'refused')"


@pytest.fixture
def files(owner, customer, transactional_db):
    """All of them, sent by the customer; those that can be drawn have their thumbnails."""
    category = Category.objects.create(name_pl="Inne", name_en="Other")
    stored = []
    for name, content in HOSTILE:
        upload = SimpleUploadedFile("x", content)
        upload._name = name
        stored.append(attachments.keep(upload, by=owner))
    open_ticket(by=owner, customer=customer, category=category, subject="See", text="See.", files=stored)
    for file in stored:
        if file.content_type in thumbnails.FORMATS:
            thumbnails.make.call(file.pk)
    return list(Attachment.objects.all())


@pytest.fixture
def page(open_browser, owner):
    """A page of the panel; `page.sung` tells of every sign that something ran."""
    page = open_browser(owner)
    page.watch.expect_status(404)
    page.sung = []
    page.context.on("request", lambda request: CANARY in request.url and page.sung.append(request.url))
    page.context.on("page", lambda popup: page.sung.append("a window"))
    page.on("dialog", lambda dialog: (page.sung.append(dialog.message), dialog.dismiss()))
    page.goto("/messages/new/")
    yield page
    page.watch.look_away()  # the browser complains of what it has blocked


def visit(page, address):
    """Opens the address as somebody who clicks; True when it is saved instead of shown."""
    try:
        page.goto(address)
    except Error as error:
        return "Download is starting" in str(error) or "ERR_ABORTED" in str(error)
    return False


def test_every_file_is_saved_and_none_is_shown(page, files):
    shown = [file.name for file in files if not visit(page, f"/messages/files/{file.token}/")]
    assert shown == []
    assert page.sung == [] and page.evaluate("window.sang") is None


def test_no_page_of_ours_lets_one_in(page, files):
    for first in range(0, len(files), AT_ONCE):
        some = files[first : first + AT_ONCE]
        page.evaluate(EMBED, [[f"/messages/files/{file.token}/" for file in some], KINDS])
        assert page.evaluate("window.sang") is None, [file.name for file in some]
    assert page.sung == [] and "sang" not in page.title()


def test_none_becomes_a_service_worker(page, files):
    scripts = [file for file in files if file.name.endswith(("js", "html", "mjs"))]
    assert {page.evaluate(REGISTER, f"/messages/files/{file.token}/") for file in scripts} == {"refused"}


def test_thumbnails_are_pictures_and_nothing_else(page, files):
    drawn = [file for file in files if file.thumbnail]
    assert len(drawn) > 5
    for file in drawn:
        page.goto(f"/messages/files/{file.token}/thumbnail/")
        assert page.evaluate("document.images.length") == 1
    assert page.sung == []


def test_the_thread_with_all_of_them_is_harmless(page, files):
    page.goto(f"/messages/{files[0].message.ticket.number}/")
    page.locator(".attachments").last.scroll_into_view_if_needed()
    assert page.locator(".attachments > li").count() == len(files)
    assert page.sung == [] and page.evaluate("window.sang") is None


def test_a_file_that_is_shown_sings(page, files, monkeypatch):
    def shown(file, *, as_attachment=False, filename, content_type):
        return FileResponse(file, content_type="text/html")

    monkeypatch.setattr("tickets.views.files.FileResponse", shown)
    monkeypatch.setattr("tickets.views.files.harmless", lambda response: response)
    assert not visit(page, f"/messages/files/{files[0].token}/")
    page.wait_for_load_state("networkidle")
    assert page.sung != []
