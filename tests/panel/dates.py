"""Dates are written so that readers in Europe cannot take the day for the month."""

from datetime import UTC, datetime

import pytest
from django.template import engines
from django.utils import translation

NOON = datetime(2026, 3, 4, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [
        ("en", "DATE_FORMAT", "4 March 2026"),
        ("en", "SHORT_DATETIME_FORMAT", "4 Mar 2026, 12:05"),
        ("pl", "DATE_FORMAT", "4 marca 2026"),
        ("pl", "DATETIME_FORMAT", "4 marca 2026, 12:05"),
        ("pl", "SHORT_DATETIME_FORMAT", "04.03.2026, 12:05"),
    ],
)
def test_a_time_in_the_readers_language(language, name, words):
    template = engines["django"].from_string("{{ at|date:name }}")
    with translation.override(language):
        assert template.render({"at": NOON, "name": name}) == words
