"""Writing: the new message and the reply of a customer, and what every form with files needs."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import needs
from accounts.limits import TooMany
from tickets import attachments, drafts, limits
from tickets.conversation import SentAlready, open_ticket, refuse_again
from tickets.conversation import reply as reply_to
from tickets.forms.writing import NewTicketForm, ReplyForm
from tickets.permissions import Permission
from tickets.places import Place
from tickets.uploads import bounded_uploads
from tickets.views.threads import find, thread_page, to_thread


def once(page):
    """For views that send a form: the same form again, by a second press or a retry, leads to where the first went."""

    def decorate(view):
        @wraps(view)
        def sending(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except SentAlready as again:
                messages.success(request, _("The message is sent; it came once."))
                return redirect(page, again.message.ticket.number)

        return sending

    return decorate


@needs(Permission.TICKETS)
@bounded_uploads
@once("tickets:thread")
def new(request):
    """The first message of a thread."""
    if request.method != "POST":
        initial = {name: request.GET[name] for name in ("service", "category", "subject") if name in request.GET}
        draft = drafts.of_new(request.user, request.customer).first()
        return new_page(request, NewTicketForm(membership=request.membership, initial=initial, draft=draft))
    form = NewTicketForm(request.POST, request.FILES, membership=request.membership)
    ticket = ready(request, form, limits.MESSAGES) and sent(
        form, open_ticket, by=request.user, customer=request.customer, signed_in_as=request.membership
    )
    if not ticket:
        return new_page(request, form)
    messages.success(request, _("The message is sent. Its case number is %(number)s.") % {"number": ticket.number})
    return to_thread(request, ticket.number)


def new_page(request, form):
    """The page on which a message is written."""
    return render(request, "tickets/new.html", {"form": form, "back_address": Place.carried(request).address()})


@needs(Permission.TICKETS)
@require_POST
@bounded_uploads
@once("tickets:thread")
def reply(request, number):
    """Another message of the customer in a thread."""
    ticket = find(request, number)
    form = ReplyForm(request.POST, request.FILES, person=request.user)
    writer = {"by": request.user, "signed_in_as": request.membership}
    if not (ready(request, form, limits.MESSAGES) and sent(form, reply_to, ticket, **writer)):
        return thread_page(request, ticket, form)
    messages.success(request, _("The reply is sent."))
    return to_thread(request, ticket.number)


def ready(request, form, limit):
    """Whether the message can be sent now. Its good files are kept in any case, so that they come only once.

    Raises SentAlready.
    """
    refuse_again(request.user, form.sending)
    form.is_valid()
    form.kept += [attachments.keep(upload, by=request.user) for upload in form.accepted]
    if token := request.POST.get("remove"):
        taken_back = [attachment.pk for attachment in form.kept if attachment.token == token]
        attachments.remove(form.waiting.filter(pk__in=taken_back))
        form.kept = [attachment for attachment in form.kept if attachment.pk not in taken_back]
        form.without_judgement()
        return False
    if not form.is_valid():
        return False
    try:
        limit.charge(request.user.pk)
    except TooMany:
        form.add_error(
            None, _("You have sent a great many messages in the last hour. Wait a while and send this one again.")
        )
        return False
    return True


def sent(form, verb, *args, **more):
    """What the verb made of the form; None when a file of it went meanwhile, as when a form is sent twice at once."""
    try:
        return verb(*args, files=form.kept, **form.words, **more)
    except attachments.Gone:
        form.kept = []
        form.add_error("files", _("Some files are no longer here. Please add them again."))
