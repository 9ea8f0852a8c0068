"""The screen of support for somebody who calls: the code first, then what its owner may see."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import codes, limits
from accounts.access import support_only
from accounts.models import SupportSession
from panel import calls
from panel.forms import CallerForm, InstructionForm
from services.models import Service

SERVICES_ON_A_PAGE = 25


@support_only
def caller(request):
    """Asks who is calling and for the code; shows the calls that this member of staff has open."""
    form = CallerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        session = checked(form, staff=request.user)
        if session:
            return redirect("caller_session", session.pk)
    sessions = SupportSession.open_for(request.user).order_by("code__expires_at")
    return render(request, "desk/caller.html", {"form": form, "sessions": sessions})


def checked(form, *, staff):
    """The session that the code opens, or None with the reason on the form."""
    try:
        return codes.check(staff=staff, **form.cleaned_data)
    except codes.WrongCode:
        form.add_error(None, _("The caller or the code is wrong. Ask for the code once more."))
    except codes.SeveralCustomers:
        form.add_error("caller", _("This fits several customers. Ask for the customer number."))
    except limits.TooMany:
        form.add_error(None, _("Too many wrong codes. You can try again in an hour."))


@support_only
@require_safe
def caller_session(request, pk):
    """Data, contact persons and services of the caller, within what the code's owner may see."""
    session = find(request, pk)
    return show(request, session, InstructionForm(services=visible(session)))


@support_only
@require_safe
def caller_service(request, pk, service_pk):
    """One service with its configuration."""
    session = find(request, pk)
    service = get_object_or_404(visible(session), pk=service_pk)
    form = InstructionForm(services=visible(session), initial={"service": service.pk})
    return show(request, session, form, service)


@support_only
@require_POST
def caller_instruction(request, pk):
    """Notes what the caller asks for."""
    session = find(request, pk)
    form = InstructionForm(request.POST, services=visible(session))
    if not form.is_valid():
        return show(request, session, form)
    service = form.cleaned_data["service"]
    calls.note_instruction(session, form.cleaned_data["text"], service=service)
    messages.success(request, _("The instruction was noted. The customer reads it in the history."))
    return redirect("caller_service", pk, service.pk) if service else redirect("caller_session", pk)


@support_only
@require_POST
def caller_end(request, pk):
    """Ends the call; the same code opens it again while it lives."""
    calls.end(find(request, pk))
    messages.success(request, _("The call has ended."))
    return redirect("caller")


def find(request, pk):
    """The open session of this member of staff, or 404: also when its code has ended meanwhile."""
    return get_object_or_404(SupportSession.open_for(request.user).select_related("staff"), pk=pk)


def visible(session):
    """The services that the code's owner sees."""
    services = Service.objects.visible_to(session.code.membership)
    return services.select_related("product", "registration")


def show(request, session, form, service=None):
    """A page with confidential data; that it was opened is written first."""
    calls.look(session, service)
    membership = session.code.membership
    context = {
        "session": session,
        "customer": session.customer,
        "person": membership.user,
        "membership": membership,
        "seconds": int((session.code.expires_at - timezone.now()).total_seconds()),
        "form": form,
        "instructions": calls.instructions(session),
        "service": service,
    }
    if service:
        return render(request, "desk/caller_service.html", context)
    context["page"] = Paginator(visible(session), SERVICES_ON_A_PAGE).get_page(request.GET.get("page"))
    if membership.sees_everything:
        context["contacts"] = session.customer.contacts.all()
    return render(request, "desk/caller_session.html", context)
