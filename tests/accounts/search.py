"""Words without accents and case, by their beginnings; the marks around what was found."""

import pytest

from accounts import search


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zażółć GĘŚLĄ jaźń", "zazolc gesla jazn"),
        ("Łódź", "lodz"),
        ("Straße Ærø", "strasse aero"),
        ("ﬁle", "file"),
        ("e\u0301", "e"),
    ],
)
def test_folding_takes_accents_and_case_away(text, folded):
    assert search.fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Kod   autoryzujący? ", ["kod", "autoryzujacy"]),
        ("kod KOD kód", ["kod"]),
        ("sip.example.net:5060", ["sip", "example", "net", "5060"]),
        ("'); DROP TABLE -- :* & | !", ["drop", "table"]),
        ("___ … ---", []),
        ("a" * 100, ["a" * 40]),
        (" ".join(f"w{i}" for i in range(20)), [f"w{i}" for i in range(8)]),
    ],
)
def test_typed_words_are_few_and_harmless(text, words):
    assert search.typed_words(text) == words


@pytest.mark.parametrize(
    ("one", "other"), [("faktura", "fakturami"), ("domeny", "domena"), ("hasło", "hasła"), ("kod", "kod")]
)
def test_bent_words_have_their_stem_in_common(one, other):
    stem = search.stem(search.fold(one))
    assert search.fold(other).startswith(stem)


def test_what_is_found_is_marked_and_everything_else_escaped():
    html = search.marked('<b>Kody</b> & "Łącza" kodek', ["kod", "lacz"])
    assert html == ("&lt;b&gt;<mark>Kod</mark>y&lt;/b&gt; &amp; &quot;<mark>Łącz</mark>a&quot; <mark>kod</mark>ek")


def test_a_word_is_marked_at_its_beginning_only():
    assert search.marked("przekodowanie", ["kod"]) == "przekodowanie"


def test_a_letter_that_becomes_two_marks_the_whole_word():
    assert search.marked("Straßen", ["strass"]) == "<mark>Straßen</mark>"


def test_an_excerpt_shows_the_first_place_and_cuts_between_words():
    text = "lorem " * 50 + "target <i> " + "ipsum " * 50
    html = search.excerpt(text, ["target"])
    assert "<mark>target</mark> &lt;i&gt;" in html
    assert html.startswith("… lorem") and html.endswith("ipsum …")
    assert len(html) < 320


def test_an_excerpt_without_the_words_is_the_beginning():
    assert search.excerpt("Short text.", ["absent"]) == "Short text."
    assert search.excerpt("word " * 100, ["absent"]).startswith("word word")


@pytest.mark.parametrize("text", ["x" * 5000, ("y" * 400 + " ") * 9, "é" * 600 + " hit", "hit" + "ż" * 700])
def test_an_excerpt_of_words_without_end_stays_short(text):
    assert len(search.excerpt(text, ["hit"])) < 1300


def vector(text):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT folded_words(%s)::text", [text])
        return cursor.fetchone()[0]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zażółć GĘŚLĄ", ["zazolc", "gesla"]),
        ("Łódź1 sip.example.net/a_b", ["lodz1", "sip", "example", "net", "a", "b"]),
        ("anna@ogrody-lipinska.example, <b>15MB</b> &amp;", ["anna", "ogrody", "lipinska", "example", "15mb", "amp"]),
    ],
)
def test_postgresql_takes_the_same_words(db, text, words):
    found = vector(text)
    assert all(f"'{word}':" in found for word in words)
    assert {word for word in search.WORD.findall(search.fold(text))} >= set(words)


@pytest.mark.postgresql
def test_the_extensions_are_there(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension WHERE extname IN ('unaccent', 'pg_trgm')")
        assert len(cursor.fetchall()) == 2
