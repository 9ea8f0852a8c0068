"""Where one is signed in, and which browsers are trusted."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import signin, trust
from accounts.middleware import session_limits
from accounts.models import UserSession
from accounts.sessions import digest


def living_sessions(request):
    """The sessions in which this person is signed in now, the last used first; `.is_this` marks the present one."""
    idle, whole = session_limits(request.user)
    found = list(UserSession.objects.living(request.user, idle_seconds=idle, whole_seconds=whole))
    for session in found:
        session.is_this = session.pk == digest(request.session.session_key)
    return found


@require_POST
def session_end(request, key):
    """Ends one other session of one's own."""
    others = request.user.sessions.exclude(pk=digest(request.session.session_key))
    signin.end_session(get_object_or_404(others, pk=key), by=request.user)
    messages.success(request, _("The session has been ended."))
    return redirect("accounts:security")


@require_POST
def end_other_sessions(request):
    """Ends every session but this one."""
    signin.end_other_sessions(request.user)
    signin.keep_session(request)
    messages.success(request, _("All other sessions have been ended."))
    return redirect("accounts:security")


@require_POST
def browser_forget(request, pk):
    """Trusts a browser no longer."""
    browser = get_object_or_404(request.user.trusted_browsers, pk=pk)
    return forget(request, request.user.trusted_browsers.filter(pk=browser.pk))


@require_POST
def browsers_forget(request):
    """Trusts no browser any longer."""
    return forget(request, request.user.trusted_browsers.all())


def forget(request, browsers):
    trust.forget(browsers, user=request.user, customer=request.customer)
    messages.success(request, _("From now on the second step is asked for there as well."))
    return redirect("accounts:security")
