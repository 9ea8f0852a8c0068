"""The customer's list of messages and the page of one thread."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import needs
from accounts.pages import ROWS_ON_A_PAGE, page_of
from services.models import Service
from tickets import drafts, opinions
from tickets.forms.filters import CustomerFilters
from tickets.forms.opinion import OpinionForm
from tickets.forms.writing import ReplyForm
from tickets.models import Ticket
from tickets.models.message import mark_as_read
from tickets.permissions import Permission
from tickets.places import Place
from tickets.searching import found_page
from tickets.thread import MESSAGES_PRINTED, messages_of

MARKED_AT_ONCE = 100
# The page of a service shows the latest.
ROWS_IN_PLACE = 5


def visible(request):
    """The threads this person may see, with what is new to them."""
    return Ticket.objects.visible_to(request.membership).marked_new_for(request.user)


def find(request, number):
    """One of those threads, with what the person has read and whether they have a draft in it, or 404.

    For one that was merged it is the one that everything has moved to.
    """
    tickets = visible(request).with_seen_at(request.user).select_related("category", "service", "customer")
    tickets = tickets.annotate(has_draft=Exists(drafts.in_thread(request.user, OuterRef("pk"))))
    return tickets.filter(number=number).first() or get_object_or_404(tickets, merged__number=number)


@needs(Permission.TICKETS)
@require_safe
def threads(request):
    """All threads, the latest first; `?open=` shows the messages of one in place."""
    filters = CustomerFilters(request.GET, membership=request.membership)
    page = found_page(
        filters.apply(visible(request).in_rows()),
        filters.text,
        by="-updated_at",
        params=request.GET,
        customer=request.customer,
    )
    place = Place.in_list(request.GET)
    for row, ticket in enumerate(page.rows, start=1):
        ticket.back = place.at(row).parameter
    opened = next((ticket for ticket in page.rows if ticket.number == request.GET.get("open")), None)
    if opened:
        read(request, opened)
    context = {"page": page, "filters": filters, "place": place, "opened": opened}
    return render(request, "tickets/list.html", context | {"thread": opened and messages_of(opened)})


@needs(Permission.TICKETS)
@require_safe
def of_service(request, pk):
    """The threads about a service, the latest first; `?part=1` is what its own page shows in place."""
    service = get_object_or_404(Service.objects.visible_to(request.membership), pk=pk)
    part = request.GET.get("part") == "1"
    found = visible(request).in_rows().filter(service=service)
    page = page_of(found, by="-updated_at", params=request.GET, size=ROWS_IN_PLACE if part else ROWS_ON_A_PAGE)
    context = {"service": service, "page": page}
    return render(request, "tickets/_of_service.html" if part else "tickets/of_service.html", context)


@needs(Permission.TICKETS)
@require_safe
def unfolded(request, number):
    """For a script: the row that the list shows below a thread that is open in place."""
    ticket = find(request, number)
    read(request, ticket)
    ticket.back = Place.carried(request).parameter
    return render(request, "tickets/_unfolded.html", {"ticket": ticket, "thread": messages_of(ticket)})


@needs(Permission.TICKETS)
@require_safe
def thread(request, number):
    """One thread, with a mark before the first answer that is new; reading takes the mark away."""
    ticket = find(request, number)
    if ticket.number != number:
        return redirect("tickets:thread", ticket.number)
    seen = (ticket.seen_at or ticket.created_at) if ticket.is_new else None
    read(request, ticket)
    draft = drafts.in_thread(request.user, ticket).first() if ticket.has_draft else None
    return thread_page(request, ticket, ReplyForm(person=request.user, draft=draft), seen=seen)


def thread_page(request, ticket, form, seen=None):
    """The page of a thread with its reply form. Answers written after `seen` are new."""
    place = Place.carried(request)
    opinion = opinions.asked(ticket)
    context = {
        "ticket": ticket,
        "thread": messages_of(ticket, before=request.GET.get("before"), seen=seen),
        "form": form,
        "opinion": opinion,
        "opinion_form": opinion and OpinionForm.on(opinion),
        "back": place.parameter,
        "back_address": place.address(ticket.number),
    }
    return render(request, "tickets/thread.html", context)


@needs(Permission.TICKETS)
@require_safe
def printed(request, number):
    """A thread on one long page, to be printed."""
    ticket = find(request, number)
    if ticket.number != number:
        return redirect("tickets:thread", ticket.number)
    read(request, ticket)
    thread = messages_of(ticket, before=request.GET.get("before"), size=MESSAGES_PRINTED)
    context = {"ticket": ticket, "thread": thread, "back": Place.carried(request).parameter}
    return render(request, "tickets/printed.html", context)


def read(request, ticket):
    """Notes that the person has read it, only when that is news."""
    if ticket.is_new:
        ticket.mark_read(user=request.user)
        ticket.is_new = False


@needs(Permission.TICKETS)
@require_POST
def mark_read(request):
    """Marks the ticked threads as read, and returns to where they were ticked."""
    numbers = [number for number in request.POST.getlist("number")[:MARKED_AT_ONCE] if "\0" not in number]
    mark_as_read(visible(request).filter(number__in=numbers, is_new=True), user=request.user)
    if numbers:
        messages.success(request, _("The chosen messages are marked as read."))
    else:
        messages.info(request, _("Tick the messages that you have read."))
    return redirect(Place.carried(request).address())


@needs(Permission.TICKETS)
@require_POST
def close(request, number):
    """Ends a thread."""
    find(request, number).close(by=request.user)
    messages.success(request, _("The message is closed. Another reply opens it again."))
    return to_thread(request, number)


@needs(Permission.TICKETS)
@require_POST
def reopen(request, number):
    """Puts a closed thread back to support."""
    find(request, number).reopen(by=request.user)
    messages.success(request, _("The message is open again."))
    return to_thread(request, number)


def to_thread(request, number):
    """Leads to a thread, from which "Back" still leads to the same place in the list."""
    return redirect(Place.carried(request).carry(reverse("tickets:thread", args=[number])))
