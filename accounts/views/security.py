"""Security: password, second step, other sessions; and the history."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import history as account_history
from accounts import recovery, signin
from accounts.access import needs
from accounts.forms.person import ChangePasswordForm, SecondStepForm
from accounts.models import User
from accounts.passwords import RULES

ENTRIES_ON_A_PAGE = 25


@require_safe
def security(request):
    """What protects the account."""
    return render(request, "accounts/security.html", {"sms_is_offered": SecondStepForm.is_offered()})


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


@sensitive_post_parameters("current_password")
def second_step(request):
    """How the one-time code comes."""
    if not SecondStepForm.is_offered():
        return redirect("accounts:security")
    person = User.objects.get(pk=request.user.pk)
    form = SecondStepForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        signin.choose_second_step(person, form.cleaned_data["second_step"])
        signin.keep_session(request, person)
        messages.success(request, _("Changes saved."))
        return redirect("accounts:security")
    return render(request, "accounts/second_step.html", {"form": form})


@require_POST
def end_other_sessions(request):
    """Ends every session but this one."""
    signin.end_other_sessions(request.user)
    signin.keep_session(request)
    messages.success(request, _("All other sessions have been ended."))
    return redirect("accounts:security")


@needs()
@require_safe
def history(request):
    """What happened to the account, newest first."""
    entries = account_history.visible_to(request.membership)
    page = Paginator(entries, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/history.html", {"page": page})
