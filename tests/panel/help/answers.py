"""“Was the article helpful?”: one answer a reader, changeable, with a sentence, within limits."""

import pytest
from django.test import Client

from accounts.holdings import find
from panel.help import voting
from panel.models import ArticleVote
from tests import cast
from tests.library import article

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(provider):
    return article()


def answer(client, article, helped, **more):
    """The page after an answer."""
    url = f"{article.get_absolute_url()}vote/"
    return client.post(url, {"helped": helped, **more}, follow=True).content.decode()


def votes():
    return [(vote.helped, vote.missing) for vote in ArticleVote.objects.order_by("pk")]


def test_a_person_answers_once_and_may_change_it(client_of, owner, found):
    client = client_of(owner)
    assert "What was missing?" not in client.get(found.get_absolute_url()).content.decode()
    page = answer(client, found, "no")
    assert "Thank you" in page and "What was missing?" in page
    page = answer(client, found, "no", missing="How it looks <b>on a phone</b>.")
    assert "we will look at what was missing" in page
    assert "How it looks &lt;b&gt;on a phone&lt;/b&gt;." in page
    assert votes() == [(False, "How it looks <b>on a phone</b>.")]
    page = answer(client, found, "yes")
    assert "glad that it helped" in page and "What was missing?" not in page
    assert votes() == [(True, "")]
    assert ArticleVote.objects.get().user == owner


def test_a_person_has_one_answer_in_all_their_browsers(client_of, owner, found):
    answer(client_of(owner), found, "yes")
    answer(client_of(owner), found, "no")
    assert votes() == [(False, "")]


def test_a_browser_without_a_person_answers_once(anonymous, found):
    assert voting.COOKIE not in anonymous.cookies
    answer(anonymous, found, "no", missing="Pictures.")
    cookie = anonymous.cookies[voting.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert "glad that it helped" in answer(anonymous, found, "yes")
    assert votes() == [(True, "")]
    answer(Client(headers=cast.ENGLISH), found, "no")
    assert votes() == [(True, ""), (False, "")]
    assert set(ArticleVote.objects.values_list("user", flat=True)) == {None}


def test_nobody_sees_the_answers_of_others(client_of, owner, stranger, found):
    answer(client_of(owner), found, "no", missing="Secret sentence.")
    for client in (client_of(stranger), Client(headers=cast.ENGLISH)):
        page = client.get(found.get_absolute_url()).content.decode()
        assert "Secret sentence." not in page and "Thank you" not in page


@pytest.mark.parametrize("forged", ["u1", "x" * 21, "x" * 23, "\0" * 22, "é" * 22, ""])
def test_an_odd_cookie_is_no_answer_of_anybody(client_of, owner, found, forged):
    answer(client_of(owner), found, "yes")
    client = Client(headers=cast.ENGLISH)
    client.cookies[voting.COOKIE] = forged
    assert "Thank you" not in client.get(found.get_absolute_url()).content.decode()
    answer(client, found, "no")
    assert votes() == [(True, ""), (False, "")]
    assert f"b{forged}" not in ArticleVote.objects.values_list("voter", flat=True)


@pytest.mark.parametrize("fields", [{}, {"helped": "maybe"}, {"helped": "no", "missing": "x" * 501}])
def test_what_makes_no_sense_is_not_kept(anonymous, found, fields):
    response = anonymous.post(f"{found.get_absolute_url()}vote/", fields)
    assert response.status_code == 200 and votes() == []


def test_drafts_and_what_is_not_there_are_not_judged(client_of, administrator):
    draft = article("draft", state="draft")
    client = client_of(administrator)
    assert client.post(f"{draft.get_absolute_url()}vote/", {"helped": "yes"}).status_code == 404
    assert client.post("/help/articles/nothing/vote/", {"helped": "yes"}).status_code == 404


def test_too_many_answers_are_refused_in_words(found):
    for _ in range(60):
        answer(Client(headers=cast.ENGLISH), found, "yes")
    page = answer(Client(headers=cast.ENGLISH), found, "no")
    assert "You have answered a great many times" in page
    assert ArticleVote.objects.count() == 60


def test_the_limit_of_one_address_stops_nobody_who_is_signed_in(client_of, owner, found):
    for _ in range(61):
        answer(Client(headers=cast.ENGLISH), found, "yes")
    answer(client_of(owner), found, "no")
    assert ArticleVote.objects.filter(user=owner).count() == 1
    assert ArticleVote.objects.count() == 61


def test_people_take_their_answers_along(client_of, owner, stranger, found):
    answer(client_of(owner), found, "no", missing="More.")
    held = next(holding for holding in find() if holding.model is ArticleVote)
    assert [row.missing for row in held.rows(owner.membership)] == ["More."]
    assert not held.rows(stranger.membership)


def test_many_answers_of_a_person_at_once_are_one(client_of, owner, found, postgresql, together):
    browsers = [client_of(owner) for _ in range(8)]
    url = f"{found.get_absolute_url()}vote/"
    answers = together(8, lambda number: browsers[number].post(url, {"helped": "yes" if number % 2 else "no"}))
    assert {response.status_code for response in answers} == {302}
    assert ArticleVote.objects.count() == 1


def test_openings_at_once_are_all_counted(found, postgresql, together):
    answers = together(12, lambda number: Client(headers=cast.ENGLISH).get(found.get_absolute_url()))
    assert {response.status_code for response in answers} == {200}
    assert found.days.get().views == 12
