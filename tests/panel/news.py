"""News and banners: for whom, when, in which language, and how an administrator previews them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from panel.models import Banner, News
from services.models import Service


def news(title="Faster disks", **fields):
    return News.objects.create(
        title_en=title,
        title_pl=f"{title} (pl)",
        text_en="First.\n\nSecond https://example.com/x",
        text_pl="Tekst",
        **fields,
    )


def banner(text="Phones on Saturday", **fields):
    return Banner.objects.create(text_en=text, text_pl="Telefony w sobotę", **fields)


def pages(client):
    """The first page and the page of news, where the same must be said."""
    return [client.get(address).content.decode() for address in ("/", "/news/")]


def says(client, words):
    answers = {words in page for page in pages(client)}
    assert len(answers) == 1
    return answers.pop()


def test_news_for_everybody_reach_everybody(client_of, owner, standard_without, stranger):
    news()
    assert all(says(client_of(person), "Faster disks") for person in (owner, standard_without, stranger))


@pytest.mark.parametrize(
    ("kind", "owner_reads", "standard_reads"),
    [("hosting", True, True), ("voip", True, False), ("domain", False, False)],
)
def test_news_reach_those_who_see_an_active_service_of_the_kind(
    client_of, owner, standard, voip, kind, owner_reads, standard_reads
):
    news(for_kind=kind)
    assert says(client_of(owner), "Faster disks") is owner_reads
    assert says(client_of(standard), "Faster disks") is standard_reads


def test_a_service_that_does_not_run_counts_for_nothing(client_of, owner, hosting):
    news(for_kind="hosting")
    Service.objects.update(status=Service.Status.ENDED)
    assert not says(client_of(owner), "Faster disks")


def test_news_about_one_product_reach_its_holders(client_of, owner, standard, voip, products):
    news(product=products["voip"])
    assert says(client_of(owner), "Faster disks")
    assert not says(client_of(standard), "Faster disks")


def test_news_stand_between_their_dates(client_of, owner):
    now, day = timezone.now(), timedelta(days=1)
    news("Too early", published_from=now + day)
    news("Too late", published_from=now - 2 * day, published_until=now - day)
    news("In time", published_from=now - day, published_until=now + day)
    client = client_of(owner)
    assert [says(client, title) for title in ("Too early", "Too late", "In time")] == [False, False, True]


def test_news_are_plain_text_with_paragraphs_and_links_that_pass_nothing_on(client_of, owner):
    item = news()
    News.objects.update(text_en=item.text_en + "\n\n<script>alert(1)</script>")
    page = client_of(owner).get("/news/").content.decode()
    assert "<p>First.</p>" in page
    assert '<a href="https://example.com/x" rel="nofollow">' in page
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_each_reads_in_their_language(client_of, owner):
    news()
    banner()
    User.objects.filter(pk=owner.pk).update(language="pl")
    page = client_of(owner).get("/").content.decode()
    assert "Faster disks (pl)" in page and "Telefony w sobotę" in page


def test_old_news_are_on_later_pages(client_of, owner):
    for i in range(11):
        news(f"Number {i:02}", published_from=timezone.now() - timedelta(days=20 - i))
    client = client_of(owner)
    assert "Number 00" not in client.get("/news/").content.decode()
    assert "Number 00" in client.get("/news/?page=2").content.decode()


def test_without_news_the_page_says_so(client_of, owner):
    assert "No news now" in client_of(owner).get("/news/").content.decode()


def test_staff_have_no_news_of_their_own(client_of, support):
    assert client_of(support).get("/news/").status_code == 403


def test_the_newest_banner_that_fits_is_shown(client_of, owner, standard, voip):
    banner("For all", published_from=timezone.now() - timedelta(days=2), link="/news/")
    banner("For phones", published_from=timezone.now() - timedelta(days=1), for_kind="voip", tone="warn")
    page = client_of(owner).get("/").content.decode()
    assert "For phones" in page and 'data-tone="warn"' in page and "For all" not in page
    page = client_of(standard).get("/").content.decode()
    assert "For all" in page and 'href="/news/">Read more' in page and "For phones" not in page


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example", "http://plain.example", "/\\evil.example"])
def test_a_banner_leads_to_no_odd_address(db, link):
    with pytest.raises(ValidationError, match="https://"):
        Banner(text_pl="a", text_en="b", link=link).full_clean()


def test_the_administration_previews_both_languages(client_of, administrator):
    item, offer = news(), banner()
    client = client_of(administrator)
    page = client.get(f"/admin/panel/news/{item.pk}/change/").content.decode()
    assert 'rel="nofollow"' in page and "<p>Tekst</p>" in page
    page = client.get(f"/admin/panel/banner/{offer.pk}/change/").content.decode()
    assert page.count('class="notice"') == 2
    assert client.get("/admin/panel/news/add/").status_code == 200


@pytest.mark.parametrize(("until", "is_taken"), [("2026-11-01", False), ("2026-11-22", False), ("2026-11-23", True)])
def test_what_ends_before_it_begins_is_refused(client_of, administrator, until, is_taken):
    typed = {"for_kind": "all", "title_pl": "a", "title_en": "a", "text_pl": "a", "text_en": "a"}
    typed |= {"published_from_0": "2026-11-22", "published_from_1": "10:00"}
    typed |= {"published_until_0": until, "published_until_1": "10:00"}
    answer = client_of(administrator).post("/admin/panel/news/add/", typed)
    assert News.objects.exists() == is_taken
    assert is_taken or "This is not after the beginning." in answer.content.decode()
