"""Closing the account as its owner, and taking that back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import closing, retention
from accounts.access import both_steps, needs_everything, owner_only
from accounts.forms.person import AccountDecisionForm


@owner_only
@both_steps
@sensitive_post_parameters("current_password")
def close_account(request):
    """What closing means, and the password; for the owner."""
    form = AccountDecisionForm(request.POST or None, user=request.user, customer=request.customer)
    if request.method == "POST" and form.is_valid():
        closing.ask(request.customer, by=request.user)
        messages.success(request, _("The account will be closed. Until then you can take it back."))
        return redirect("accounts:close_account")
    context = {"form": form, "objections": closing.objections(request.customer), "days": closing.COOLING_OFF.days}
    context["plan"] = retention.plan(request.customer, closing.closes_on(request.customer))
    return render(request, "accounts/close_account.html", context)


@needs_everything
@require_POST
def close_take_back(request):
    """Keeps the account open; for everybody who sees everything of it."""
    closing.take_back(request.customer, by=request.user)
    messages.success(request, _("The account stays open."))
    return redirect("home")
