"""Writing: a new thread, a customer's reply, an answer by support. Pages, mail and staff all come here."""

from django.db import transaction
from django.utils import timezone

from accounts import notify
from accounts.history import record
from tickets import attachments
from tickets.actions import Action
from tickets.models import Message, Ticket


class NewerMessage(Exception):
    """Somebody wrote in the thread after the answer was begun."""


@transaction.atomic
def open_ticket(*, by, customer, category, subject, text, service=None, sender=None, files=(), signed_in_as=None):
    """Begins a thread. `sender` is a contact person to be named instead of the writer.

    `signed_in_as` is the writer's membership when they wrote in their signed-in session, and only then.
    """
    ticket = Ticket.objects.create(
        customer=customer,
        category=category,
        service=service,
        subject=subject,
        sender_name=sender.name if sender else by.display_name,
        sender_email=sender.email if sender else by.email,
        sender_contact=sender,
        opened_by=by,
    )
    write(ticket, by=by, text=text, files=files, signed_in_as=signed_in_as, at=ticket.created_at)
    record(Action.TICKET_OPENED, customer=customer, by=by, ticket=ticket.number, subject=subject)
    notify.mail("ticket_opened", to=by, ticket=ticket.pk)
    return ticket


@transaction.atomic
def reply(ticket, *, by, text, files=(), signed_in_as=None):
    """The customer's side writes; the thread waits for support, also when it had been closed.

    `signed_in_as` as in open_ticket.
    """
    ticket = locked(ticket)
    message = write(ticket, by=by, text=text, files=files, signed_in_as=signed_in_as)
    move(ticket, Ticket.Status.OPEN, at=message.created_at)
    record(Action.TICKET_REPLIED, customer=ticket.customer, by=by, ticket=ticket.number)
    return message


@transaction.atomic
def answer(ticket, *, by, text, files=(), last_seen=None):
    """Support writes; the mails to whoever asked go out with the answer's text.

    `last_seen` is the id of the last message the author had before them: raises NewerMessage when
    another has come since.
    """
    ticket = locked(ticket)
    if last_seen is not None and ticket.messages.filter(pk__gt=last_seen).exists():
        raise NewerMessage
    message = write(ticket, by=by, text=text, files=files, is_staff=True)
    ticket.last_staff_message_at = message.created_at
    move(ticket, Ticket.Status.ANSWERED, at=message.created_at)
    record(Action.TICKET_ANSWERED, customer=ticket.customer, by=by, ticket=ticket.number)
    tell_the_customer(ticket, message)
    return message


def locked(ticket):
    """The thread as it is now, held until the transaction ends, so that writers come one after another."""
    return Ticket.objects.select_for_update(of=["self"]).select_related("customer").get(pk=ticket.pk)


def write(ticket, *, by, text, files, is_staff=False, signed_in_as=None, at=None):
    """Adds a message with its files."""
    message = Message.objects.create(
        ticket=ticket,
        author=by,
        author_name=by.display_name,
        is_staff=is_staff,
        signed_in_as=signed_in_as,
        generation=signed_in_as.user.session_generation if signed_in_as else None,
        text=text,
        created_at=at or timezone.now(),
    )
    attachments.send(files, message=message, by=by)
    return message


def move(ticket, status, *, at):
    """Whose turn it is after a message. One who writes again while waiting keeps their place in the queue."""
    if ticket.status != status:
        ticket.status, ticket.status_since = status, at
    ticket.closed_at = None
    ticket.updated_at = at
    ticket.save(update_fields=["status", "status_since", "closed_at", "updated_at", "last_staff_message_at"])


def tell_the_customer(ticket, message):
    """Mails the answer to the person who wrote, and to the contact person named as the sender."""
    writer, contact = ticket.opened_by, ticket.sender_contact
    if writer:
        notify.mail("ticket_answered", to=writer, message=message.pk)
    if contact and not (writer and contact.email.casefold() == writer.email.casefold()):
        language = writer.language if writer else ""
        notify.mail("ticket_answered", address=contact.email, language=language, message=message.pk)
