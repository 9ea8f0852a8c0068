"""EU VAT numbers asked about in VIES: every way to ask, by the name that the setting VIES picks."""

from django.conf import settings

from accounts.vies.base import Answer, ViesError
from accounts.vies.commission import CommissionVies
from accounts.vies.null import NullVies

__all__ = ["SYSTEMS", "Answer", "ViesError", "system"]

SYSTEMS = {"null": NullVies, "commission": CommissionVies}


def system():
    """The configured way to ask."""
    return SYSTEMS[settings.VIES]()
