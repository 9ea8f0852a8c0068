"""The desk: the queue of support, and its side of a thread."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import support_only
from accounts.pages import page_of
from tickets import identified, limits
from tickets.conversation import NewerMessage, answer
from tickets.forms.filters import DeskFilters
from tickets.forms.writing import AnswerForm
from tickets.models import Ticket
from tickets.queue import counts
from tickets.thread import messages_of
from tickets.uploads import bounded_uploads
from tickets.views.writing import ready, sent


def find(number):
    """Any thread, or 404."""
    tickets = Ticket.objects.select_related("customer", "category", "service", "assignee")
    return get_object_or_404(tickets, number=number)


@support_only
@require_safe
def desk(request):
    """The queue, by default what waits for an answer, the longest first."""
    filters = DeskFilters(request.GET, person=request.user)
    page = page_of(filters.apply(Ticket.objects.in_desk_rows()), by=filters.order, params=request.GET)
    context = {"page": page, "filters": filters, "counts": counts(filters.shown_status)}
    return render(request, "tickets/desk.html", context)


@support_only
@require_safe
def desk_thread(request, number):
    """A thread as support sees it: what was written, and nothing else of the customer."""
    ticket = find(number)
    thread = messages_of(ticket, before=request.GET.get("before"))
    form = AnswerForm(person=request.user, initial={"last_seen": thread.last_id})
    return desk_page(request, ticket, thread, form)


def desk_page(request, ticket, thread, form):
    """The page of a thread with the form for an answer."""
    accesses = list(identified.open_for(request.user, ticket))
    opened = {access.membership_id for access in accesses}
    context = {
        "ticket": ticket,
        "thread": thread,
        "form": form,
        "accesses": accesses,
        "authors": [author for author in identified.authors(ticket) if author.pk not in opened],
    }
    return render(request, "tickets/desk_thread.html", context)


@support_only
@require_POST
@bounded_uploads
def desk_reply(request, number):
    """An answer. When somebody wrote meanwhile it waits for a second look."""
    ticket = find(number)
    form = AnswerForm(request.POST, request.FILES, person=request.user)
    try:
        message = ready(request, form, limits.ANSWERS) and sent(form, answer, ticket, by=request.user)
    except NewerMessage:
        return second_look(request, ticket, form)
    if message:
        messages.success(request, _("The answer is sent."))
        return redirect("tickets:desk_thread", number)
    return desk_page(request, ticket, messages_of(ticket), form)


def second_look(request, ticket, form):
    """The thread as it is now, with what was typed; sending again sends it."""
    thread = messages_of(ticket)
    form.data = form.data.copy()
    form.data["last_seen"] = thread.last_id
    form.add_error(None, _("Somebody wrote in this thread meanwhile. Read it again; sending once more sends."))
    return desk_page(request, ticket, thread, form)


@support_only
@require_POST
def desk_data(request, number, membership_pk):
    """Opens what the author of a signed-in message may see; 404 for anybody else, and once it is closed."""
    ticket = find(number)
    author = get_object_or_404(identified.authors(ticket), pk=membership_pk)
    session = identified.open_data(ticket, author, staff=request.user)
    return redirect("caller_session", session.pk)


@support_only
@require_POST
def desk_take(request, number):
    """Assigns the thread to whoever presses the button."""
    find(number).take(by=request.user)
    return redirect("tickets:desk_thread", number)


@support_only
@require_POST
def desk_close(request, number):
    """Ends a thread."""
    find(number).close(by=request.user)
    messages.success(request, _("The message is closed. Another reply opens it again."))
    return redirect("tickets:desk_thread", number)


@support_only
@require_POST
def desk_reopen(request, number):
    """Puts a closed thread back into the queue."""
    find(number).reopen(by=request.user)
    messages.success(request, _("The message is open again."))
    return redirect("tickets:desk_thread", number)
