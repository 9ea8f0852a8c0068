"""Attachments: uploaded on their own while a message is written, taken back, handed out."""

from functools import wraps

from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import needs
from accounts.history import record
from accounts.limits import TooMany
from tickets import attachments, limits, thumbnails
from tickets.actions import Action
from tickets.file_types import served_type
from tickets.forms.files import refusal, too_many_waiting
from tickets.models import Attachment, Ticket
from tickets.permissions import Permission
from tickets.uploads import bounded_uploads


def writers_only(view):
    """For support staff and for people who may write for their customer; others get 403."""
    for_customers = needs(Permission.TICKETS)(view)

    @wraps(view)
    def guarded(request, *args, **kwargs):
        return (view if request.user.is_support else for_customers)(request, *args, **kwargs)

    return guarded


@require_POST
@writers_only
@bounded_uploads
def upload(request):
    """Takes one file at once; answers with its row for the form, or with words on why not."""
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
@writers_only
def upload_remove(request, token):
    """Takes back a file that was not sent yet; done already is done."""
    attachments.remove(Attachment.objects.unsent_by(request.user).filter(token=token))
    return HttpResponse(status=204)


@require_safe
@writers_only
def attachment(request, token):
    """Hands a file out in a way that no browser runs or shows it within a page of ours."""
    found = get_object_or_404(readable(request).select_related("message__ticket__customer"), token=token)
    file = opened(found.file)
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
    return harmless(response)


@require_safe
@writers_only
def thumbnail(request, token):
    """The small picture that our worker drew of a file, for those who may have the file."""
    found = get_object_or_404(readable(request).exclude(thumbnail=""), token=token)
    return harmless(FileResponse(opened(found.thumbnail), filename="thumbnail.webp", content_type=thumbnails.TYPE))


def opened(file):
    """A stored file, ready to be read; 404 when it is not there any more."""
    try:
        return file.open()
    except FileNotFoundError:
        raise Http404 from None


def harmless(response):
    """The answer with a file, such that nothing in it runs and no browser keeps it."""
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
