"""Countries an address may be in, with their names in the reader's language."""

from functools import cache

from babel import Locale

from accounts.wording import reading_language

# ISO 3166-1 alpha-2: Poland first, then the European Union and those our sellers trade with most.
POLAND = "PL"
OTHERS = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PT RO SE SI SK UA US"
# The one letter that names need to be in their order: right after the plain one.
ALPHABET = str.maketrans({"Ł": "L\uffff", "ł": "l\uffff"})


@cache
def names(language):
    """Names of all territories in one language, from Unicode CLDR by way of Babel."""
    return dict(Locale.parse(language).territories)


def name(code):
    """The country's name in the reader's language, or the code itself."""
    return names(reading_language()).get(code, code)


def choices():
    """(code, name) of all of them: Poland, then the others by their names in the reader's language."""
    others = sorted(((code, name(code)) for code in OTHERS.split()), key=lambda row: row[1].translate(ALPHABET))
    return [(POLAND, name(POLAND)), *others]
