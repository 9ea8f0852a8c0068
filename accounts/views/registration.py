"""Registering, and the terms one accepts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts import limits, origin, registration
from accounts.forms.signin import LOGIN_TAKEN, RegistrationForm
from accounts.models import Terms
from accounts.passwords import RULES

TOO_MANY = _("Too many registrations from here or to this address. Try again later.")


@login_not_required
@sensitive_post_parameters("password", "repeated")
def register(request):
    """The registration form."""
    if request.user.is_authenticated:
        return redirect("home")
    if not registration.is_open():
        return render(request, "accounts/not_open.html")
    if request.method == "POST" and not may_try(request):
        messages.warning(request, TOO_MANY)
        return redirect("accounts:register")
    form = RegistrationForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid() and is_allowed(request, form) and is_opened(request, form):
        request.session["registered"] = form.cleaned_data["email"]
        return redirect("accounts:registered")
    return render(request, "accounts/register.html", {"form": form, "rules": RULES})


def may_try(request):
    """Whether the form may be judged once more from here: its answer tells which logins there are."""
    try:
        limits.REGISTRATION_TRIES_IP.charge(origin.limit_key(request.origin.ip))
    except limits.TooMany:
        return False
    return True


def is_allowed(request, form):
    """Whether one more account may be opened from here and one more mail sent there."""
    try:
        limits.REGISTRATION_IP.charge(origin.limit_key(request.origin.ip))
        limits.charge_unasked("registration", form.cleaned_data["email"])
    except limits.TooMany:
        form.add_error(None, TOO_MANY)
        return False
    return True


def is_opened(request, form):
    """Opens the account; False when somebody took the login at the same moment."""
    person = {name: form.cleaned_data[name] for name in ("login", "email", "password", "language", "mailing")}
    try:
        registration.register(**person, terms=form.terms, ip=request.origin.ip)
    except IntegrityError:
        form.add_error("login", LOGIN_TAKEN)
        return False
    return True


@login_not_required
@require_safe
def registered(request):
    """What to do now: look for the mail."""
    if "registered" not in request.session:
        return redirect("accounts:register")
    return render(request, "accounts/registered.html", {"address": request.session["registered"]})


@login_not_required
@require_safe
def terms(request):
    """The terms of service in force."""
    return render(request, "accounts/terms.html", {"terms": Terms.in_force()})
