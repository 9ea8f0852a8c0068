"""The Polish catalogue is complete and true to the code."""

import re
from collections import Counter

import pytest
from babel.messages.catalog import Catalog, Message

from panel import translations

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}|(%[sd])|(</?\w+)")


def faults(message):
    """What is wrong with one entry of the catalogue."""
    singular, *plural = [message.id] if isinstance(message.id, str) else message.id
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    if not all(forms):
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy"
    if plural and len(forms) != translations.read().num_plurals:
        yield "plural forms missing"
    allowed = [placeholders(text) for text in (singular, *plural)]
    for form in forms:
        if placeholders(form) not in allowed:
            yield f"placeholders differ in {form!r}"
        if form.startswith("\n") != singular.startswith("\n") or form.endswith("\n") != singular.endswith("\n"):
            yield f"line breaks at the ends differ in {form!r}"


def placeholders(text):
    """Names to be filled in, and HTML tags, with how often each comes."""
    return Counter("".join(groups) for groups in PLACEHOLDER.findall(text))


def key(message):
    return message.id if isinstance(message.id, str) else message.id[0], message.context


def test_the_catalogue_has_exactly_the_texts_of_the_code():
    lying = translations.read()
    there = {key(message) for message in lying if message.id}
    wanted = {key(message) for message in translations.updated(lying) if message.id}
    assert sorted(wanted - there, key=str) == [], "run `make messages` and translate what is new"
    assert sorted(there - wanted, key=str) == [], "run `make messages`: these are no longer in the code"


def test_every_text_has_its_polish():
    wrong = {str(message.id): list(faults(message)) for message in translations.read() if message.id}
    assert {text: found for text, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (Message("Save", ""), "not translated"),
        (Message("Save", "Zapisz", flags=["fuzzy"]), "fuzzy"),
        (Message("Hello %(name)s", "Witaj %(nazwa)s"), "placeholders differ"),
        (Message("<strong>Now</strong>", "<b>Teraz</b>"), "placeholders differ"),
        (Message(("one file", "%(n)s files"), ("jeden plik", "%(n)s pliki", "")), "not translated"),
        (Message(("one file", "%(n)s files"), ("jeden plik", "%(n)s pliki")), "plural forms missing"),
        (Message("\nA line\n", "Wiersz"), "line breaks"),
    ],
)
def test_a_planted_fault_is_found(message, fault):
    assert any(found.startswith(fault) for found in faults(message))


def test_bringing_the_catalogue_up_to_date_loses_no_translation():
    lying = {key(message): message.string for message in translations.read() if message.id}
    kept = {key(message): message.string for message in translations.updated(translations.read()) if message.id}
    assert {text for text in kept.keys() & lying.keys() if kept[text] != lying[text]} == set()


def test_a_new_text_in_code_or_template_is_noticed(tmp_path, monkeypatch):
    (tmp_path / "panel").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "panel/views.py").write_text(
        '_("From code"); ngettext_lazy("%(n)s cat", "%(n)s cats", 2); pgettext("month", "May")\n'
    )
    (tmp_path / "templates/page.html").write_text(
        '<p>\n  {% translate "From a template" %} {{ x }}\n    <a title="{% translate "A \'title\'" %}">'
        "{% blocktranslate count n=n %}one %(dog){% plural %}{{ n }} dogs{% endblocktranslate %}</a>"
        '{% include "x" with title=_("An argument") %}</p>'
    )
    monkeypatch.setattr(translations.settings, "BASE_DIR", tmp_path)
    found = {key(message) for message in translations.updated(Catalog(locale="pl")) if message.id}
    assert found == {
        ("From code", None),
        ("%(n)s cat", None),
        ("May", "month"),
        ("From a template", None),
        ("A 'title'", None),
        ("one %%(dog)", None),
        ("An argument", None),
    }
