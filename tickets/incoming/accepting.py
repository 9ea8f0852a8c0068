"""What support does with mails that were not taken: reads them, takes them all the same, or settles them."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.history import record
from tickets import limits, reply_addresses
from tickets.actions import Action
from tickets.incoming import parsing, senders
from tickets.incoming.taking import ADMITTED, is_shut, message_of, prepared
from tickets.models import IncomingMail

State, Reason = IncomingMail.State, IncomingMail.Reason

# Made by machines in great numbers; they wait in the list and are not counted.
HARDLY_WORTH_A_LOOK = [Reason.AUTOMATIC, Reason.BOUNCE]
# Of a mail that cannot be read, so much is shown as it came.
SHOWN_BYTES = 10_000


@dataclass(frozen=True)
class Opened:
    """A mail read once more. `is_broken` says that it could not be, and `text` is how it begins."""

    mail: parsing.Mail
    text: str
    is_broken: bool = False


def opened(row):
    """The mail of a row, however broken it is."""
    raw = raw_of(row)
    try:
        mail = parsing.read(raw) if row.reason != Reason.TOO_LARGE else None
    except Exception:  # why it was not taken
        mail = None
    if mail is None:
        beginning = parsing.cleaned(raw[:SHOWN_BYTES].decode("utf-8", "replace"))
        whole = parsing.Part("message.eml", raw)
        return Opened(parsing.Mail(subject=row.subject, parts=[whole]), beginning, is_broken=True)
    return Opened(mail, mail.text)


def raw_of(row):
    """The mail as it came; empty once it is forgotten."""
    if not row.raw:
        return b""
    with row.raw.open() as file:
        return file.read(limits.MAIL_BYTES)


def accept(row, *, by):
    """Makes a reply or a thread of a mail that was not taken; returns the message. Twice is harmless.

    Nobody is mailed about it: what wrote it may be a machine.
    """
    content = opened(row)
    mail, address = content.mail, reply_addresses.find([row.recipient, *content.mail.recipients])
    if content.is_broken:
        mail.text = _("This e-mail could not be read. It is attached as it came.")
    ticket = address.ticket if address and not is_shut(address) else None
    sender = senders.in_thread(mail, ticket, address.user) if ticket else senders.of_new(mail)
    mail.sender_name = mail.sender_name or _("Unknown sender")
    words = prepared(mail, sender)
    with transaction.atomic():
        row = IncomingMail.objects.select_for_update(of=["self"]).get(pk=row.pk)
        if row.state not in ADMITTED:
            return row.message
        row.message = message_of(mail, sender, ticket, confirm=False, **words)
        row.state, row.is_verified = State.TAKEN, sender.is_verified
        row.save(update_fields=["message", "state", "is_verified"])
        record(Action.MAIL_ACCEPTED, user=by, by=by, sender=row.sender_email, ticket=row.message.ticket.number)
    return row.message


@transaction.atomic
def settle(row, *, by):
    """Notes that somebody has looked at a mail and nothing is to be done; done already is done."""
    if IncomingMail.objects.filter(pk=row.pk, state=State.REFUSED).update(state=State.SETTLED):
        record(Action.MAIL_SETTLED, user=by, by=by, sender=row.sender_email)
