"""What every template is told: the provider's brand and the menu."""

from django.conf import settings

from accounts.models import Provider
from panel.menu import customer_menu, desk_menu


def house(request):
    """The brand, and the side menus of whoever is signed in: for a customer, at the desk, or both."""
    membership = getattr(request, "membership", None)
    user = getattr(request, "user", None)
    return {
        "provider": Provider.current(),
        "demo": settings.DEMO,
        "menu": customer_menu(request) if membership else [],
        "desk_menu": desk_menu(request) if user and getattr(user, "is_support", False) else [],
    }
