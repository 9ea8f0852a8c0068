"""The editor of a domain's DNS records."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import needs
from accounts.confirmation import ask
from accounts.limits import TooMany
from services import limits
from services.dns import publishing, records
from services.dns.forms import FORMS, RecordFilter
from services.limits import TTL_USUAL
from services.models import DnsRecord, Service
from services.names import NotAHost, host

RECORDS_ON_A_PAGE = 25


def find(request, pk):
    """The domain, if this person sees it and its records are looked after here; 404 otherwise."""
    mine = Service.objects.visible_to(request.membership).select_related("product", "zone", "registration")
    service = get_object_or_404(mine.annotate(last_job=publishing.last_jobs()), pk=pk)
    if not records.has_zone(service):
        raise Http404
    return service


@needs()
@require_safe
def listing(request, pk):
    """The records, whether they are published, and a search."""
    service = find(request, pk)
    form = RecordFilter(request.GET)
    page = Paginator(form.apply(service.records.all()), RECORDS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "service": service,
        "page": page,
        "form": form,
        "narrowed": any(form.cleaned_data.values()),
        "zone": getattr(service, "zone", None),
        "publication": publishing.state_of(getattr(service, "zone", None), service.last_job),
        "editable": records.may_be_edited(service),
        "name_servers": settings.ZONE_NAMESERVERS,
        "answers_elsewhere": records.answers_elsewhere(service),
        "types": DnsRecord.Type.values,
    }
    return render(request, "services/records.html", context)


@needs()
def add(request, pk):
    """A new record of the type that the address names."""
    kind = request.GET.get("type", "A")
    if kind not in FORMS:
        raise Http404
    return record_page(request, find(request, pk), DnsRecord(type=kind, ttl=TTL_USUAL))


@needs()
def edit(request, pk, record):
    """Changes a record; its type stays."""
    service = find(request, pk)
    return record_page(request, service, get_object_or_404(service.records, pk=record))


def record_page(request, service, record):
    """The form of a record, which comes back with its errors."""
    if not records.may_be_edited(service):
        messages.error(request, _("Records can be changed while the domain is active."))
        return redirect("services:records", service.pk)
    record.service, was = service, str(record) if record.pk else ""
    form = FORMS[record.type](request.POST or None, instance=record, zone=zone_of(service))
    if request.method == "POST" and form.is_valid() and saved(form, by=request.user):
        messages.success(request, _("Record saved. It is published within a few moments."))
        return redirect("services:records", service.pk)
    context = {"service": service, "record": record, "was": was, "form": form, "types": DnsRecord.Type.values}
    return render(request, "services/record_edit.html", context)


def saved(form, *, by):
    """Saves the record; False when it may not be, and the form then says why."""
    record = form.save(commit=False)
    try:
        limits.RECORD_CHANGES.charge(record.service_id)
        records.save(record, by=by)
    except TooMany:
        form.add_error(None, limits.TOO_OFTEN)
    except records.Refused as refusal:
        form.add_error(refusal.field, refusal.words)
    return not form.errors


def zone_of(service):
    """The domain as DNS has it. 404 when it is no name at all."""
    try:
        return host(service.domain)
    except NotAHost:
        raise Http404 from None


@needs()
@require_POST
def delete(request, pk, record):
    """Deletes a record, after asking."""
    service = find(request, pk)
    record = get_object_or_404(service.records.select_related("service__customer"), pk=record)
    question = ask(
        request,
        title=_("Delete this record?"),
        text=str(record),
        label=_("Delete"),
        cancel_url=reverse("services:records", args=[pk]),
        danger=True,
    )
    if question:
        return question
    try:
        limits.RECORD_CHANGES.charge(service.pk)
        records.remove(record, by=request.user)
        messages.success(request, _("Record deleted. Name servers forget it within a few moments."))
    except TooMany:
        messages.error(request, limits.TOO_OFTEN)
    except records.Refused as refusal:
        messages.error(request, refusal.words)
    return redirect("services:records", pk)
