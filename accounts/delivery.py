"""How a written message leaves the building: by mail over one open connection, or by SMS."""

import re
import smtplib
from contextlib import suppress
from email.utils import formataddr, parseaddr

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from accounts import bounces, sms
from accounts.models import Outbox, Provider

# What a mail server, or a company that sends by its own interface, may answer.
FAILURES = (OSError, AnymailError)
# SMTP reply codes (RFC 5321, 4.2.3).
SERVICE_NOT_AVAILABLE = 421
FIRST_PERMANENT = 500
# Codes (RFC 3463) about nobody but the recipient. 5.1.0, too, is said by some servers about the sender, and a refusal
# without a code may mean anything: one server that is set up wrongly must not mark every address there is.
OF_THE_READER = re.compile(r"5\.(1\.([1-6]|10)|2\.[12])(?!\.?\d)")


class NotSent(Exception):
    """The message did not leave; `permanent` says that trying again is of no use.

    `refused` is the code (RFC 3463) with which its reader's address was refused, or "".
    """

    def __init__(self, message, *, permanent=False, refused=""):
        super().__init__(message)
        self.permanent, self.refused = permanent, refused


class Mail:
    """Sends mails over one connection, which is opened anew when it breaks."""

    def __init__(self):
        self.connection = get_connection()
        self.unreachable = None

    def send(self, row, message):
        """Sends at once, a second time over a new connection when the server has hung up the old one."""
        email = compose(row, message, self.connection)
        try:
            self.hand_over(email)
        except FAILURES as error:
            self.close()
            if not is_hung_up(error):
                raise not_sent(error) from error
            self.send_again(email)

    def send_again(self, email):
        """The second try; what fails now is for later."""
        try:
            self.hand_over(email)
        except FAILURES as error:
            self.close()
            raise not_sent(error) from error

    def hand_over(self, email):
        """Opens the connection if need be; a server that cannot be reached is not tried again in this batch."""
        if self.unreachable:
            raise NotSent(self.unreachable)
        try:
            self.connection.open()
        except OSError as error:
            self.close()
            self.unreachable = describe(error)
            raise NotSent(self.unreachable) from error
        self.connection.send_messages([email])

    def close(self):
        """Hangs up, whatever state the connection is in."""
        with suppress(OSError):
            self.connection.close()


def compose(row, message, connection):
    """The mail with its two parts and headers; the same row makes the same Message-ID each time."""
    provider = Provider.current()
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    name = provider.name if provider else name
    reply_to = message.reply_to or (provider.email if provider else "")
    sender = formataddr((name, address))
    # A company that sends by its own interface has a sender of its own, and tells us by webhook what came back.
    envelope = bounces.envelope_sender(row) if settings.MAIL_PROVIDER == "smtp" else ""
    headers = {"Message-ID": row.message_id, "Auto-Submitted": "auto-generated"}
    if envelope:
        headers["From"] = sender
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=envelope or sender,
        to=[row.address],
        reply_to=[formataddr((name if message.reply_to else "", reply_to))] if reply_to else [],
        headers=headers | message.headers,
        connection=connection,
    )
    # Comes back in what such a company tells of the mail.
    email.metadata = {"outbox": str(row.pk)}
    email.attach_alternative(message.html, "text/html")
    for name, content, media_type in message.attached:
        email.attach(name, content, media_type)
    return email


def is_hung_up(error):
    """Whether the server merely ended this connection (421: so many mails, so much time)."""
    hung_up = isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError)
    return hung_up or getattr(error, "smtp_code", None) == SERVICE_NOT_AVAILABLE


def not_sent(error):
    """The failure as the outbox is told of it."""
    return NotSent(describe(error), permanent=is_permanent(error), refused=refused_with(error))


def is_permanent(error):
    """Whether the server refused this address or this text for good (5xx), and not us or our sign-in."""
    if isinstance(error, AnymailRecipientsRefused):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= FIRST_PERMANENT for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= FIRST_PERMANENT


def refused_with(error):
    """The code with which the reader's address was refused for good, and not we or what we write; or ""."""
    if isinstance(error, AnymailRecipientsRefused):
        return bounces.UNKNOWN
    answers = error.recipients.values() if isinstance(error, smtplib.SMTPRecipientsRefused) else []
    for code, words in answers:
        found = OF_THE_READER.match(words.decode("utf-8", "replace"))
        if code >= FIRST_PERMANENT and found:
            return found[0]
    return ""


def describe(error):
    """The failure in one line, for the row."""
    return f"{type(error).__name__}: {error}"


class TextMessage:
    """Sends text messages through the configured backend, to the countries we serve."""

    def send(self, row, message):
        if settings.SMS_BACKEND and not sms.reaches(row.address):
            raise NotSent("no text messages are sent to this country", permanent=True)
        try:
            sms.sender().send(row.address, message.text, row.message_id)
        except sms.SmsError as error:
            raise NotSent(str(error), permanent=error.permanent) from error

    def close(self):
        """Nothing is kept open."""


CARRIERS = {Outbox.Channel.MAIL: Mail, Outbox.Channel.SMS: TextMessage}
