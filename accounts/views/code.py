"""The authorization code as its owner sees it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import codes, keys
from accounts.access import both_steps, needs
from accounts.forms.person import OwnPasswordForm

# The digits are shown again after a reload from here, encrypted, and from nowhere else.
SHOWN = "authorization_code"


@needs()
@both_steps
@sensitive_post_parameters("current_password")
def authorization_code(request):
    """Shows the living code of this session, or asks for the password to make one."""
    form = OwnPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        code, digits = codes.generate(request.membership, by=request.user)
        request.session[SHOWN] = {"code": code.pk, "digits": keys.encrypt(digits)}
        return redirect("accounts:authorization_code")
    code = request.membership.authorization_codes.living().first()
    return render(request, "accounts/authorization_code.html", {"form": form, "code": code, **shown(request, code)})


def shown(request, code):
    """The digits in two groups and the seconds left, when this session made the living code."""
    if code is None:
        return {}
    kept = request.session.get(SHOWN, {})
    digits = keys.decrypt(kept["digits"]) if kept.get("code") == code.pk else None
    half = len(digits or "") // 2
    return {
        "digits": digits and [digits[:half], digits[half:]],
        "seconds": int((code.expires_at - timezone.now()).total_seconds()),
    }


@needs()
@require_POST
def authorization_code_revoke(request):
    """Ends the code at once."""
    codes.revoke(request.membership, by=request.user)
    request.session.pop(SHOWN, None)
    messages.success(request, _("The code no longer works."))
    return redirect("accounts:authorization_code")
