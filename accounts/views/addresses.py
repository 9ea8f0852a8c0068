"""Changing one's own login and e-mail address, and taking a changed address back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts import addresses, limits, signin
from accounts.access import both_steps
from accounts.forms.addresses import NOT_YOUR_ADDRESS, EmailForm, LoginForm
from accounts.forms.signin import LOGIN_TAKEN
from accounts.models import Link
from accounts.views.links import dead, opened


@both_steps
@sensitive_post_parameters("current_password")
def login_change(request):
    """A new login."""
    if request.method == "POST" and not may_try(request, limits.LOGIN_CHANGES):
        return redirect("accounts:login_change")
    form = LoginForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and is_changed(request, form):
        messages.success(request, _("Your login is changed. Sign in with the new one from now on."))
        return redirect("accounts:personal_data")
    return render(request, "accounts/login_change.html", {"form": form})


def may_try(request, limit):
    """Whether the form may be judged once more: its answer tells which logins there are, and it sends mails."""
    try:
        limit.charge(request.user.pk)
    except limits.TooMany:
        messages.warning(request, _("You have tried this a great many times. Try again in an hour."))
        return False
    return True


def is_changed(request, form):
    """Changes the login; False when somebody took it at the same moment."""
    try:
        done = addresses.change_login(request.user, form.cleaned_data["login"])
    except IntegrityError:
        form.add_error("login", LOGIN_TAKEN)
        return False
    if not done:
        form.add_error("login", NOT_YOUR_ADDRESS)
    return done


@both_steps
@sensitive_post_parameters("current_password")
def email_change(request):
    """A new e-mail address, to which a link is sent."""
    if request.method == "POST" and not may_try(request, limits.EMAIL_CHANGES):
        return redirect("accounts:email_change")
    form = EmailForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and is_asked(request, form):
        return redirect("accounts:email_sent")
    return render(request, "accounts/email_change.html", {"form": form})


def is_asked(request, form):
    """Mails the link; False when that mailbox has had enough mails from people who may not be its own."""
    address = form.cleaned_data["email"]
    try:
        limits.charge_unasked("email-change", address)
    except limits.TooMany:
        form.add_error("email", _("A great many mails were sent to this address. Try again later."))
        return False
    addresses.ask_for_email(request.user, address)
    request.session["new_email"] = address
    return True


@require_safe
def email_sent(request):
    """What to do now: open the link in the other mailbox."""
    if "new_email" not in request.session:
        return redirect("accounts:email_change")
    return render(request, "accounts/email_sent.html", {"address": request.session["new_email"]})


@login_not_required
def email_confirm(request):
    """A button that puts the new address in force."""
    found = opened(request, Link.Purpose.EMAIL)
    if found is None:
        return dead(request, Link.Purpose.EMAIL)
    if request.method != "POST":
        return render(request, "accounts/email_confirm.html", {"link": found})
    if not addresses.confirm_email(found):
        return dead(request, Link.Purpose.EMAIL)
    if request.user.pk != found.user_id:
        messages.success(request, _("Your e-mail address is changed. All sessions have been ended."))
        return redirect("accounts:sign_in")
    messages.success(request, _("Your e-mail address is changed. All other sessions have been ended."))
    found.user.refresh_from_db()
    signin.keep_session(request, found.user)
    return redirect("accounts:personal_data")


@login_not_required
def email_back(request):
    """A button that restores the older address."""
    found = opened(request, Link.Purpose.EMAIL_BACK)
    if found is None:
        return dead(request, Link.Purpose.EMAIL_BACK)
    if request.method != "POST":
        return render(request, "accounts/email_back.html", {"link": found})
    if not addresses.take_email_back(found):
        return dead(request, Link.Purpose.EMAIL_BACK)
    words = _("Your older address is back, and every session has been ended. We have sent a link for a new password.")
    messages.success(request, words)
    return redirect("accounts:sign_in")
