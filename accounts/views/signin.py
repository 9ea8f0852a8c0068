"""Signing in by two steps, and out again."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import signin
from accounts.forms.signin import CodeForm, SignInForm
from accounts.history import Action, record
from accounts.limits import TooMany
from accounts.models import OneTimeCode, User

# What lies in the session between the two steps; until the second is done nobody is signed in.
WAITING = "second_step"

WRONG_PASSWORD = gettext_lazy("Wrong login or password.")
TOO_MANY = gettext_lazy("Too many tries. Wait a few minutes and try again, or set a new password.")
WRONG_CODE = gettext_lazy("This code is not right. Check the newest message we sent you.")
DEAD_CODE = gettext_lazy("This code can no longer be used. Have a new one sent.")


@login_not_required
@sensitive_post_parameters("password")
def sign_in(request):
    """First step: login and password."""
    if request.user.is_authenticated:
        return redirect(next_url(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = person(request, form)
        if user and begin_second_step(request, user, form):
            return redirect("accounts:sign_in_code")
    return render(request, "accounts/sign_in.html", {"form": form, "next": next_url(request, "")})


def person(request, form):
    """The person who typed the right password, or None with the reason in the form."""
    try:
        user = signin.person_by_password(**form.cleaned_data, known=signin.known_people(request))
    except TooMany:
        form.add_error(None, TOO_MANY)
        return None
    if user is None:
        form.add_error(None, WRONG_PASSWORD)
    return user


def begin_second_step(request, user, form):
    """Sends a code and notes in a fresh session whose it is and where to go next; False when too many went out."""
    try:
        code = signin.send_code(user)
    except TooMany:
        form.add_error(None, TOO_MANY)
        return False
    request.session.flush()
    account = user.get_session_auth_hash()
    request.session[WAITING] = {"code": code.pk, "account": account, "next": next_url(request, ""), "resends": 0}
    return True


def waiting_code(request):
    """The code this session waits for, or None: also when the password it began with was changed meanwhile."""
    waiting = request.session.get(WAITING, {})
    code = OneTimeCode.objects.select_related("user").filter(pk=waiting.get("code")).first()
    return code if code and code.user.get_session_auth_hash() == waiting.get("account") else None


@login_not_required
def sign_in_code(request):
    """Second step: the one-time code."""
    code = waiting_code(request)
    if code is None:
        return redirect("accounts:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and is_right(code, form):
        return finish(request, code.user)
    context = {"form": form, "code": code, "address": masked(code.user, code.channel)}
    return render(request, "accounts/sign_in_code.html", context)


def is_right(code, form):
    """Whether the typed code is right; otherwise the form says why not."""
    try:
        if code.check_digits(form.cleaned_data["code"]):
            return True
    except TooMany:
        form.add_error("code", _("Too many codes were tried for this account. Try again in an hour."))
        return False
    code.refresh_from_db(fields=["tries", "ended_at"])
    form.add_error("code", WRONG_CODE if code.is_alive else DEAD_CODE)
    return False


def finish(request, user):
    """Opens the session; a blocked person reads why instead."""
    target = request.session.pop(WAITING)["next"] or reverse("home")
    if not user.is_active:
        request.session.flush()
        return render(request, "accounts/blocked.html", {"person": user}, status=403)
    signin.open_session(request, user)
    return signin.remember_browser(request, redirect(target), user)


@login_not_required
@require_POST
def sign_in_resend(request):
    """Sends a fresh code, at most a few times and not at once."""
    code = waiting_code(request)
    if code is None:
        return redirect("accounts:sign_in")
    waiting = request.session[WAITING]
    if not code.may_resend(waiting["resends"]):
        messages.warning(request, _("A new code can be sent one minute after the last, at most three times."))
        return redirect("accounts:sign_in_code")
    try:
        fresh = signin.send_code(code.user)
    except TooMany:
        messages.warning(request, TOO_MANY)
        return redirect("accounts:sign_in_code")
    request.session[WAITING] = waiting | {"code": fresh.pk, "resends": waiting["resends"] + 1}
    messages.success(request, _("We have sent a new code. The older one no longer works."))
    return redirect("accounts:sign_in_code")


@login_not_required
@require_POST
def sign_out(request):
    """Ends this session."""
    if request.user.is_authenticated:
        record(Action.SIGNED_OUT, customer=request.customer, user=request.user, by=request.user)
    logout(request)
    return redirect("accounts:sign_in")


def masked(user, channel):
    """Enough of the address for its owner to know it, and no more."""
    if channel == User.Channel.SMS:
        return f"••• {user.phone[-3:]}"
    name, _at, domain = user.email.partition("@")
    return f"{name[:2]}•••@{domain}"


def next_url(request, default=None):
    """Where the person wanted to go, if it is a page of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=request.is_secure())
    # Without the slash a word would be looked up as the name of a page.
    if ours and target.startswith("/"):
        return target
    return reverse("home") if default is None else default
