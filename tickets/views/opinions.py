"""The customer says whether support has helped: signed in, or by the address in a mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import needs
from tickets import opinions
from tickets.forms.opinion import OpinionForm
from tickets.permissions import Permission
from tickets.views.threads import find, to_thread


@needs(Permission.TICKETS)
@require_POST
def opinion(request, number):
    """The answer on the page of the thread."""
    ticket = find(request, number)
    asked, form = opinions.asked(ticket), OpinionForm(request.POST)
    if asked and form.is_valid():
        opinions.answer(asked, by=request.user, **form.cleaned_data)
        messages.success(request, _("Thank you for your answer."))
    else:
        messages.error(request, _("Choose “Yes” or “No”.") if asked else _("This question is no longer asked."))
    return to_thread(request, ticket.number)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_by_mail(request, token):
    """The page of the mail's address: opening it changes nothing, its button does. It shows nothing of the thread."""
    asked = opinions.find(token)
    if asked is None:
        raise Http404
    form = OpinionForm(request.POST if request.method == "POST" else None)
    done = form.is_valid()
    if done:
        opinions.answer(asked, **form.cleaned_data)
    context = {"form": form, "number": asked.ticket.number, "done": done}
    response = render(request, "tickets/opinion.html", context, status=200)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
