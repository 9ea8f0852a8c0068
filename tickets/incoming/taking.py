"""One mail becomes a reply, a new thread, or a refusal with its reason that support can look at."""

import hashlib
import logging

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import bounces
from accounts.identifiers import EMAIL_LENGTH, delivered_to
from accounts.limits import TooMany
from tickets import attachments, limits, reply_addresses
from tickets.conversation import Outside, open_ticket, reply
from tickets.file_names import clean_name
from tickets.forms.files import refusal
from tickets.incoming import parsing, quoting, reports, senders
from tickets.models import Attachment, Category, IncomingMail, Message
from tickets.models.message import TEXT_LENGTH

log = logging.getLogger("tickets.incoming")

Reason = IncomingMail.Reason


# Of a mail longer than any that is taken, the beginning tells who wrote it.
RAW_KEPT = limits.MAIL_BYTES
# What support may still take.
ADMITTED = [IncomingMail.State.REFUSED, IncomingMail.State.SETTLED]


class SameMail(Exception):
    """The mail is here already."""


class Refused(Exception):
    """The mail becomes no message, for this reason."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def take(raw, *, recipients=(), envelope_from=None):
    """Takes a mail, bytes as they came, and returns its row; the same mail again gives the row of the first.

    `recipients` are the addresses it was delivered to; `envelope_from` is the sender that the server named, ""
    for a notice (RFC 5321, 4.5.5), None when the door does not tell. Must not be called within a transaction:
    what it counts stays counted.
    """
    try:
        mail = parsing.read(raw)
    except parsing.TooLarge:
        return kept(raw, parsing.Mail(), recipients, Reason.TOO_LARGE)
    except parsing.TooManyParts:
        return kept(raw, parsing.Mail(), recipients, Reason.TOO_MANY_PARTS)
    except Exception:  # the parser of Python gives up on some mails; none of them may be lost
        log.exception("a mail could not be read")
        return kept(raw, parsing.Mail(), recipients, Reason.UNREADABLE)
    mail.recipients = [*recipients, *mail.recipients]
    if known := same_as(mail):
        return known
    try:
        found = judge(mail, envelope_from)
    except Refused as refused:
        return kept(raw, mail, recipients, refused.reason)
    return delivered(raw, mail, recipients, *found)


def same_as(mail):
    """The row of this very mail, or None."""
    return IncomingMail.objects.filter(content=mail.content, key__in=keys(mail)).first()


def keys(mail):
    """The key of a mail by its Message-ID, and the one for when another mail has come under the same."""
    named = mail.message_id or digest(mail.date, mail.content)
    return [digest(named), digest(named, mail.content)]


def digest(*words):
    return hashlib.sha256("\x1f".join(words).encode("utf-8", "replace")).hexdigest()


def judge(mail, envelope_from):
    """(sender, thread or None for a new one, whether to confirm) for a mail that is taken. Raises Refused."""
    if mail.is_report:
        reports.note(mail)
        raise Refused(Reason.BOUNCE)
    if mail.is_automatic or envelope_from == "" or bounces.is_named(mail.recipients):
        raise Refused(Reason.AUTOMATIC)
    if not mail.sender_email:
        raise Refused(Reason.NO_SENDER)
    if is_ours(mail.sender_email):
        raise Refused(Reason.LOOP)
    if not (mail.text or any(part.content for part in mail.parts)):
        raise Refused(Reason.EMPTY)
    address = reply_addresses.find(mail.recipients)
    ticket = address.ticket if address else None
    if senders.is_shut_out(mail.sender_email) or (ticket and is_shut(address)):
        raise Refused(Reason.BLOCKED)
    sender = senders.in_thread(mail, ticket, address.user) if ticket else senders.of_new(mail)
    charge(mail, sender)
    return sender, ticket, not ticket and may_confirm(mail, sender)


def is_ours(address):
    """Whether the panel writes from this address itself."""
    domain = address.rpartition("@")[2].casefold()
    return bool(settings.REPLY_DOMAIN) and domain == settings.REPLY_DOMAIN


def is_shut(address):
    """Whether the thread of a reply address is a closed customer's, or its reader is blocked."""
    customer = address.ticket.customer
    return bool(customer and customer.closed_at) or bool(address.user and address.user.is_shut_out)


