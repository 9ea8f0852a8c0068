"""The passwords of services themselves, behind the password of the panel."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.access import needs, password_again
from accounts.limits import TooMany
from services import credentials, sip
from services.forms import ServicePasswordForm
from services.limits import PASSWORD_CHANGES, PASSWORDS_SHOWN
from services.models import Credential, Service


def find(request, pk, credential_pk):
    """An account of a service that this person sees, and whose password may be known; or 404."""
    mine = Credential.objects.filter(service__in=Service.objects.visible_to(request.membership), service=pk)
    mine = mine.exclude(pk__in=sip.withheld(mine)).select_related("service__customer", "service__product")
    return get_object_or_404(credentials.with_failures(mine), pk=credential_pk)


@needs()
@password_again
@never_cache
@require_safe
def show(request, pk, credential_pk):
    """The password in plain words; the customer's history tells of it."""
    credential = find(request, pk, credential_pk)
    try:
        PASSWORDS_SHOWN.charge(request.user.pk)
    except TooMany:
        messages.error(request, _("Too many passwords were shown to you. Wait an hour."))
        return redirect("services:manage", pk)
    context = {"credential": credential, "service": credential.service}
    context["password"] = credentials.show(credential, by=request.user)
    return render(request, "services/credential.html", context)


@needs()
@password_again
@sensitive_post_parameters("password")
def change(request, pk, credential_pk):
    """A new password for an account of the service: one that is generated, or one that is typed."""
    credential = find(request, pk, credential_pk)
    if not credentials.can_change(credential.service):
        messages.error(request, _("The service does not run, so its password cannot be changed now."))
        return redirect("services:manage", pk)
    form = ServicePasswordForm(request.POST or None, kind=credential.kind)
    if request.method == "POST" and form.is_valid() and changed(request, credential, form):
        messages.success(request, _("The server is being told the new password. Until it has it, the old one works."))
        return redirect("services:manage", pk)
    context = {"credential": credential, "service": credential.service, "form": form}
    return render(request, "services/credential_change.html", context)


def changed(request, credential, form):
    """Whether the change was asked for; otherwise the form says why not."""
    try:
        PASSWORD_CHANGES.charge(credential.service_id)
        credentials.change(credential, form.cleaned_data.get("password") or credentials.generated(), by=request.user)
    except TooMany:
        form.add_error(None, _("Passwords of this service were changed too often. Wait an hour."))
        return False
    except credentials.NotChangeable:
        form.add_error(None, _("The service does not run, so its password cannot be changed now."))
        return False
    return True
