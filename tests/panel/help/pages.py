"""The pages of the help centre: who reads what, in which language, found by which words, at what price."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from panel.models import Article, ArticleDay, HelpCategory, MissedSearch
from tests.library import article, topic

pytestmark = pytest.mark.django_db
POLISH = {"Accept-Language": "pl"}


def words(response):
    return response.content.decode()


def many(count, topics=1):
    """Published articles in some topics, written at once."""
    places = [topic(f"topic-{i}", f"Topic {i}", position=i) for i in range(topics)]
    Article.objects.bulk_create(
        [
            Article(
                category=places[i % topics],
                slug=f"article-{i}",
                title_pl=f"Artykuł {i}",
                title_en=f"Article {i}",
                text_pl="Tekst o kodach.",
                text_en="A text about codes.",
                state=Article.State.PUBLISHED,
            )
            for i in range(count)
        ],
        batch_size=1000,
    )


def test_everybody_reads_without_signing_in(anonymous):
    found = article()
    assert "The second step" in words(anonymous.get("/help/"))
    assert "The second step" in words(anonymous.get(found.category.get_absolute_url()))
    page = words(anonymous.get(found.get_absolute_url()))
    assert "<strong>Security</strong>" in page
    assert '<h2 id="part-by-phone">By phone</h2>' in page
    assert 'href="/sign-in/"' in page and "Sign out" not in page


@pytest.mark.parametrize(
    ("who", "mark"), [("owner", 'id="menu"'), ("support", "is-desk"), ("administrator", "is-desk")]
)
def test_people_who_are_signed_in_keep_their_menu(request, client_of, who, mark):
    found = article()
    client = client_of(request.getfixturevalue(who))
    for address in ("/help/", found.get_absolute_url(), "/help/search/?q=step"):
        page = words(client.get(address))
        assert mark in page and 'action="/sign-out/"' in page
        assert 'href="/help/" aria-current="page"' in page


def test_the_sign_in_page_leads_to_the_articles(anonymous):
    assert 'href="/help/"' in words(anonymous.get("/sign-in/"))


def test_drafts_are_for_administrators_only(anonymous, client_of, owner, support, administrator):
    draft = article(title="Half a thought", state="draft")
    for client in (anonymous, client_of(owner), client_of(support)):
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert "Half a thought" not in words(client.get("/help/"))
        assert "Half a thought" not in words(client.get(draft.category.get_absolute_url()))
        assert "Half a thought" not in words(client.get("/help/search/?q=half"))
        assert client.get("/help/suggestions/?q=half+thought").json()["articles"] == []
    page = words(client_of(administrator).get(draft.get_absolute_url()))
    assert "Half a thought" in page and "only administrators see it" in page
    assert "Was the article helpful?" not in page
    assert not ArticleDay.objects.exists()


def test_a_member_of_staff_without_the_right_sees_no_draft(client_of, administrator):
    draft = article(state="draft")
    User.objects.filter(pk=administrator.pk).update(is_superuser=False)
    administrator.refresh_from_db()
    assert client_of(administrator).get(draft.get_absolute_url()).status_code == 404


def test_an_administrator_without_the_strong_step_sees_no_draft(client_of, administrator, settings):
    draft = article(state="draft")
    client = client_of(administrator)
    session = client.session
    session["way"] = "mail"
    session.save()
    settings.STAFF_STRONG_SECOND_STEP = True
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_each_reads_in_their_language(provider, client_of, owner):
    found = article(text_pl="Po polsku.", text_en="In English.")
    page = words(Client(headers=POLISH).get(found.get_absolute_url()))
    assert "Po polsku." in page and "The second step (pl)" in page
    User.objects.filter(pk=owner.pk).update(language="en")
    page = words(client_of(owner).get(found.get_absolute_url()))
    assert "In English." in page and "Po polsku." not in page


def test_what_is_not_translated_is_shown_with_a_remark(anonymous):
    found = article(title_pl="Tylko po polsku", text_pl="Treść.", title_en="", text_en="")
    page = words(anonymous.get(found.get_absolute_url()))
    assert "Treść." in page and "in Polish only so far" in page
    assert '<article class="article-text" lang="pl">' in page
    assert 'lang="pl">Tylko po polsku</a>' in words(anonymous.get("/help/"))
    page = words(anonymous.get("/help/search/?q=tresc"))
    assert "<mark>Treść</mark>" in page and "In Polish only" in page
    page = words(Client(headers=POLISH).get(found.get_absolute_url()))
    assert "only" not in page and 'lang="pl">Tylko' not in page


def test_what_is_not_there_is_not_found(anonymous):
    for address in ("/help/articles/nothing/", "/help/topics/nothing/", "/help/images/nothing/"):
        assert anonymous.get(address).status_code == 404


def test_without_articles_the_page_says_so(anonymous):
    topic()
    page = words(anonymous.get("/help/"))
    assert "No articles yet" in page and "Signing in" not in page


def test_a_topic_shows_its_first_articles_and_how_many_there_are(anonymous):
    many(7)
    page = words(anonymous.get("/help/"))
    assert "Article 4<" in page and "Article 5<" not in page
    assert "All 7 articles in this topic" in page
    assert "Article 6<" in words(anonymous.get("/help/topics/topic-0/"))


def test_topics_and_articles_stand_in_their_order(anonymous):
    article("b", "Second", position=2)
    article("a", "First", position=1)
    article("c", "Other", category=topic("other", "Earlier topic", position=0))
    HelpCategory.objects.filter(slug="signing-in").update(position=5)
    page = words(anonymous.get("/help/"))
    assert page.index("Earlier topic") < page.index("First") < page.index("Second")


def found(client, text):
    response = client.get("/help/search/", {"q": text})
    return [result.article.slug for result in response.context["found"]]


@pytest.fixture
def shelf(db):
    """Three articles about different things."""
    article("code", "Kod autoryzujący", text="Sześć cyfr, które **czytasz** przez telefon. Faktura nie pomoże.")
    article("invoice", "Faktury i płatności", text="Zapłać fakturę. Kod autoryzujący nie jest potrzebny.")
    article("sip", "Telefon SIP", text="Adres serwera: sip.example.net, port 5060.")


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("kod autoryzujący", ["code", "invoice"]),
        ("KOD AUTORYZ", ["code", "invoice"]),
        ("szesc cyfr", ["code"]),
        ("płatności", ["invoice"]),
        ("platnosci", ["invoice"]),
        ("sip.example.net", ["sip"]),
        ("5060", ["sip"]),
        ("czytasz", ["code"]),
        ("fakturami", ["invoice", "code"]),
        ("utoryzujący", []),
        ("kod nieistnieje", []),
        ("' OR 1=1 --", []),
        ("a & !b | c:*", []),
        ("", []),
        ("???", []),
    ],
)
def test_articles_are_found_by_the_beginnings_of_words(anonymous, shelf, text, slugs):
    assert found(anonymous, text) == slugs


def test_the_words_are_marked_and_markup_escaped(anonymous):
    article(title="Tips & <tricks>", text="Never type `<script>` into a trick box.")
    page = words(anonymous.get("/help/search/?q=trick"))
    assert "Tips &amp; &lt;<mark>trick</mark>s&gt;" in page
    assert "&lt;script&gt; into a <mark>trick</mark> box." in page
    page = words(anonymous.get("/help/search/", {"q": '<script>alert(1)</script>"'}))
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_only_what_the_reader_sees_is_searched(provider, anonymous):
    article(text_pl="Słoń", text_en="Elephant")
    assert found(anonymous, "elephant") and not found(anonymous, "słoń")
    assert found(Client(headers=POLISH), "slon") and not found(Client(headers=POLISH), "elephant")


def test_very_long_and_odd_searches_do_no_harm(anonymous, shelf):
    for text in ("x" * 5000, "ż " * 3000, "\\", "%", "_", "\u202e", "😀", "'" * 90):
        assert anonymous.get("/help/search/", {"q": text}).status_code == 200


def test_searches_in_vain_are_noted_for_the_editor(anonymous, shelf):
    for text in ("Ogórek", "ogorek", "kod", "", "jan@example.com", "601000101"):
        anonymous.get("/help/search/", {"q": text})
    assert [(row.words, row.language, row.times) for row in MissedSearch.objects.all()] == [("ogorek", "en", 2)]


def test_nobody_fills_the_figures_with_rubbish(anonymous, shelf):
    for i in range(30):
        assert anonymous.get("/help/search/", {"q": f"rubbish{i}"}).status_code == 200
    assert MissedSearch.objects.count() == 20


def test_openings_are_counted_by_the_day(anonymous, client_of, owner):
    first, second = article(), article("other", "Other")
    for client in (anonymous, anonymous, client_of(owner)):
        client.get(first.get_absolute_url())
    anonymous.head(second.get_absolute_url())
    assert [(row.article, row.views) for row in ArticleDay.objects.all()] == [(first, 3)]


def test_opening_again_is_one_statement(anonymous):
    found = article()
    anonymous.get(found.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        anonymous.get(found.get_absolute_url())
    written = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert len(written) == 1 and written[0].startswith('UPDATE "panel_articleday"')


@pytest.mark.parametrize("count", [20, 3000])
@pytest.mark.parametrize("who", [None, "owner", "support"])
def test_pages_take_at_most_seven_queries(request, anonymous, client_of, who, count, django_assert_max_num_queries):
    many(count, topics=10)
    client = client_of(request.getfixturevalue(who)) if who else anonymous
    addresses = ["/help/", "/help/topics/topic-3/", "/help/articles/article-3/", "/help/search/?q=article+codes"]
    for address in [*addresses, "/help/suggestions/?q=articles+about+codes"]:
        client.get(address)
        with django_assert_max_num_queries(7):
            assert client.get(address).status_code == 200


def test_what_may_help_is_suggested(anonymous, shelf):
    def suggested(text):
        return [found["url"] for found in anonymous.get("/help/suggestions/", {"q": text}).json()["articles"]]

    assert suggested("Gdzie znajdę kod autoryzujący?") == ["/help/articles/code/", "/help/articles/invoice/"]
    assert suggested("problem z fakturą za październik") == ["/help/articles/invoice/"]
    assert suggested("nie a to") == []
    assert suggested("pogoda w sobotę") == []
    assert anonymous.get("/help/suggestions/?q=telefon+sip").json()["said"].startswith("An article that may help")
    assert anonymous.get("/help/suggestions/?q=autoryzujący+kod").json()["said"].startswith("2 articles that may help")
    assert anonymous.get("/help/suggestions/?q=").json() == {"said": "", "articles": []}


def test_suggesting_writes_nothing(anonymous, shelf):
    with CaptureQueriesContext(connection) as queries:
        anonymous.get("/help/suggestions/?q=ogorek+kiszony")
    assert all(query["sql"].startswith("SELECT") for query in queries)


def test_whoever_finds_nothing_is_told_where_to_write(anonymous, client_of, owner, standard_without):
    found = article()
    assert 'href="/messages/new/"' in words(client_of(owner).get(found.get_absolute_url()))
    page = words(anonymous.get(found.get_absolute_url()))
    assert 'href="/contact/"' in page and "/messages/new/" not in page
    page = words(client_of(standard_without).get(found.get_absolute_url()))
    assert "mailto:support@example.com" in page and "/messages/new/" not in page


def test_the_search_looks_only_at_texts_that_it_does_not_know_yet(anonymous):
    many(3000, topics=3)
    article("rare", "Rarity", text="Something unusual.")
    assert found(anonymous, "unusu") == ["rare"]
    with CaptureQueriesContext(connection) as queries:
        assert found(anonymous, "unusu") == ["rare"]
    assert sum('"text_en"' in query["sql"] for query in queries) == 1, "that of the article that is shown"


def test_a_reader_of_another_customer_reads_the_same(client_of, stranger, owner):
    found = article()
    pages = {words(client_of(person).get(found.get_absolute_url())).count("Security") for person in (owner, stranger)}
    assert len(pages) == 1
