"""The page of one service, put together from the parts of its kind; and the customer's own label for it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import needs
from accounts.limits import TooMany
from services.forms import LabelForm
from services.kinds import kind_of, links_of, parts_of
from services.labels import set_label
from services.limits import LABELS_SET, TOO_OFTEN
from services.models import Service
from services.notices import notices_of
from services.shown import for_page


def find(request, pk):
    """A service that this person sees, or 404."""
    return get_object_or_404(for_page(Service.objects.visible_to(request.membership)), pk=pk)


@needs()
@require_safe
def manage(request, pk):
    """What there is to know about one service, and what can be done about it."""
    service = find(request, pk)
    context = {
        "service": service,
        "kind": kind_of(service),
        "membership": request.membership,
        "notices": notices_of(service),
        "parts": parts_of(service, request.membership),
        "links": links_of(service, request.membership),
    }
    return render(request, "services/manage.html", context)


@needs()
def label(request, pk):
    """A word of the customer's own by which everybody of theirs knows the service."""
    service = find(request, pk)
    form = LabelForm(request.POST or None, initial={"label": service.label})
    if request.method == "POST" and form.is_valid() and is_patient(form, LABELS_SET, service):
        set_label(service, form.cleaned_data["label"], by=request.user)
        messages.success(request, _("Changes saved."))
        return redirect("services:manage", pk)
    return render(request, "services/label.html", {"service": service, "form": form})


def is_patient(form, limit, service):
    """Whether the limit leaves one more try for this service; if not, the form says so."""
    try:
        limit.charge(service.pk)
    except TooMany:
        form.add_error(None, TOO_OFTEN)
    return not form.errors
