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
from billing import documents
from billing.models import Document
from billing.permissions import Permission
from panel import calls
from panel.actions import Action
from panel.forms import CallerForm, InstructionForm
from services.expiry import is_renewable
from services.models import Service
from services.renewing import may_decide

ROWS_ON_A_PAGE = 25


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


@support_only
@require_safe
def caller_session(request, pk):
    """Data, contact persons and services of the customer, within what the code's owner may see."""
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
@require_safe
def caller_documents(request, pk):
    """Invoices and their payment, for who may see them."""
    session = find(request, pk)
    calls.require(sees_documents(session))
    calls.write(session, Action.STAFF_LOOKED_AT_DOCUMENTS)
    page = Paginator(documents_of(session), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/caller_documents.html", call(session) | {"page": page})


@support_only
@require_POST
def caller_end(request, pk):
    """Ends the call; the same code opens it again while it lives."""
    calls.end(find(request, pk))
    messages.success(request, _("The call has ended."))
    return redirect("caller")


def find(request, pk):
    """The open session of this member of staff, or 404: also when what it rests on has ended meanwhile."""
    return get_object_or_404(SupportSession.open_for(request.user).select_related("staff"), pk=pk)


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


def show(request, session, form, service=None):
    """A page with confidential data; that it was opened is written first."""
    calls.look(session, service)
    context = call(session) | {"form": form, "done": calls.done(session), "service": service}
    if service:
        more = {"renewable": is_renewable(service), "may_decide": may_decide(session.membership)}
        return render(request, "desk/caller_service.html", context | more)
    context["page"] = Paginator(visible(session), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    if session.membership.sees_everything:
        context["contacts"] = session.customer.contacts.all()
    return render(request, "desk/caller_session.html", context)
