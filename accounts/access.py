"""Who may open a page. Pages are closed unless a view says otherwise."""

import time
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User

PASSWORD_LASTS_SECONDS = 15 * 60
STRONG_WAYS = (User.Way.APP, User.Way.PASSKEY)
# How a session began that needed no second step, because its browser is trusted.
BY_TRUST = "trust"


def needs(*permissions):
    """For people who act for a customer and have every one of `permissions` there; others get 403."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            membership = request.membership
            if membership is None or not all(membership.may(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def support_only(view):
    """For support staff; for everybody else the page is not there (404)."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_support:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def lacks_strong_step(request):
    """Whether this is somebody of the provider's in a session that neither an app nor a passkey opened."""
    must = settings.STAFF_STRONG_SECOND_STEP and request.user.has_staff_rights
    return must and request.session.get("way") not in STRONG_WAYS


def without_strong_step(view):
    """Lets staff open a page that they need to set their app or passkey up."""

    @wraps(view)
    def opened(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    opened.opens_without_strong_step = True
    return opened


def both_steps(view):
    """For sensitive acts that ask for the password themselves: a trusted browser takes the second step first."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.session.get("way") == BY_TRUST:
            return ask_again(request)
        return view(request, *args, **kwargs)

    return guarded


def password_again(view):
    """For sensitive acts: the password typed within 15 minutes, in a session that both steps opened."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        fresh = time.time() - request.session.get("confirmed", 0) < PASSWORD_LASTS_SECONDS
        if not fresh or request.session.get("way") == BY_TRUST:
            return ask_again(request)
        return view(request, *args, **kwargs)

    return guarded


def ask_again(request):
    """Sends a person to type the password again; afterwards back to the page, which a POST has to be made on anew."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("accounts:security")
    return redirect(f"{reverse('accounts:password_again')}?{urlencode({'next': back})}")
