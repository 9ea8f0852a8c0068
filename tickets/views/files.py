"""Attachments: uploaded on their own while a message is written, taken back, handed out."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.history import record
from accounts.limits import TooMany
from tickets import attachments, limits
from tickets.actions import Action
from tickets.file_types import served_type
from tickets.forms.files import refusal, too_many_waiting
from tickets.models import Attachment, Ticket
from tickets.permissions import Permission


def writers_only(request):
    """Support staff, and people who may write for their customer; others get 403."""
    membership = request.membership
    if not request.user.is_support and not (membership and membership.may(Permission.TICKETS)):
        raise PermissionDenied


@require_POST
def upload(request):
    """Takes one file at once; answers with its row for the form, or with words on why not."""
    writers_only(request)
    try:
        limits.UPLOADS.charge(request.user.pk)
    except TooMany:
        return refused(_("You have uploaded a great many files in the last hour. Try again later."), status=429)
    file = request.FILES.get("file")
    if file is None:
        return refused(_("No file came. Please try again."))
    if problem := refusal(file):
        return refused(problem)
    if Attachment.objects.unsent_by(request.user).count() >= limits.FILES_WAITING:
        return refused(too_many_waiting())
    attachment = attachments.keep(file, by=request.user)
    return render(request, "tickets/_upload.html", {"attachment": attachment}, status=201)


def refused(words, status=422):
    """A refusal in plain words, for the script to show beside the file."""
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


@require_POST
def upload_remove(request, token):
    """Takes back a file that was not sent yet; done already is done."""
    writers_only(request)
    attachments.remove(Attachment.objects.unsent_by(request.user).filter(token=token))
    return HttpResponse(status=204)


@require_safe
def attachment(request, token):
    """Hands a file out in a way that no browser runs or shows it within a page of ours."""
    writers_only(request)
    found = get_object_or_404(readable(request).select_related("message__ticket__customer"), token=token)
    try:
        file = found.file.open()
    except FileNotFoundError:
        raise Http404 from None
    if found.message and request.method == "GET":
        ticket = found.message.ticket
        record(
            Action.ATTACHMENT_DOWNLOADED,
            customer=ticket.customer,
            by=request.user,
            name=found.name,
            ticket=ticket.number,
        )
    response = FileResponse(
        file, as_attachment=True, filename=found.name, content_type=served_type(found.content_type)
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def readable(request):
    """One's own unsent files, and those of every thread that this person may read."""
    own = Q(message=None, uploaded_by=request.user)
    if request.user.is_support:
        return Attachment.objects.filter(own | Q(message__isnull=False))
    tickets = Ticket.objects.visible_to(request.membership)
    return Attachment.objects.filter(own | Q(message__ticket__in=tickets))
