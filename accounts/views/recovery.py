"""Forgotten login or password."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import limits, origin, recovery
from accounts.forms.signin import RecoveryForm


@login_not_required
def forgotten(request):
    """Asks for a login or an address; answers the same whoever that is."""
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limits.RECOVERY_IP.charge(origin.limit_key(request.origin.ip))
        except limits.TooMany:
            form.add_error(None, _("Too many requests from here. Try again in an hour."))
        else:
            recovery.ask(form.cleaned_data["who"])
            return redirect("accounts:forgotten_sent")
    return render(request, "accounts/forgotten.html", {"form": form})


@login_not_required
@require_safe
def forgotten_sent(request):
    """What to do when no mail comes."""
    return render(request, "accounts/forgotten_sent.html")
