"""Who is asking: their origin, the limits of their session, their language and the customer they act for."""

import time

from django.contrib.auth import logout
from django.utils import translation

from accounts import origin
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
        if request.membership:
            request.membership.user = request.user
            request.customer = request.membership.customer


def is_over(request):
    """Whether the session has idled or lasted too long; notes the time of this request."""
    now = time.time()
    staff = request.user.is_any_staff
    began, seen = request.session.get("began", 0), request.session.get("seen", 0)
    if now - began > (STAFF_WHOLE_SECONDS if staff else WHOLE_SECONDS):
        return True
    if now - seen > (STAFF_IDLE_SECONDS if staff else IDLE_SECONDS):
        return True
    if now - seen > LAST_SEEN_EVERY_SECONDS:
        request.session["seen"] = now
    return False
