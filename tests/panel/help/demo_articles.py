"""The demo's articles: complete in both languages, and true to the labels on the screen."""

import re

import pytest

from panel import translations
from panel.demo import help
from panel.help.searching import suggestions
from panel.models import Article

NAMES = [name for *_topic, names in help.TOPICS for name in names]
LABEL = re.compile(r"\*\*(.+?)\*\*")


def labels(name, language):
    return LABEL.findall(help.read(name, language)[1])


def on_screen(language):
    """Every text of the panel in that language."""
    for message in translations.read():
        for text in [message.string, message.id][language == "en" :][:1]:
            yield from [text] if isinstance(text, str) else text


def test_every_file_is_an_article():
    files = {path.name for path in help.ARTICLES.iterdir()}
    assert files == {f"{name}.{language}.md" for name in NAMES for language in ("pl", "en")}
    assert len(NAMES) == 12


@pytest.mark.parametrize("language", ["pl", "en"])
def test_what_is_printed_bold_stands_on_the_screen(language):
    known = set(on_screen(language))
    assert {label for name in NAMES for label in labels(name, language)} - known == set()


def test_a_wrong_label_is_noticed():
    assert "Generuj kod" in on_screen("pl") and "Wygeneruj kod" not in set(on_screen("pl"))


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_tell_the_same(name):
    """As many headings, points and rows; and each label in its translation."""
    shapes = [re.findall(r"^(#+ |\d+\. |- |> |\|)", help.read(name, code)[1], re.M) for code in ("pl", "en")]
    assert shapes[0] == shapes[1]
    polish = {message.id: message.string for message in translations.read() if isinstance(message.id, str)}
    assert [polish[label] for label in labels(name, "en")] == labels(name, "pl")


def test_questions_of_customers_find_their_article(db):
    help.write()
    assert Article.objects.published().count() == 12
    for question, name in [
        ("Where do I find the authorization code?", "authorization-code"),
        ("How do I pay an invoice", "paying"),
        ("SIP phone does not register", "sip-phone"),
        ("domain transfer", "domain-transfer"),
        ("I forgot my password", "forgotten-password"),
    ]:
        assert name in [article.slug for article in suggestions(question)], question
