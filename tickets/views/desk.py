"""The desk: the queue of support, and its side of a thread."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import bounces
from accounts.access import support_only
from tickets import attachments, canned, company, drafts, entries, identified, limits, opinions, queue
from tickets.assigning import colleagues
from tickets.conversation import NewerMessage, answer
from tickets.forms.filters import DeskFilters
from tickets.forms.writing import AnswerForm, NoteForm
from tickets.known_addresses import customers_of
from tickets.models import DeskHabit, Ticket
from tickets.searching import found_page
from tickets.thread import messages_of
from tickets.uploads import bounded_uploads
from tickets.views.writing import once, ready, sent

# What happens after an answer, by the button that sends it.
CLOSE, NEXT = "close", "next"
# In the address: whom one looks for to give them a thread; the part of the queue stands beside it.
WHO = "who"


def find(number):
    """Any thread, or 404; for one that was merged the one that everything has moved to."""
    tickets = Ticket.objects.select_related("customer", "category", "service", "assignee", "opened_by")
    unmerged = tickets.filter(merged_into=None, number=number).first()
    return unmerged or get_object_or_404(tickets, merged__number=number)


def filters_of(request, habit=None):
    """What the address asks for; when it asks for nothing, what this person's desk begins with."""
    asked = any(name in request.GET for name in DeskFilters.base_fields)
    return DeskFilters(request.GET if asked or habit is None else habit.filters, person=request.user)


def back_to(request, number):
    """The thread, with the part of the queue that it was opened from."""
    query = request.GET.copy()
    query.pop(WHO, None)
    query = query.urlencode()
    return reverse("tickets:desk_thread", args=[number]) + (query and f"?{query}")


@support_only
@require_safe
def desk(request):
    """The queue, by default what waits for an answer, the most urgent first."""
    habit = DeskHabit.of(request.user)
    filters = filters_of(request, habit)
    tickets = filters.apply(Ticket.objects.in_desk_rows())
    page = found_page(tickets, filters.text, by=filters.order, params=request.GET, exactly=filters.exactly)
    lengths = queue.lengths(request.user)
    context = {
        "page": page,
        "filters": filters,
        "habit": habit,
        "counts": queue.by_status(filters, lengths),
        "shares": queue.by_assignee(filters, lengths),
        "mails": lengths["mails"],
    }
    return render(request, "tickets/desk.html", context)


@support_only
@require_safe
def desk_thread(request, number):
    """A thread as support sees it: what was written, and nothing else of the customer."""
    ticket = find(number)
    return desk_page(request, ticket) if ticket.number == number else redirect(back_to(request, ticket.number))


def desk_page(request, ticket, form=None, note_form=None):
    """The page of a thread with the forms for an answer and for a note."""
    thread = messages_of(ticket, before=request.GET.get("before"))
    form = form or AnswerForm(
        person=request.user,
        initial={"last_seen": thread.last_id},
        draft=drafts.in_thread(request.user, ticket).first(),
    )
    accesses = list(identified.open_for(request.user, ticket))
    opened = {access.membership_id for access in accesses}
    context = {
        "ticket": ticket,
        "mails_return": bounces.returning_since(ticket.sender_email),
        "thread": thread,
        "entries": entries.entries(ticket, thread),
        "form": form,
        "note_form": note_form or NoteForm(auto_id="note_%s"),
        "colleagues": colleagues(),
        "canned": canned.offered(ticket),
        "opinion": opinions.asked(ticket),
        "company": company.in_words(ticket, besides=request.user),
        "habit": DeskHabit.of(request.user),
        "accesses": accesses,
        "known_at": customers_of(ticket),
        "authors": [author for author in identified.authors(ticket) if author.pk not in opened],
    }
    return render(request, "tickets/desk_thread.html", context)


@support_only
@require_safe
def desk_next(request, number):
    """Leads to what comes next in the part of the queue that the address names; at its end to the queue."""
    return go_on(request, find(number))


def go_on(request, ticket):
    """To the thread after this one, or to the queue when there is no other."""
    ticket = queue.following(ticket, filters_of(request))
    if ticket is None:
        messages.info(request, _("There is nothing more in this part of the queue."))
    query = request.GET.urlencode()
    address = reverse("tickets:desk_thread", args=[ticket.number]) if ticket else reverse("tickets:desk")
    return redirect(address + (query and f"?{query}"))


@support_only
@require_POST
@bounded_uploads
@once("tickets:desk_thread")
def desk_reply(request, number):
    """An answer. When somebody wrote meanwhile it waits for a second look."""
    ticket = find(number)
    form = AnswerForm(request.POST, request.FILES, person=request.user)
    if "insert" in request.POST:
        return with_canned(request, ticket, form)
    try:
        message = ready(request, form, limits.ANSWERS) and sent(form, answer, ticket, by=request.user)
    except NewerMessage:
        return second_look(request, ticket, form)
    if not message:
        return desk_page(request, ticket, form)
    return answered(request, ticket, request.POST.get("then"))


def with_canned(request, ticket, form):
    """The form as it was sent, with the chosen canned answer below what was typed."""
    company.types(ticket, request.user)
    form.is_valid()
    form.kept += [attachments.keep(upload, by=request.user) for upload in form.accepted]
    form.without_judgement()
    chosen = next((row for row in canned.offered(ticket) if str(row.pk) == request.POST.get("canned")), None)
    if chosen:
        typed = form.initial.get("text", "").rstrip()
        form.initial["text"] = "\n\n".join(filter(None, [typed, canned.filled(chosen, ticket, by=request.user)]))
    return desk_page(request, ticket, form)


@support_only
@require_safe
def desk_canned(request, number, pk):
    """The text of a canned answer, filled in for this thread, for the script."""
    ticket = find(number)
    chosen = get_object_or_404(canned.fitting(ticket), pk=pk)
    text = canned.filled(chosen, ticket, by=request.user)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def answered(request, ticket, then):
    """Where an answer leads: to the thread, closed if that was asked for, or to the next one."""
    company.has_done(ticket, request.user)
    if then == CLOSE:
        opinions.close_and_ask(ticket, by=request.user)
        messages.success(request, _("The answer is sent and the message is closed."))
    else:
        messages.success(request, _("The answer is sent."))
    return go_on(request, ticket) if then == NEXT else redirect(back_to(request, ticket.number))


def second_look(request, ticket, form):
    """The thread as it is now, with what was typed; sending again sends it."""
    form.data = form.data.copy()
    form.data["last_seen"] = messages_of(ticket).last_id
    form.add_error(None, _("Somebody wrote in this thread meanwhile. Read it again; sending once more sends."))
    return desk_page(request, ticket, form)


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
def desk_close(request, number):
    """Ends a thread; leads to the next one when that was asked for."""
    ticket = find(number)
    opinions.close_and_ask(ticket, by=request.user)
    messages.success(request, _("The message is closed. Another reply opens it again."))
    return go_on(request, ticket) if request.POST.get("then") == NEXT else redirect(back_to(request, number))


@support_only
@require_POST
def desk_reopen(request, number):
    """Puts a closed thread back into the queue."""
    find(number).reopen(by=request.user)
    messages.success(request, _("The message is open again."))
    return redirect(back_to(request, number))
