"""Mails that were not taken: support reads them here and takes or settles them."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import support_only
from accounts.pages import page_of
from tickets.file_names import clean_name
from tickets.forms.mails import MailFilters
from tickets.incoming import accepting
from tickets.incoming.taking import ADMITTED
from tickets.models import IncomingMail


def find(pk):
    """A mail that was not taken, or 404: what was taken is read in its thread."""
    return get_object_or_404(IncomingMail, pk=pk, state__in=ADMITTED)


@support_only
@require_safe
def mails(request):
    """What was not taken, the latest first."""
    filters = MailFilters(request.GET)
    page = page_of(filters.apply(IncomingMail.objects.all()), by="-pk", params=request.GET)
    return render(request, "tickets/mails.html", {"page": page, "filters": filters})


@support_only
@require_safe
def mail(request, pk):
    """One mail as plain text, with the names of its files."""
    row = find(pk)
    opened = accepting.opened(row)
    names = [clean_name(part.name) for part in opened.mail.parts]
    return render(request, "tickets/mail.html", {"mail": row, "opened": opened, "names": names})


@support_only
@require_safe
def mail_raw(request, pk):
    """The mail as it came, in a way that no browser shows it."""
    row = find(pk)
    try:
        file = row.raw.open()
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    response = FileResponse(
        file, as_attachment=True, filename=f"mail-{row.pk}.eml", content_type="application/octet-stream"
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


@support_only
@require_POST
def mail_accept(request, pk):
    """Makes a message of it all the same."""
    message = accepting.accept(get_object_or_404(IncomingMail, pk=pk), by=request.user)
    if message is None:
        raise Http404
    messages.success(request, _("The e-mail is taken."))
    return redirect("tickets:desk_thread", message.ticket.number)


@support_only
@require_POST
def mail_settle(request, pk):
    """Takes it off the list."""
    accepting.settle(get_object_or_404(IncomingMail, pk=pk), by=request.user)
    messages.success(request, _("The e-mail is off the list."))
    return redirect("tickets:mails")
