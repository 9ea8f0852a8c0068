"""The screen of support for somebody who calls: the code first, then what its owner may see."""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import codes, limits
from accounts.access import support_only
from accounts.models import SupportSession
from accounts.pages import page_of
from billing import documents
from billing.models import Document
from billing.permissions import Permission
from panel import calls
from panel.actions import Action
from panel.forms import CallerForm, InstructionForm
from services.expiry import is_renewable
from services.kinds import parts_of
from services.models import Service
from services.notices import notices_of
from services.renewing import may_decide
from services.shown import for_page

ROWS_ON_A_PAGE = 25


class Ended(Http404):
    """A session of this member of staff that is not open any more."""


def in_a_call(view):
    """For support staff in one of their sessions; when it has ended meanwhile, the page says so and what to do."""

    @support_only
    @wraps(view)
    def guarded(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Ended:
            return render(request, "desk/ended.html", status=404)

    return guarded


@support_only
def caller(request):
    """Asks who is calling and for the code; shows the calls that this member of staff has open."""
    form = CallerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        session = checked(form, staff=request.user)
        if session:
            return redirect("caller_session", session.pk)
    sessions = SupportSession.open_for(request.user).order_by("code__expires_at", "pk")
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


@in_a_call
@require_safe
def caller_session(request, pk):
    """Data, contact persons and services of the customer, within what the code's owner may see."""
    session = find(request, pk)
    return show(request, session, InstructionForm(services=visible(session)))


@in_a_call
@require_safe
def caller_service(request, pk, service_pk):
    """One service with its configuration."""
    session = find(request, pk)
    service = get_object_or_404(for_page(visible(session)), pk=service_pk)
    form = InstructionForm(services=visible(session), initial={"service": service.pk})
    return show(request, session, form, service)


@in_a_call
@require_safe
def caller_documents(request, pk):
    """Invoices and their payment, for who may see them."""
    session = find(request, pk)
    calls.require(sees_documents(session))
    calls.write(session, Action.STAFF_LOOKED_AT_DOCUMENTS)
    page = Paginator(documents_of(session), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/caller_documents.html", call(session) | {"page": page})


@in_a_call
@require_POST
def caller_end(request, pk):
    """Ends the call; the same code opens it again while it lives."""
    calls.end(find(request, pk))
    messages.success(request, _("The call has ended."))
    return redirect("caller")


def find(request, pk):
    """The open session of this member of staff, or 404: also when what it rests on has ended meanwhile."""
    session = SupportSession.open_for(request.user).filter(pk=pk).first()
    if session is None:
        raise Ended if SupportSession.objects.filter(pk=pk, staff=request.user).exists() else Http404
    session.staff = request.user
    return session


def visible(session):
    """The services that the person sees within whose rights the session is."""
    services = Service.objects.visible_to(session.membership)
    return services.select_related("product", "registration")


def sees_documents(session):
    """Whether invoices and when they were paid are among what the session shows."""
    return session.membership.may(Permission.INVOICES)


def documents_of(session):
    """The documents it shows, the latest first."""
    seen = documents.visible_to(session.membership) if sees_documents(session) else Document.objects.none()
    return documents.current(documents.with_status(seen)).order_by("-issued_on", "-pk")


def call(session):
    """What every page of a call is told: whose rights these are, and for how long."""
    left = session.expires_at and int((session.expires_at - timezone.now()).total_seconds())
    person = session.membership.user
    return {
        "session": session,
        "customer": session.customer,
        "membership": session.membership,
        "person": person,
        "seconds": left,
        "sees_documents": sees_documents(session),
    }


def shown(service, membership):
    """The parts of a service's page that support reads, and whether its renewal may be decided about."""
    decides = is_renewable(service) and may_decide(membership) and not service.is_ending
    parts = parts_of(service, membership, for_support=True)
    return {"notices": notices_of(service), "parts": parts, "for_support": True, "decides": decides}


def show(request, session, form, service=None):
    """A page with confidential data; that it was opened is written first."""
    calls.look(session, service)
    context = call(session) | {"form": form, "done": calls.done(session), "service": service}
    if service:
        return render(request, "desk/caller_service.html", context | shown(service, session.membership))
    context["page"] = page_of(visible(session), by="name", params=request.GET)
    if session.membership.sees_everything:
        context["contacts"] = session.customer.contacts.all()
    return render(request, "desk/caller_session.html", context)
