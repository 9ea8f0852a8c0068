"""The switch of automatic renewal, cancelling at the end of the paid time, and taking that back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import only_if
from accounts.confirmation import ask
from accounts.limits import TooMany
from services import renewing
from services.expiry import NotRenewable
from services.limits import RENEWAL_DECISIONS, TOO_OFTEN
from services.models import Service


def find(request, pk):
    return get_object_or_404(Service.objects.visible_to(request.membership), pk=pk)


def done(request, service, verb, words, **how):
    """Calls the verb and says what came of it on the service's page."""
    try:
        RENEWAL_DECISIONS.charge(service.pk)
        verb(service, by=request.user, **how)
        messages.success(request, words)
    except TooMany:
        messages.error(request, TOO_OFTEN)
    except NotRenewable:
        messages.error(request, _("The service has changed meanwhile, so nothing was changed now."))
    return redirect("services:manage", service.pk)


@only_if(renewing.may_decide)
@require_POST
def auto_renew(request, pk):
    """Switches automatic renewal on or off."""
    on = request.POST.get("on") == "yes"
    words = _("Automatic renewal is on.") if on else _("Automatic renewal is off.")
    return done(request, find(request, pk), renewing.set_auto_renew, words, on=on)


@only_if(renewing.may_decide)
@require_POST
def cancel(request, pk):
    """Lets the service end with its paid time, after asking."""
    service = find(request, pk)
    day = date_format(service.ends_on) if service.ends_on else ""
    question = ask(
        request,
        title=_("Cancel %(service)s?") % {"service": service},
        text=_("It runs until %(day)s and then ends. Until that day you can take this back.") % {"day": day},
        label=_("Cancel the service"),
        cancel_url=reverse("services:manage", args=[pk]),
        danger=True,
    )
    words = _("The service is cancelled. It runs until %(day)s.") % {"day": day}
    return question or done(request, service, renewing.cancel, words)


@only_if(renewing.may_decide)
@require_POST
def keep(request, pk):
    """Takes the cancelling back."""
    return done(request, find(request, pk), renewing.keep, _("The service goes on."))
