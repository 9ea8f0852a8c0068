"""The customer's list of messages and the page of one thread."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import needs
from accounts.pages import page_of
from tickets.forms.filters import CustomerFilters
from tickets.forms.writing import ReplyForm
from tickets.models import Ticket
from tickets.permissions import Permission
from tickets.thread import messages_of

MARKED_AT_ONCE = 100


def visible(request):
    """The threads this person may see, with what is new to them."""
    return Ticket.objects.visible_to(request.membership).marked_new_for(request.user)


def find(request, number):
    """One of those threads, or 404."""
    return get_object_or_404(visible(request).select_related("category", "service", "customer"), number=number)


@needs(Permission.TICKETS)
@require_safe
def threads(request):
    """All threads, the latest first; `?open=` shows the messages of one in place."""
    filters = CustomerFilters(request.GET, membership=request.membership)
    page = page_of(filters.apply(visible(request).in_rows()), by="-updated_at", params=request.GET)
    opened = next((ticket for ticket in page.rows if ticket.number == request.GET.get("open")), None)
    if opened:
        read(request, opened)
    context = {"page": page, "filters": filters, "opened": opened, "thread": opened and messages_of(opened)}
    return render(request, "tickets/list.html", context)


@needs(Permission.TICKETS)
@require_safe
def thread(request, number):
    """One thread; reading it takes its mark away."""
    ticket = find(request, number)
    read(request, ticket)
    return thread_page(request, ticket, ReplyForm(person=request.user))


def thread_page(request, ticket, form):
    """The page of a thread with its reply form."""
    context = {"ticket": ticket, "thread": messages_of(ticket, before=request.GET.get("before")), "form": form}
    return render(request, "tickets/thread.html", context)


def read(request, ticket):
    """Notes that the person has read it, only when that is news."""
    if ticket.is_new:
        ticket.mark_read(user=request.user)
        ticket.is_new = False


@needs(Permission.TICKETS)
@require_POST
def mark_read(request):
    """Marks the ticked threads as read."""
    numbers = [number for number in request.POST.getlist("number")[:MARKED_AT_ONCE] if "\0" not in number]
    for ticket in visible(request).filter(number__in=numbers, is_new=True):
        ticket.mark_read(user=request.user)
    messages.success(request, _("The chosen messages are marked as read."))
    return redirect("tickets:list")


@needs(Permission.TICKETS)
@require_POST
def close(request, number):
    """Ends a thread."""
    find(request, number).close(by=request.user)
    messages.success(request, _("The message is closed. Another reply opens it again."))
    return redirect("tickets:thread", number)


@needs(Permission.TICKETS)
@require_POST
def reopen(request, number):
    """Puts a closed thread back to support."""
    find(request, number).reopen(by=request.user)
    messages.success(request, _("The message is open again."))
    return redirect("tickets:thread", number)
