"""What every template is told: the provider's brand and the menu."""

from django.conf import settings

from accounts.models import Provider
from panel.menu import customer_menu, desk_menu


def house(request):
    """The brand, the side menus of whoever is signed in, and the layout of pages that all people have."""
    membership = getattr(request, "membership", None)
    staff = getattr(getattr(request, "user", None), "is_any_staff", False)
    return {
        "provider": Provider.current(),
        "demo": settings.DEMO,
        "menu": customer_menu(request) if membership else "",
        "desk_menu": desk_menu(request) if staff else "",
        "layout": "desk.html" if staff and not membership else "page.html",
    }