def charge(mail, sender):
    """Counts the mail for its sender. Raises Refused.

    Whoever is vouched for is counted by themselves: others write the address into their From lines, too.
    """
    limit = limits.MAILS_OF_CUSTOMERS if sender.is_verified else limits.MAILS_OF_STRANGERS
    try:
        limit.charge(delivered_to(mail.sender_email))
    except TooMany:
        raise Refused(Reason.TOO_MANY) from None


def may_confirm(mail, sender):
    """Whether whoever wrote hears that it came: anybody's address may stand in a From line."""
    if sender.is_verified:
        return True
    try:
        limits.CONFIRMATIONS.charge(delivered_to(mail.sender_email))
        limits.CONFIRMATIONS_DAY.charge(delivered_to(mail.sender_email))
    except TooMany:
        return False
    return True


def delivered(raw, mail, recipients, sender, ticket, confirm):
    """Writes the message and the row of the mail in one transaction; returns the row."""
    words = prepared(mail, sender)
    try:
        with transaction.atomic():
            row = write_row(raw, mail, recipients, is_verified=sender.is_verified)
            row.message = message_of(mail, sender, ticket, confirm, **words)
            row.save(update_fields=["message"])
    except SameMail:
        attachments.remove(Attachment.objects.filter(pk__in=[file.pk for file in words["files"]]))
        return same_as(mail)
    return row


def message_of(mail, sender, ticket, confirm, **words):
    """The mail as a reply in the thread, or as the first message of a new one."""
    return reply(ticket, **words) if ticket else begun(mail, sender, confirm, **words)


def prepared(mail, sender):
    """What conversation is told of a mail; its files are stored."""
    written, quoted = quoting.part(mail.text)
    files, left_out = sorted_files(mail, written)
    stored = [attachments.keep(file, by=sender.person) for file in files]
    outside = Outside(
        name=mail.sender_name,
        email=mail.sender_email,
        origin=Message.Origin.MAIL,
        is_verified=sender.is_verified,
        quoted=quoted[:TEXT_LENGTH],
        left_out=left_out,
        message_id=mail.message_id,
        answered=reply_addresses.find(mail.recipients),
    )
    return {"by": sender.person, "outside": outside, "text": written[:TEXT_LENGTH], "files": stored}


def sorted_files(mail, written):
    """(files that are kept, names of those that are not): at most as many and as large as on a page."""
    files = [SimpleUploadedFile(part.name or "file", part.content) for part in mail.parts]
    if len(written) > TEXT_LENGTH:
        files.insert(0, SimpleUploadedFile(_("the whole message") + ".txt", written.encode()))
    good = [file for file in files if not refusal(file)][: limits.FILES_PER_MESSAGE]
    return good, [clean_name(file.name) for file in files if file not in good]


def begun(mail, sender, confirm, **words):
    """The first message of a new thread."""
    ticket = open_ticket(
        customer=sender.customer,
        category=Category.for_mail(),
        service=sender.service,
        sender=sender.contact,
        subject=mail.subject or _("(no subject)"),
        confirmed=confirm,
        **words,
    )
    return ticket.messages.first()


def write_row(raw, mail, recipients, **more):
    """The row of a mail with the mail itself. Raises SameMail when there is one of it already."""
    for key in keys(mail):
        row = IncomingMail(
            key=key,
            content=mail.content,
            sender_name=mail.sender_name,
            sender_email=mail.sender_email,
            recipient=parsing.cleaned(next(iter(recipients), ""))[:EMAIL_LENGTH],
            size=len(raw),
            **{"subject": mail.subject} | more,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            if IncomingMail.objects.filter(key=key, content=mail.content).exists():
                raise SameMail from None
        else:
            row.raw.save("", ContentFile(raw[:RAW_KEPT]))
            return row
    raise SameMail


def kept(raw, mail, recipients, reason):
    """Writes down a mail that becomes no message; of one of ours that came back, only why it did.

    Its subject is left out, too: many servers repeat ours.
    """
    more = {"state": IncomingMail.State.REFUSED, "reason": reason}
    if not mail.message_id:
        mail.message_id = digest(raw.decode("latin-1"))
    if bounces.is_named([*recipients, *mail.recipients]):
        raw, more = reports.bare(mail), more | {"subject": ""}
    try:
        with transaction.atomic():
            return write_row(raw, mail, recipients, **more)
    except SameMail:
        return same_as(mail)
