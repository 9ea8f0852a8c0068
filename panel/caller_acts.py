"""What support may do by code alone, one address each."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.confirmation import ask
from accounts.forms.person import AddressForm
from accounts.limits import TooMany
from accounts.models import Customer
from panel import calls
from panel.caller import call, documents_of, find, in_a_call, show, visible
from panel.forms import InstructionForm
from services.expiry import NotRenewable
from services.renewing import may_decide


@in_a_call
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


def service_act(request, session, service, verb, words, *args):
    """Calls the verb and says what came of it on the service's page."""
    try:
        verb(session, service, *args)
        messages.success(request, words)
    except NotRenewable:
        messages.error(request, _("The service has changed meanwhile, so nothing was changed now."))
    return redirect("caller_service", session.pk, service.pk)


@in_a_call
@require_POST
def caller_auto_renew(request, pk, service_pk):
    """Switches automatic renewal on or off."""
    session = find(request, pk)
    service = get_object_or_404(visible(session), pk=service_pk)
    on = request.POST.get("on") == "yes"
    words = _("Automatic renewal is on.") if on else _("Automatic renewal is off.")
    return service_act(request, session, service, calls.set_auto_renew, words, on)


@in_a_call
@require_POST
def caller_cancel(request, pk, service_pk):
    """Lets a service end with its paid time, after asking."""
    session = find(request, pk)
    service = get_object_or_404(visible(session), pk=service_pk)
    calls.require(may_decide(session.membership))
    day = date_format(service.ends_on) if service.ends_on else ""
    question = ask(
        request,
        title=_("Cancel %(service)s?") % {"service": service},
        text=_("It runs until %(day)s and then ends. Until that day this can be taken back.") % {"day": day},
        label=_("Cancel the service"),
        cancel_url=reverse("caller_service", args=[pk, service_pk]),
        danger=True,
    )
    words = _("The service is cancelled. It runs until %(day)s.") % {"day": day}
    return question or service_act(request, session, service, calls.cancel, words)


@in_a_call
@require_POST
def caller_keep(request, pk, service_pk):
    """Takes the cancelling back."""
    session = find(request, pk)
    service = get_object_or_404(visible(session), pk=service_pk)
    return service_act(request, session, service, calls.keep, _("The service goes on."))


@in_a_call
@require_POST
def caller_send_again(request, pk, document_pk):
    """Sends a document once more to the customer's own addresses."""
    session = find(request, pk)
    document = get_object_or_404(documents_of(session), pk=document_pk)
    try:
        calls.send_again(session, document)
    except TooMany:
        messages.error(request, _("Documents of this customer were sent again too often. Try again in an hour."))
    else:
        messages.success(request, _("Document %(number)s is being sent again.") % {"number": document.number})
    return redirect("caller_documents", pk)


@in_a_call
def caller_billing(request, pk):
    """Changes the address on invoices and nothing else there; opening it is a look at the customer's data."""
    session = find(request, pk)
    calls.require(session.membership.sees_everything)
    form = AddressForm(request.POST or None, instance=Customer.objects.get(pk=session.customer_id))
    if request.method == "POST" and form.is_valid():
        calls.change_billing(session, form)
        messages.success(request, _("Changes saved."))
        return redirect("caller_session", pk)
    calls.look(session)
    return render(request, "desk/caller_billing.html", call(session) | {"form": form})
