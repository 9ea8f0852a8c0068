"""Drafts: saved by a script while somebody types, or by a button; thrown away by another."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.confirmation import ask
from accounts.limits import TooMany
from tickets import attachments, drafts, limits
from tickets.forms.writing import NewTicketForm, ReplyForm
from tickets.models import Ticket
from tickets.uploads import bounded_uploads
from tickets.views.files import writers_only
from tickets.views.threads import visible


@require_POST
@writers_only
@bounded_uploads
def save(request):
    """Keeps what stands in the form, with its files; a script is told in JSON, a person on the page they come from."""
    ticket = thread_of(request)
    try:
        limits.DRAFTS.charge(request.user.pk)
    except TooMany:
        return answer(request, ticket, problems=[_("Drafts were saved too often in the last hour.")], status=429)
    form = form_of(request, ticket)
    form.is_valid()
    form.kept += [attachments.keep(upload, by=request.user) for upload in form.accepted]
    customer = ticket.customer if ticket else request.customer
    draft = drafts.save(writer=request.user, customer=customer, ticket=ticket, files=form.kept, **form.typed)
    return answer(request, ticket, said=draft.said if draft else "", problems=form.errors.get("files", []))


@require_POST
@writers_only
@bounded_uploads
def remove(request):
    """Throws the draft away with its files, after asking; the form is empty again."""
    ticket = thread_of(request)
    question = ask(
        request,
        title=_("Delete the draft?"),
        text=_("What is written here and its files are lost."),
        label=_("Delete the draft"),
        cancel_url=page_of(request, ticket),
        danger=True,
        carry={"thread": ticket.number if ticket else ""},
    )
    if question:
        return question
    drafts.forget(drafts.in_thread(request.user, ticket) if ticket else drafts.of_new(request.user, request.customer))
    messages.success(request, _("The draft is deleted."))
    return redirect(page_of(request, ticket))


def thread_of(request):
    """The thread that the form stands in, None for a new message; 404 when this person does not see it."""
    number = request.POST.get("thread", "")
    if "\0" in number:
        raise Http404
    if request.user.is_support:
        return get_object_or_404(Ticket.objects.select_related("customer"), number=number)
    return get_object_or_404(visible(request).select_related("customer"), number=number) if number else None


def form_of(request, ticket):
    """The form that was typed into."""
    if ticket:
        return ReplyForm(request.POST, request.FILES, person=request.user)
    return NewTicketForm(request.POST, request.FILES, membership=request.membership)


def answer(request, ticket, *, said="", problems=(), status=200):
    """What becomes of it in words: for the script, or as notices on the page with the form."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"said": said, "problems": list(problems)}, status=status)
    if said:
        messages.success(request, said)
    for problem in problems:
        messages.error(request, problem)
    return redirect(page_of(request, ticket))


def page_of(request, ticket):
    """The address of the form."""
    if ticket is None:
        return reverse("tickets:new")
    page = "tickets:desk_thread" if request.user.is_support else "tickets:thread"
    return f"{reverse(page, args=[ticket.number])}#reply"
