"""Security: password, second step, other sessions; and the history."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts import history as account_history
from accounts import recovery, signin, sms, ways
from accounts.access import both_steps, needs
from accounts.forms.history import HistoryFilter
from accounts.forms.person import ChangePasswordForm, SecondStepForm
from accounts.models import AuthenticatorApp, Event, RecoveryCode, User
from accounts.pages import page_of_several
from accounts.passwords import RULES
from accounts.views import browsers


@require_safe
def security(request):
    """What protects the account."""
    context = {
        "preferred": ways.ways_of(request.user)[0],
        "can_choose": SecondStepForm(instance=request.user).is_offered,
        "sessions": browsers.living_sessions(request),
        "trusted": request.user.trusted_browsers.living(),
        "app": AuthenticatorApp.objects.filter(user=request.user).first(),
        "passkeys": request.user.passkeys.all(),
        "recovery_codes": RecoveryCode.left(request.user),
        "few": RecoveryCode.FEW,
        "choosable": ways.choosable(request.user),
        "sends_sms": sms.reaches(request.user.phone),
        "phone_is_confirmed": ways.has_confirmed_phone(request.user),
    }
    return render(request, "accounts/security.html", context)


@both_steps
@sensitive_post_parameters("current_password", "password", "repeated")
def password_change(request):
    """A new password; this session goes on, all others end."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        recovery.change_password(request.user, form.cleaned_data["password"], by=request.user)
        signin.keep_session(request)
        messages.success(request, _("The password is changed. All other sessions have been ended."))
        return redirect("accounts:security")
    return render(request, "accounts/password_change.html", {"form": form, "rules": RULES})


@both_steps
@sensitive_post_parameters("current_password")
def second_step(request):
    """Which way the second step is preferred, and whether codes by message open the account beside a stronger one."""
    person = User.objects.get(pk=request.user.pk)
    form = SecondStepForm(request.POST or None, instance=person)
    if not form.is_offered:
        return redirect("accounts:security")
    if request.method == "POST" and form.is_valid():
        signin.choose_second_step(person, form.cleaned_data["second_step"], message_codes=form.message_codes)
        signin.keep_session(request, person)
        messages.success(request, _("Changes saved."))
        return redirect("accounts:security")
    return render(request, "accounts/second_step.html", {"form": form})


@needs()
@require_safe
def history(request):
    """What happened to the account, newest first: by kind, by person, by days."""
    form = HistoryFilter(request.GET, membership=request.membership)
    parts = [Event.objects.filter(part, form.condition) for part in account_history.parts_of(request.membership)]
    page = page_of_several(parts, by="-at", params=request.GET)
    return render(request, "accounts/history.html", {"page": page, "form": form, "narrowed": form.narrows})
