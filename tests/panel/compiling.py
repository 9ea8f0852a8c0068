"""Compiling the catalogue: what was said before it was there is said in Polish afterwards."""

import pytest
from django.utils.translation import gettext, override
from django.utils.translation.reloader import translation_file_changed

from panel import translations


@pytest.fixture
def catalogue(tmp_path, monkeypatch, settings):
    """A catalogue of one sentence that is not compiled yet, in a place of its own."""
    path = tmp_path / "pl" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Fresh"\nmsgstr "Świeże"\n'
    )
    monkeypatch.setattr(translations, "CATALOGUE", path)
    settings.LOCALE_PATHS = [tmp_path]
    translation_file_changed(None, path.with_suffix(".mo"))
    yield path
    translation_file_changed(None, path.with_suffix(".mo"))


def test_words_are_there_for_who_looked_too_early(catalogue):
    with override("pl"):
        assert gettext("Fresh") == "Fresh"
    assert translations.compile()
    with override("pl"):
        assert gettext("Fresh") == "Świeże"


def test_a_process_that_remembers_would_miss_them(catalogue, monkeypatch):
    monkeypatch.setattr(translations, "translation_file_changed", lambda *_: None)
    with override("pl"):
        assert gettext("Fresh") == "Fresh"
    translations.compile()
    with override("pl"):
        assert gettext("Fresh") == "Fresh"
