"""Who may open a page. Pages are closed unless a view says otherwise."""

import time
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import User

PASSWORD_LASTS_SECONDS = 15 * 60
STRONG_WAYS = (User.Way.APP, User.Way.PASSKEY)
# What every form says beside its token: the membership that its page was made for.
ACTING_FOR = "acting_for"
# How a session began that needed no second step, because its browser is trusted.
BY_TRUST = "trust"


def needs(*permissions):
    """For people who act for a customer and have every one of `permissions` there; others get 403.

    A form that was made for another of the person's customers is refused.
    """
    return only_if(lambda membership: all(membership.may(permission) for permission in permissions))


def needs_one_of(*permissions):
    """For people who act for a customer and have at least one of `permissions` there; otherwise like `needs`."""
    return only_if(lambda membership: any(membership.may(permission) for permission in permissions))


def needs_everything(view):
    """For people who see everything of the customer: its owner and administrative users."""
    return only_if(lambda membership: membership.sees_everything)(view)


def owner_only(view):
    """For the owner of the customer's account."""
    return only_if(lambda membership: membership.is_owner)(view)


def only_if(allowed):
    """For people who act for a customer and of whose membership `allowed` is true; others get 403."""

    def decorate(view):
        # Views that receive files do not read the body before they are ready: see `same_customer`.
        looks_later = getattr(view, "csrf_exempt", False)

        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not looks_later and is_of_another_customer(request):
                return refuse_other_customer(request)
            if request.membership is None or not allowed(request.membership):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.allowed = allowed
        return guarded

    return decorate


def is_of_another_customer(request):
    """Whether the form was made while the person acted for another of their customers, as in an older tab."""
    return request.membership is not None and request.POST.get(ACTING_FOR, present(request)) != present(request)


def present(request):
    """What forms say that are made now."""
    return str(request.membership.pk)


def same_customer(view):
    """Refuses forms made for another of the person's customers; `needs` does it by itself wherever it can."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        return refuse_other_customer(request) if is_of_another_customer(request) else view(request, *args, **kwargs)

    return guarded


def refuse_other_customer(request):
    """Says for whom the page was made; nothing is done for anybody."""
    made_for = next((m for m in request.memberships if str(m.pk) == request.POST[ACTING_FOR]), None)
    context = {"made_for": made_for, "back": urlsplit(request.headers.get("Referer", "")).path}
    return render(request, "accounts/other_customer.html", context, status=409)


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
