"""A domain name that is kept here: its name servers, its AuthInfo, and a transfer that needs another one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.access import needs, only_if, password_again
from accounts.limits import TooMany
from services import domains, limits
from services.domain_forms import AuthInfoForm, NameserversForm
from services.models import ProvisioningJob
from services.views import manage

Act = ProvisioningJob.Act


def find(request, pk, *, fits=domains.can_be_changed):
    """A domain name that this person sees and that is kept here; otherwise 404."""
    service = manage.find(request, pk)
    if not fits(service):
        raise Http404
    return service


@needs()
@password_again
def nameservers(request, pk):
    """The form of its name servers; the registrar is told later."""
    service = find(request, pk)
    asked = domains.latest_jobs(service).get(Act.NAMESERVERS)
    now = asked.asked["nameservers"] if asked else service.registration.nameservers
    form = NameserversForm(request.POST or None, domain=service.domain, initial={"nameservers": "\n".join(now)})
    if request.method == "POST" and form.is_valid() and manage.is_patient(form, limits.NAMESERVERS_SET, service):
        words = _("The registrar is being told. This page says when it is done.")
        return done(request, words, domains.set_nameservers, service, form.cleaned_data["nameservers"])
    return render(request, "services/nameservers.html", {"service": service, "form": form})


def done(request, words, verb, service, *asked, page="services:manage"):
    """Calls the verb and says what came of it on the page."""
    try:
        verb(service, *asked, by=request.user)
    except domains.NotNow:
        messages.error(request, _("The service has changed meanwhile, so nothing was changed now."))
        return redirect("services:manage", service.pk)
    if words:
        messages.success(request, words)
    return redirect(page, service.pk)


@only_if(domains.may_release)
@password_again
@never_cache
@require_safe
def authinfo(request, pk):
    """The AuthInfo, when this person has asked for it in the last minutes."""
    service = find(request, pk)
    job = domains.latest_jobs(service).get(Act.AUTHINFO)
    mine = job if job and job.by_id == request.user.pk else None
    shown = domains.shown_authinfo(service, mine, request.user)
    until = service.registration.released_at + domains.RELEASED_FOR if shown else None
    return render(
        request, "services/authinfo.html", {"service": service, "job": mine, "authinfo": shown, "until": until}
    )


@only_if(domains.may_release)
@password_again
@require_POST
def ask_authinfo(request, pk):
    """Has the registrar give it out; the owner is mailed."""
    service = find(request, pk)
    try:
        limits.AUTHINFO_ASKED.charge(service.pk)
    except TooMany:
        messages.error(request, _("The AuthInfo was asked for very often today. Try again tomorrow or write to us."))
        return redirect("services:authinfo", pk)
    return done(request, "", domains.ask_authinfo, service, page="services:authinfo")


@needs()
@sensitive_post_parameters("authinfo")
def transfer(request, pk):
    """Another AuthInfo for a transfer that was refused because of it."""
    service = find(request, pk, fits=is_refused)
    form = AuthInfoForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and manage.is_patient(form, limits.AUTHINFO_TYPED, service):
        words = _("The transfer is being asked for once more.")
        return done(request, words, domains.try_transfer_again, service, form.cleaned_data["authinfo"])
    return render(request, "services/transfer.html", {"service": service, "form": form})


def is_refused(service):
    """Whether another AuthInfo is waited for."""
    job = domains.latest_jobs(service).get(Act.CREATE)
    return domains.is_kept_here(service) and domains.awaits_authinfo(service, job)
