"""Countries an address may be in, with their names in the reader's language."""

from functools import cache

from babel import Locale
from django.utils.functional import lazy
from django.utils.translation import get_language

# ISO 3166-1 alpha-2: Poland first, then the European Union and those our sellers trade with most.
POLAND_FIRST = ["PL"]
OTHERS = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PT RO SE SI SK UA US"


@cache
def names(language):
    """Names of all territories in one language, from Unicode CLDR by way of Babel."""
    return dict(Locale.parse(language).territories)


def name(code):
    """The country's name in the reader's language, or the code itself."""
    return names(get_language() or "pl").get(code, code)


lazy_name = lazy(name, str)
COUNTRIES = [(code, lazy_name(code)) for code in POLAND_FIRST + OTHERS.split()]
