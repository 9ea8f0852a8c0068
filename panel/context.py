"""What every template is told: the provider's brand and the menu."""

from django.conf import settings

from accounts.models import Provider
from panel.menu import customer_menu


def house(request):
    """The brand, and the side menu of whoever is signed in for a customer."""
    membership = getattr(request, "membership", None)
    return {
        "provider": Provider.current(),
        "demo": settings.DEMO,
        "menu": customer_menu(request) if membership else [],
    }
