"""What every template is told: the provider's brand and the menu."""

from django.conf import settings

from accounts.models import Provider
from panel.menu import desk_menu


def house(request):
    """The brand, the side menus of whoever is signed in, and the layout of pages that all people have."""
    membership = getattr(request, "membership", None)
    user = getattr(request, "user", None)
    staff = getattr(user, "is_any_staff", False)
    return {
        "provider": Provider.current(),
        "demo": settings.DEMO,
        "desk_menu": desk_menu(request) if staff else "",
        "layout": layout(user, membership, staff),
    }


def layout(user, membership, staff):
    """The layout of pages that all people have, or that even strangers may read."""
    if not user or not user.is_authenticated:
        return "public.html"
    return "desk.html" if staff and not membership else "page.html"
