"""Ending a service at once, and withdrawing from its contract."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import both_steps, only_if
from accounts.forms.person import OwnPasswordForm
from accounts.limits import TooMany, charge_unasked
from services import ending, limits, renewing, withdrawing
from services.forms import WithdrawalConfirmForm, WithdrawalForm
from services.views.manage import find


@only_if(renewing.may_decide)
@both_steps
@sensitive_post_parameters("current_password")
def terminate(request, pk):
    """What is lost by ending a service now, and the password."""
    service = find(request, pk)
    if service.is_ending or not ending.can_end(service):
        messages.info(request, _("There is nothing to be ended here any more."))
        return redirect("services:manage", pk)
    form = OwnPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            ending.terminate(service, by=request.user)
            messages.success(request, _("The service is being ended."))
        except ending.NotEndable:
            messages.error(request, _("The service has changed meanwhile, so nothing was changed now."))
        return redirect("services:manage", pk)
    context = {"service": service, "form": form}
    context["withdraws"] = withdrawing.may_withdraw(service, request.membership)
    return render(request, "services/terminate.html", context)


@only_if(renewing.may_decide)
@both_steps
@sensitive_post_parameters("current_password")
def withdraw(request, pk):
    """First who withdraws from what and where the confirmation goes, then "Confirm withdrawal" with the password."""
    service = find(request, pk)
    if not withdrawing.may_withdraw(service, request.membership):
        messages.error(request, why_not(service))
        return redirect("services:manage", pk)
    contract = withdrawing.in_words(service)
    form, is_last = step_form(request)
    context = {"service": service, "contract": contract, "form": form, "until": withdrawing.until(service)}
    if request.method != "POST" or not form.is_valid():
        return render(request, f"services/withdraw{'_confirm' if is_last else ''}.html", context)
    if not is_last:
        context["form"] = WithdrawalConfirmForm(initial=form.cleaned_data, user=request.user)
        return render(request, "services/withdraw_confirm.html", context)
    if not may_be_confirmed(request, form):
        return render(request, "services/withdraw_confirm.html", context)
    return finish(request, service, contract, form.cleaned_data)


def step_form(request):
    """(the form of this step, whether it is the second one)."""
    if "current_password" in request.POST:
        return WithdrawalConfirmForm(request.POST, user=request.user), True
    person = request.user
    return WithdrawalForm(request.POST or None, initial={"name": person.name, "email": person.email}), False


def may_be_confirmed(request, form):
    """Whether a mail may go to the address of the form; their own is always good, so that nobody is kept from it."""
    own, email = request.user.email, form.cleaned_data["email"]
    if email.casefold() == own.casefold():
        return True
    try:
        limits.CONFIRMED_ELSEWHERE.charge(request.customer.pk)
        charge_unasked("withdrawal", email)
    except TooMany:
        words = _("Too many confirmations went to this address, or to others than yours. Use your own, %(own)s.")
        form.add_error(None, words % {"own": own})
    return not form.errors


def finish(request, service, contract, typed):
    """Keeps the statement, and says where its confirmation goes."""
    name, email = typed["name"], typed["email"]
    try:
        withdrawing.withdraw(service, name=name, email=email, contract=contract, by=request.user)
    except withdrawing.NotWithdrawable:
        messages.error(request, why_not(service))
    else:
        words = _("You have withdrawn from the contract. The confirmation is on its way to %(email)s.")
        messages.success(request, words % {"email": email})
    return redirect("services:manage", service.pk)


def why_not(service):
    """Why there is nothing to withdraw from."""
    if hasattr(service, "withdrawal"):
        return _("You have withdrawn from this contract already.")
    return _("This contract cannot be withdrawn from here: its 14 days are over, or it is not one of a consumer.")
