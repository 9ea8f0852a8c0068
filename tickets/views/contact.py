"""The contact form without signing in, and the link that confirms what was written in it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.limits import TooMany, alarm, charge_unasked
from accounts.origin import limit_key
from tickets import contact as asking
from tickets import limits
from tickets.forms.contact import ContactForm
from tickets.models import ContactRequest

# What the session remembers of a link that was opened in it.
OPENED = "link:contact"


@login_not_required
def contact(request):
    """The form; answers the same whoever is meant by the address."""
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and is_allowed(request, form):
        asking.ask(**form.cleaned_data, language=request.LANGUAGE_CODE)
        return redirect("tickets:contact_sent")
    return render(request, "tickets/contact.html", {"form": form})


def is_allowed(request, form):
    """Whether one more message may come from here and one more mail go there; the same form again always may."""
    if asking.came_before(form.cleaned_data["key"]):
        return True
    try:
        limits.CONTACT_IP.charge(limit_key(request.origin.ip))
        limits.CONTACT_IP_DAY.charge(limit_key(request.origin.ip))
        charge_unasked("contact", form.cleaned_data["email"])
    except TooMany:
        form.add_error(None, _("Too many messages from here or with this address. Try again later, or call us."))
        return False
    alarm(limits.CONTACT_ALL, "all")
    return True


@login_not_required
@require_safe
def contact_sent(request):
    """What to do now: look for the mail."""
    return render(request, "tickets/contact_sent.html")


@login_not_required
@require_safe
def contact_link(request, selector, mac):
    """Takes the secret out of the address: into the session, and on to the page with the button."""
    found = ContactRequest.find(selector, mac)
    if found is None:
        return dead(request)
    request.session[OPENED] = found.pk
    response = redirect("tickets:contact_confirm")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
def contact_confirm(request):
    """A button that hands the message to support. What was written is not shown: the mailbox may be a stranger's."""
    found = ContactRequest.living().filter(pk=request.session.get(OPENED)).first()
    if found is None:
        return dead(request)
    if request.method != "POST":
        return render(request, "tickets/contact_confirm.html", {"written_at": found.created_at})
    ticket = asking.confirm(found.pk)
    if ticket is None:
        return dead(request)
    words = _("Support has your message; its case number is %(number)s. The answer comes by mail.")
    messages.success(request, words % {"number": ticket.number})
    return redirect("accounts:sign_in")


def dead(request):
    """Says that the link is used or too old."""
    return render(request, "tickets/contact_dead.html", status=410)
