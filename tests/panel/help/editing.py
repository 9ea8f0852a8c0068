"""The editor's side: writing, previews, pictures, figures."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from panel.help import counting
from panel.jobs import clear_help_figures
from panel.models import Article, ArticleDay, ArticleVote, HelpImage, MissedSearch
from tests import cast
from tests.library import article, topic

pytestmark = pytest.mark.django_db
ADD = "/admin/panel/article/add/"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Where pictures are stored during this test."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        }
    }
    return tmp_path / "files"


def form(**fields):
    defaults = {
        "category": topic().pk,
        "slug": "new-one",
        "state": "draft",
        "position": 0,
        "title_pl": "Tytuł",
        "text_pl": "**Treść**",
        "title_en": "Title",
        "text_en": "**Text**",
    }
    return defaults | fields


def test_an_article_is_written_and_published(client_of, administrator):
    client = client_of(administrator)
    assert "Preview in Polish" in client.get(ADD).content.decode()
    assert client.post(ADD, form()).status_code == 302
    row = Article.objects.get()
    assert row.published_at is None
    written = row.updated_at
    client.post(f"/admin/panel/article/{row.pk}/change/", form(state="published", position=3))
    row.refresh_from_db()
    assert row.published_at and row.updated_at == written
    published = row.published_at
    client.post(f"/admin/panel/article/{row.pk}/change/", form(state="published", text_en="Better."))
    row.refresh_from_db()
    assert row.published_at == published and row.updated_at > written
    assert "Better." in Client(headers=cast.ENGLISH).get(row.get_absolute_url()).content.decode()


def test_readers_find_what_was_written_last(client_of, administrator, anonymous):
    def found(text):
        return [result.article.slug for result in anonymous.get("/help/search/", {"q": text}).context["found"]]

    client = client_of(administrator)
    client.post(ADD, form(state="published", text_en="An elephant."))
    assert [found("elephant"), found("giraffe")] == [["new-one"], []]
    change = f"/admin/panel/article/{Article.objects.get().pk}/change/"
    client.post(change, form(state="published", text_en="A giraffe."))
    assert [found("elephant"), found("giraffe")] == [[], ["new-one"]]
    client.post(change, form(state="draft", text_en="A giraffe."))
    assert found("giraffe") == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"text_en": ""}, "a title and a text in a language, or neither"),
        ({"title_pl": ""}, "a title and a text in a language, or neither"),
        ({"title_pl": "", "text_pl": "", "title_en": "", "text_en": ""}, "in one language at least"),
        ({"slug": "żółw"}, "slug"),
    ],
)
def test_half_an_article_is_refused(client_of, administrator, fields, fault):
    page = client_of(administrator).post(ADD, form(**fields)).content.decode()
    assert fault in page and not Article.objects.exists()


def test_one_language_is_enough(client_of, administrator):
    client_of(administrator).post(ADD, form(title_en="", text_en=""))
    assert Article.objects.get().title == "Tytuł"


def test_the_preview_is_the_page_of_readers_and_saves_nothing(client_of, administrator):
    client = client_of(administrator)
    saved = article("new-one", "Old title")
    page = client.post("/admin/panel/article/preview/", form(_preview="pl")).content.decode()
    assert "<strong>Treść</strong>" in page and '<html lang="pl">' in page and "Czy artykuł był pomocny?" in page
    assert "is-desk" not in page and 'href="/sign-in/"' in page
    page = client.post("/admin/panel/article/preview/", form(_preview="en", text_en="<script>x</script>"))
    assert "&lt;script&gt;x" in page.content.decode() and "<script>x" not in page.content.decode()
    saved.refresh_from_db()
    assert saved.title == "Old title" and Article.objects.count() == 1 and not ArticleDay.objects.exists()


@pytest.mark.parametrize("fields", [{"category": ""}, {"category": "99999"}, {"_preview": "xx"}, {"title_pl": ""}])
def test_a_preview_of_something_unfinished_is_shown_all_the_same(client_of, administrator, fields):
    response = client_of(administrator).post("/admin/panel/article/preview/", form(_preview="pl") | fields)
    assert response.status_code == 200


def test_only_editors_preview(client_of, owner, support, administrator):
    for person in (owner, support):
        assert client_of(person).post("/admin/panel/article/preview/", form()).status_code in (302, 404)
    administrator.is_superuser = False
    administrator.save()
    client = client_of(administrator)
    assert client.post("/admin/panel/article/preview/", form()).status_code == 403
    assert client.get("/admin/panel/article/figures/").status_code == 403


def picture(kind="PNG", size=(40, 20), name="a.png", **save):
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **save)
    return SimpleUploadedFile(name, file.getvalue())


def add(client, file, name="A blue button"):
    return client.post("/admin/panel/helpimage/add/", {"name": name, "file": file})


@pytest.mark.parametrize(("kind", "type_"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_a_picture_is_drawn_anew_and_shown_to_everybody(client_of, administrator, kind, type_):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    response = add(client_of(administrator), picture(kind, name="../../evil.png", exif=exif))
    assert response.status_code == 302
    row = HelpImage.objects.get()
    assert row.file.name.startswith("help/") and "evil" not in row.file.name
    answer = Client().get(row.get_absolute_url())
    body = b"".join(answer.streaming_content)
    assert b"taken at home" not in body and Image.open(BytesIO(body)).size == (40, 20)
    assert answer["Content-Type"] == type_
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Security-Policy"] == "sandbox"
    assert "immutable" in answer["Cache-Control"] and "no-store" not in answer["Cache-Control"]
    found = article(text=f"![A blue button]({row.get_absolute_url()})")
    assert row.get_absolute_url() in Client().get(found.get_absolute_url()).content.decode()


def test_a_large_picture_becomes_smaller(client_of, administrator):
    add(client_of(administrator), picture(size=(4000, 1000)))
    assert HelpImage.objects.get().file.width == 1600


def test_a_picture_with_a_see_through_part_keeps_it(client_of, administrator):
    file = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(file, "PNG")
    add(client_of(administrator), SimpleUploadedFile("a.png", file.getvalue()))
    with HelpImage.objects.get().file.open() as stored:
        assert Image.open(stored).mode == "RGBA"


@pytest.mark.parametrize(
    "file",
    [
        lambda: SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        lambda: SimpleUploadedFile("a.png", b"<script>alert(1)</script>"),
        lambda: SimpleUploadedFile("a.png", picture().read()[:60]),
        lambda: picture("GIF", name="a.gif"),
        lambda: picture("BMP", name="a.png"),
        lambda: picture(size=(5000, 4001)),
        lambda: SimpleUploadedFile("a.png", picture().read() + b"\0" * (5 * 1024 * 1024)),
    ],
    ids=["svg", "script", "broken", "gif", "bmp", "pixels", "bytes"],
)
def test_what_is_no_fitting_picture_is_refused(client_of, administrator, file):
    assert add(client_of(administrator), file()).status_code == 200
    assert not HelpImage.objects.exists()


def test_a_deleted_picture_is_gone(client_of, administrator, files, django_capture_on_commit_callbacks):
    client = client_of(administrator)
    add(client, picture())
    row = HelpImage.objects.get()
    page = client.get(f"/admin/panel/helpimage/{row.pk}/change/").content.decode()
    assert f"![A blue button]({row.get_absolute_url()})" in page
    assert [path for path in files.rglob("*") if path.is_file()]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/panel/helpimage/{row.pk}/delete/", {"post": "yes"})
    assert not HelpImage.objects.exists() and not [path for path in files.rglob("*") if path.is_file()]
    assert Client().get(row.get_absolute_url()).status_code == 404


def test_the_figures_tell_what_to_write_next(client_of, administrator, anonymous):
    busy, quiet = article("busy", "Busy"), article("quiet", "Quiet")
    for _ in range(3):
        anonymous.get(busy.get_absolute_url())
    for number, helped in enumerate([True, True, False]):
        missing = "" if helped else "Pictures <b>"
        ArticleVote.objects.create(article=quiet, voter=f"u{number}", helped=helped, missing=missing)
    anonymous.get("/help/search/?q=ogorek")
    page = client_of(administrator).get("/admin/panel/article/figures/").content.decode()
    assert page.index("Busy") < page.index("Quiet")
    assert "<td>3</td><td>0</td><td>0</td>" in page and "<td>0</td><td>2</td><td>1</td>" in page
    assert "Pictures &lt;b&gt;" in page and "ogorek" in page
    assert 'figures/">Figures' in client_of(administrator).get("/admin/panel/article/").content.decode()


def test_figures_of_longer_ago_are_asked_for_by_their_days(client_of, administrator, time_machine):
    time_machine.move_to("2026-06-01 12:00+02:00")
    counting.count_view(article())
    time_machine.move_to("2026-08-01 12:00+02:00")
    client = client_of(administrator)
    url = "/admin/panel/article/figures/"
    assert "<td>1</td>" not in client.get(url).content.decode()
    assert "<td>1</td>" in client.get(url, {"span": "90"}).content.decode()
    assert client.get(url, {"span": "nonsense"}).status_code == 200


def test_old_figures_are_forgotten(time_machine, anonymous, provider):
    time_machine.move_to("2026-01-01 12:00+01:00")
    counting.count_view(article())
    anonymous.get("/help/search/?q=ogorek")
    time_machine.move_to("2026-03-01 12:00+01:00")
    clear_help_figures.call()
    assert MissedSearch.objects.exists()
    time_machine.move_to("2026-05-01 12:00+02:00")
    clear_help_figures.call()
    assert not MissedSearch.objects.exists() and ArticleDay.objects.exists()
    time_machine.move_to("2028-05-01 12:00+02:00")
    clear_help_figures.call()
    assert not ArticleDay.objects.exists()


def test_readers_answers_are_read_and_not_changed(client_of, administrator):
    ArticleVote.objects.create(article=article(), voter="bx", helped=False, missing="Pictures")
    client = client_of(administrator)
    assert "Pictures" in client.get("/admin/panel/articlevote/").content.decode()
    assert client.get("/admin/panel/articlevote/add/").status_code == 403


def test_articles_are_listed_topic_by_topic(client_of, administrator):
    first, second = topic("first", position=1), topic("second", position=2)
    for number, (place, subject) in enumerate([(1, second), (1, first), (2, first)]):
        article(f"a{number}", category=subject, position=place)
    rows = client_of(administrator).get("/admin/panel/article/").context["cl"].result_list
    assert [row.slug for row in rows] == ["a1", "a2", "a0"]
