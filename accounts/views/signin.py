"""Signing in: the password; and signing out."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import consents, signin, trust
from accounts.access import BY_TRUST
from accounts.forms.signin import SignInForm
from accounts.history import Action, record
from accounts.limits import TooMany
from accounts.waiting import Waiting, empty_session

WRONG_PASSWORD = gettext_lazy("Wrong login or password.")
TOO_MANY = gettext_lazy("Too many tries. Wait a few minutes and try again, or set a new password.")


@login_not_required
@sensitive_post_parameters("password")
def sign_in(request):
    """First step: login and password; in a trusted browser the only one."""
    if request.user.is_authenticated:
        return redirect(next_url(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = person(request, form)
        if user and trust.is_trusted(request, user):
            empty_session(request)
            return arrive(request, user, BY_TRUST, next_url(request))
        if user and begin_second_step(request, user, form):
            return redirect("accounts:sign_in_code")
    weak_staff = settings.DEMO and not settings.STAFF_STRONG_SECOND_STEP
    context = {"form": form, "next": next_url(request, ""), "weak_staff": weak_staff}
    return render(request, "accounts/sign_in.html", context)


def person(request, form):
    """The person who typed the right password, or None with the reason in the form."""
    try:
        user = signin.person_by_password(**form.cleaned_data, browser=signin.browser_mark(request))
    except TooMany:
        form.add_error(None, TOO_MANY)
        return None
    if user is None:
        form.add_error(None, WRONG_PASSWORD)
    return user


def begin_second_step(request, user, form):
    """Has a fresh session wait for the second step; False when too many codes went out."""
    try:
        Waiting.begin(request, user, target=next_url(request, ""))
    except TooMany:
        form.add_error(None, TOO_MANY)
        return False
    return True


def arrive(request, user, way, target):
    """Opens the session of somebody who took the steps; whoever is shut out reads why instead."""
    if not user.is_active or user.is_closed:
        request.session.flush()
        return render(request, "accounts/blocked.html", {"person": user}, status=403)
    signin.open_session(request, user, way=way)
    return signin.remember_browser(request, redirect(terms_first(user, target)), user)


def terms_first(user, target):
    """The page with newer terms, once after signing in, and then `target`; for an owner who has not accepted them."""
    if consents.terms_to_accept(user) is None:
        return target
    return f"{reverse('accounts:terms_accept')}?{urlencode({'next': target})}"


@login_not_required
@require_POST
def sign_out(request):
    """Ends this session."""
    if request.user.is_authenticated:
        record(Action.SIGNED_OUT, customer=request.customer, user=request.user, by=request.user)
    logout(request)
    response = redirect("accounts:sign_in")
    # No page is kept (no-store); this is for whatever a browser kept all the same.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def next_url(request, default=None):
    """Where the person wanted to go, if it is a page of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if is_ours(request, target):
        return target
    return reverse("home") if default is None else default


def is_ours(request, target):
    """Whether somebody can be sent there: to a page of the panel."""
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=request.is_secure())
    # Without the slash a word would be looked up as the name of a page.
    return ours and target.startswith("/")
