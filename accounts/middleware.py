"""Who is asking: their origin, the limits of their session, their language and the customer they act for."""

import time

from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils import translation

from accounts import access, origin
from accounts.models import Membership

MINUTE, HOUR = 60, 3600
IDLE_SECONDS, WHOLE_SECONDS = 60 * MINUTE, 12 * HOUR
STAFF_IDLE_SECONDS, STAFF_WHOLE_SECONDS = 30 * MINUTE, 8 * HOUR
# The time of the last request is written at most this often, so that reading pages writes nothing.
LAST_SEEN_EVERY_SECONDS = 60


class PersonMiddleware:
    """Sets request.origin, request.membership, request.memberships and request.customer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.origin = origin.of(request)
        request.memberships, request.membership, request.customer = [], None, None
        token = origin.current.set(request.origin)
        try:
            if request.session.session_key:
                self.recognise(request)
            return self.get_response(request)
        finally:
            origin.current.reset(token)

    def recognise(self, request):
        """Fills in the person's language and customer, or ends a session that is too old."""
        if not request.user.is_authenticated:
            return
        if is_over(request):
            logout(request)
            return
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
        request.memberships = list(
            Membership.objects.filter(user=request.user, blocked_at=None, customer__closed_at=None).select_related(
                "customer"
            )
        )
        chosen = request.session.get("membership")
        request.membership = next((m for m in request.memberships if m.pk == chosen), None) or next(
            iter(request.memberships), None
        )
        if not request.memberships and request.user.is_closed:
            logout(request)
            return
        if request.membership:
            request.membership.user = request.user
            request.customer = request.membership.customer


def session_limits(user):
    """(seconds without a request, seconds in all) that a session of this person lasts."""
    return (STAFF_IDLE_SECONDS, STAFF_WHOLE_SECONDS) if user.is_any_staff else (IDLE_SECONDS, WHOLE_SECONDS)


def is_over(request):
    """Whether the session has idled or lasted too long; notes the time and place of this request."""
    now = time.time()
    idle, whole = session_limits(request.user)
    began, seen = request.session.get("began", 0), request.session.get("seen", 0)
    if now - began > whole or now - seen > idle:
        return True
    if now - seen > LAST_SEEN_EVERY_SECONDS:
        request.session["seen"] = now
        request.session["ip"], request.session["browser"] = request.origin.ip, request.origin.browser
    return False


class StrongSecondStepMiddleware:
    """The one gate for staff: until an authenticator app or a passkey opened the session, nothing of the panel does.

    Django admin lies behind it too. Pages that a stranger may see stay open, and those that set such a
    way up (accounts.access.without_strong_step).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        closed = getattr(view, "login_required", True) and not getattr(view, "opens_without_strong_step", False)
        if closed and request.user.is_authenticated and access.lacks_strong_step(request):
            return redirect("accounts:strong_step")
        return None
