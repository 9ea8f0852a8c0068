"""Confirming the phone: codes by SMS go only to a number from which its owner has typed one."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import factors, signin, sms
from accounts.access import password_again
from accounts.forms.factors import PhoneCodeForm
from accounts.limits import TooMany
from accounts.models import OneTimeCode, User
from accounts.views.second_step import DEAD_CODE, TOO_MANY_CODES, WRONG_CODE
from accounts.views.signin import TOO_MANY

PURPOSE = "phone"
# The code that this session waits for, and the number it went to.
SENT = "phone_code"


def sent_code(request):
    """The living code that this session had sent to the number the person still has, or None."""
    sent = request.session.get(SENT, {})
    if sent.get("number") != request.user.phone:
        return None
    code = OneTimeCode.objects.select_related("user").filter(pk=sent.get("code"), user=request.user).first()
    return code if code and code.is_alive else None


@password_again
def phone_confirm(request):
    """Has a code sent to the phone and typed from it."""
    if not sms.reaches(request.user.phone):
        return redirect("accounts:security")
    code = sent_code(request)
    form = PhoneCodeForm(request.POST or None)
    if request.method == "POST" and code and form.is_valid() and is_right(code, form):
        number = request.session.pop(SENT)["number"]
        if factors.confirm_phone(request.user, number):
            signin.keep_session(request)
            messages.success(request, _("The number is confirmed. Codes can come to it now."))
        return redirect("accounts:second_step")
    return render(request, "accounts/phone_confirm.html", {"form": form, "code": code})


def is_right(code, form):
    """Whether the typed code is right; otherwise the form says why not."""
    try:
        if code.check_digits(form.cleaned_data["code"]):
            return True
    except TooMany:
        form.add_error("code", TOO_MANY_CODES)
        return False
    code.refresh_from_db(fields=["tries", "ended_at"])
    form.add_error("code", WRONG_CODE if code.is_alive else DEAD_CODE)
    return False


@require_POST
@password_again
def phone_send(request):
    """Sends a code to the phone; again after a minute."""
    code = sent_code(request)
    if not sms.reaches(request.user.phone):
        return redirect("accounts:security")
    if code and not code.may_resend(0):
        messages.warning(request, _("A new code can be sent one minute after the last."))
        return redirect("accounts:phone_confirm")
    try:
        fresh = signin.send_code(request.user, User.Channel.SMS, PURPOSE)
    except TooMany:
        messages.warning(request, TOO_MANY)
    else:
        request.session[SENT] = {"code": fresh.pk, "number": request.user.phone}
    return redirect("accounts:phone_confirm")
