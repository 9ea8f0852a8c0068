"""Putting a thread where it belongs: into another one, to a customer, under a category and a service."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import support_only
from accounts.confirmation import ask
from accounts.identifiers import mailbox
from tickets import giving, merging, sorting
from tickets.forms.moving import MergeForm, SortForm
from tickets.views.desk import WHO, back_to, find

shown_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@support_only
@shown_or_sent
def desk_merge(request, number):
    """Merges the thread into another of the same customer, after asking."""
    ticket = find(number)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return merge_page(request, ticket, form)
    into = form.cleaned_data["into"]
    try:
        merging.check(ticket, into)
        if question := ask_to_merge(request, ticket, into):
            return question
        merging.merge(ticket, into, by=request.user)
    except merging.Unfit as unfit:
        form.add_error("into", str(unfit))
        return merge_page(request, ticket, form)
    messages.success(request, _("The messages are merged."))
    return redirect(back_to(request, into.number))


def merge_page(request, ticket, form):
    """Asks which one it is to be merged into."""
    context = {"ticket": ticket, "form": form, "candidates": merging.candidates(ticket)}
    return render(request, "tickets/desk_merge.html", context)


def ask_to_merge(request, ticket, into):
    """Says what happens, and that nothing brings it back."""
    words = _(
        "Everything written in %(number)s “%(subject)s”, with notes and attachments, moves to %(into)s “%(other)s” of "
        "customer %(customer)s and is seen by whoever sees that one. Then %(number)s is closed and leads there. "
        "This cannot be undone."
    )
    details = {"number": ticket.number, "subject": ticket.subject, "into": into.number, "other": into.subject}
    return ask(
        request,
        title=_("Merge the messages?"),
        text=words % (details | {"customer": into.customer.number}),
        label=_("Merge"),
        cancel_url=back_to(request, ticket.number),
        danger=True,
        carry={"into": into.number},
    )


@support_only
@shown_or_sent
def desk_give(request, number):
    """Gives nobody's thread to a customer, found by number, login or e-mail, after asking."""
    ticket = find(number)
    customer = giving.customer_numbered(request.POST.get("customer", ""))
    if ticket.customer or not customer:
        return give_page(request, ticket)
    if question := ask_to_give(request, ticket, customer):
        return question
    try:
        giving.give(ticket, customer, by=request.user)
    except giving.HasCustomer:
        return give_page(request, ticket)
    messages.success(request, _("The message is the customer's now."))
    return redirect(back_to(request, number))


def give_page(request, ticket):
    """Whose it may be: at first by the address it came from; the way back when somebody was quicker."""
    if ticket.customer:
        messages.info(request, _("This message has a customer already."))
        return redirect(back_to(request, ticket.number))
    words = request.GET.get(WHO, ticket.sender_email)
    context = {"ticket": ticket, "words": words, "customers": giving.customers_by(words)}
    return render(request, "tickets/desk_give.html", context)


def ask_to_give(request, ticket, customer):
    """Says who sees it afterwards, and who gets the answers."""
    person, contact = giving.reader(ticket.sender_email, customer)
    words = _(
        "The owner and the administrative users of customer %(number)s %(name)s will see %(case)s “%(subject)s” from "
        "%(address)s. Answers will go to %(reader)s."
    )
    return ask(
        request,
        title=_("Give the message to this customer?"),
        text=words
        % {
            "number": customer.number,
            "name": customer.name,
            "case": ticket.number,
            "subject": ticket.subject,
            "address": ticket.sender_email,
            "reader": ticket.sender_email if contact or is_sender(person, ticket) else _("the owner"),
        },
        label=_("Give it to the customer"),
        cancel_url=back_to(request, ticket.number),
        carry={"customer": customer.number},
    )


def is_sender(person, ticket):
    """Whether a person has the address that the thread came from."""
    return bool(person) and mailbox(person.email) == mailbox(ticket.sender_email)


@support_only
@shown_or_sent
def desk_sort(request, number):
    """Another category or service; another service asks first, for other people may see the thread then."""
    ticket = find(number)
    data = request.POST if request.method == "POST" else None
    form = SortForm(data, ticket=ticket, services=sorting.services_known_to(request.user, ticket))
    if not form.is_valid():
        return render(request, "tickets/desk_sort.html", {"ticket": ticket, "form": form})
    if form.cleaned_data["service"] != ticket.service and (question := ask_to_sort(request, ticket, form)):
        return question
    sorting.sort(ticket, by=request.user, **form.cleaned_data)
    messages.success(request, _("Changes saved."))
    return redirect(back_to(request, number))


def ask_to_sort(request, ticket, form):
    """Says who sees it afterwards."""
    service = form.cleaned_data["service"]
    if service:
        words = _(
            "From then on %(case)s is seen by the owner, the administrative users, and everybody who was given the "
            "service %(service)s."
        ) % {"case": ticket.number, "service": service.name}
    else:
        words = _("From then on %(case)s is seen by the owner and the administrative users only.") % {
            "case": ticket.number
        }
    return ask(
        request,
        title=_("Change the service of the message?"),
        text=words,
        label=_("Change the service"),
        cancel_url=back_to(request, ticket.number),
        carry={"category": form.cleaned_data["category"].pk, "service": service.pk if service else ""},
    )
