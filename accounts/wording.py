"""Words that the provider writes in every language of the panel, a column each: `name_pl`, `name_en`."""

from django.conf import settings
from django.utils.translation import get_language

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def reading_language():
    """The reader's language, of those that the panel speaks."""
    language = get_language()
    return language if language in LANGUAGES else LANGUAGES[0]


def wording(row, column, language=None):
    """What the row says in the column of this language; the reader's unless told."""
    return getattr(row, f"{column}_{language or reading_language()}")


def worded(column):
    """A property of a model: `name = worded("name")` reads `name_pl` or `name_en`, as its reader's language is."""
    return property(lambda row: wording(row, column))
