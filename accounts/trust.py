"""Trusted browsers: where a right password is enough for 30 days."""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from accounts.history import Action, record
from accounts.models import TrustedBrowser

COOKIE = f"{settings.COOKIE_PREFIX}trusted"
SECONDS = int(TrustedBrowser.LIFETIME.total_seconds())
# Of several people who share a browser.
PEOPLE_AT_MOST = 5


def selectors(request):
    """What this browser shows, from its signed cookie."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=SECONDS)
    except signing.BadSignature:
        return []


def is_trusted(request, user):
    """Whether this person trusts this browser, and may; notes the use."""
    shown = selectors(request)
    if not shown or user.has_staff_rights:
        return False
    found = TrustedBrowser.objects.living().filter(user=user, selector__in=shown)
    return bool(found.update(used_at=timezone.now(), ip=request.origin.ip, browser=request.origin.browser))


def may_trust(user):
    """Whether it is offered: staff take both steps each time."""
    return not user.has_staff_rights


@transaction.atomic
def trust(request, response, user, *, customer):
    """Has this browser trusted from now on; called after both steps only."""
    now = timezone.now()
    row = TrustedBrowser.objects.create(
        user=user,
        ip=request.origin.ip,
        browser=request.origin.browser,
        created_at=now,
        expires_at=now + TrustedBrowser.LIFETIME,
    )
    record(Action.BROWSER_TRUSTED, customer=customer, user=user, by=user, browser=row.browser or "–")
    response.set_cookie(
        COOKIE,
        signing.dumps([row.selector, *selectors(request)][:PEOPLE_AT_MOST], salt=COOKIE),
        max_age=SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


@transaction.atomic
def forget(browsers, *, user, customer):
    """Ends the trust in some of the person's browsers; twice is harmless."""
    gone, _rows = browsers.filter(user=user).delete()
    if gone:
        record(Action.BROWSERS_FORGOTTEN, customer=customer, user=user, by=user)
