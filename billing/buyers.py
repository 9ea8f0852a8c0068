"""Who may look at a cart and fill it: visitors, and people who act for a customer and may order."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required

from accounts.access import needs
from billing.permissions import Permission


def for_buyers(view):
    """For visitors, and for signed-in people with the permission for ordering; others get 403."""
    signed_in = needs(Permission.ORDERING)(view)

    @login_not_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        chosen = signed_in if request.user.is_authenticated else view
        return chosen(request, *args, **kwargs)

    return guarded


def may_buy(request):
    """Whether a page has the buttons of the cart for this person; a visitor says later who they are."""
    if not request.user.is_authenticated:
        return True
    return request.membership is not None and request.membership.may(Permission.ORDERING)
