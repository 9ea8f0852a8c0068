"""Writing: a new thread, a customer's reply, an answer by support. Pages, mail and staff all come here."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.history import record
from tickets import attachments, drafts, targets
from tickets.actions import Action
from tickets.models import Message, ReplyAddress, Ticket
from tickets.telling import came_in, confirm, tell_the_customer


class NewerMessage(Exception):
    """Somebody wrote in the thread after the answer was begun."""


class SentAlready(Exception):
    """The same form came before; `message` is what it became."""

    def __init__(self, message):
        super().__init__(message.pk)
        self.message = message


@dataclass(frozen=True)
class Outside:
    """How words came that were not written in a session, and from whom.

    `is_verified` says that the address is known to be the author's; `quoted` is what a mail repeats of earlier ones,
    `left_out` names the files of it that were not kept. `message_id` is a mail's own, `answered` whose mail it
    answers. `language` is the writer's, "" when nobody knows it.
    """

    name: str
    email: str
    origin: str
    is_verified: bool = False
    quoted: str = ""
    left_out: list = field(default_factory=list)
    message_id: str = ""
    answered: ReplyAddress | None = None
    language: str = ""


@transaction.atomic
def open_ticket(
    *,
    customer,
    category,
    subject,
    text,
    by=None,
    outside=None,
    service=None,
    sender=None,
    files=(),
    signed_in_as=None,
    confirmed=True,
    key="",
):
    """Begins a thread, of nobody's as long as `customer` is None. `sender` is a contact person named as the writer.

    `by` is the writer as a person with a login, `outside` how the words came from elsewhere; one of them is given.
    `signed_in_as` is the writer's membership when they wrote in their signed-in session, and only then.
    `confirmed` says whether they get a mail that it is here. `key` tells the form from others: raises SentAlready
    when it became a message before.
    """
    author = sender or outside
    ticket = Ticket.objects.create(
        customer=customer,
        category=category,
        service=service,
        subject=subject,
        sender_name=author.name if author else by.display_name,
        sender_email=author.email if author else by.email,
        sender_contact=sender,
        opened_by=by,
        language=outside.language if outside else "",
    )
    written = {"outside": outside, "signed_in_as": signed_in_as, "key": key}
    write(ticket, by=by, text=text, files=files, at=ticket.created_at, **written)
    if outside is None:
        drafts.forget(drafts.of_new(by, customer))
    targets.begin(ticket, at=ticket.created_at)
    record(Action.TICKET_OPENED, customer=customer, by=by, ticket=ticket.number, subject=subject)
    if confirmed:
        confirm(ticket)
    return ticket


@transaction.atomic
def reply(ticket, *, text, by=None, outside=None, files=(), signed_in_as=None, key=""):
    """The customer's side writes; the thread waits for support, also when it had been closed.

    `by`, `outside`, `signed_in_as` and `key` as in open_ticket.
    """
    ticket = locked(ticket)
    message = write(ticket, by=by, text=text, files=files, outside=outside, signed_in_as=signed_in_as, key=key)
    move(ticket, Ticket.Status.OPEN, at=message.created_at)
    if outside is None:
        drafts.forget(drafts.in_thread(by, ticket))
    record(Action.TICKET_REPLIED, customer=ticket.customer, by=by, ticket=ticket.number)
    return message


@transaction.atomic
def answer(ticket, *, by, text, files=(), last_seen=None, key=""):
    """Support writes; the mails to whoever asked go out with the answer's text.

    `last_seen` is the id of the last message the author had before them: raises NewerMessage when
    another has come since. `key` as in open_ticket.
    """
    ticket = locked(ticket)
    refuse_again(by, key)
    if last_seen is not None and ticket.messages.filter(pk__gt=last_seen).exists():
        raise NewerMessage
    message = write(ticket, by=by, text=text, files=files, is_staff=True, key=key)
    ticket.last_staff_message_at = message.created_at
    targets.end(ticket, at=message.created_at)
    move(ticket, Ticket.Status.ANSWERED, at=message.created_at)
    drafts.forget(drafts.in_thread(by, ticket))
    record(Action.TICKET_ANSWERED, customer=ticket.customer, by=by, ticket=ticket.number)
    tell_the_customer(ticket, message)
    return message


def locked(ticket):
    """The thread as it is now, held until the transaction ends, so that writers come one after another.

    Of one that was merged it is the one that everything has moved to; the merged one is not held, for whoever merges
    that one holds it first. Nothing is loaded along: of a row that somebody else held PostgreSQL joins what it
    pointed to before.
    """
    rows = Ticket.objects.select_for_update()
    found = rows.get(pk=Ticket.objects.values_list("merged_into", flat=True).get(pk=ticket.pk) or ticket.pk)
    while found.merged_into_id:
        found = rows.get(pk=found.merged_into_id)
    return found


def refuse_again(by, key):
    """Raises SentAlready when this person's form with this key became a message."""
    found = Message.objects.select_related("ticket").filter(author=by, key=key).first() if key else None
    if found:
        raise SentAlready(found)


def write(ticket, *, by, text, files, outside=None, is_staff=False, signed_in_as=None, at=None, key=""):
    """Adds a message with its files. Raises SentAlready."""
    message = Message(
        ticket=ticket,
        author=by,
        author_name=outside.name if outside else by.display_name,
        author_email=outside.email if outside else "",
        origin=outside.origin if outside else Message.Origin.PAGE,
        is_verified=outside.is_verified if outside else True,
        is_staff=is_staff,
        signed_in_as=signed_in_as,
        generation=signed_in_as.user.session_generation if signed_in_as else None,
        text=text,
        quoted=outside.quoted if outside else "",
        left_out=outside.left_out if outside else [],
        created_at=at or timezone.now(),
        key=key,
    )
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        refuse_again(by, key)
        raise
    attachments.send(files, message=message, by=by)
    if outside:
        came_in(ticket, by=by, outside=outside)
    return message


def move(ticket, status, *, at):
    """Whose turn it is after a message. One who writes again while waiting keeps their place in the queue."""
    if ticket.status != status:
        ticket.status, ticket.status_since = status, at
        if status == Ticket.Status.OPEN:
            targets.begin(ticket, at=at)
    ticket.closed_at = None
    ticket.updated_at = at
    ticket.save(update_fields=["status", "status_since", "closed_at", "updated_at", "last_staff_message_at"])
