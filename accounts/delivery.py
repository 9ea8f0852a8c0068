"""How a written message leaves the building: by mail over one open connection, or by SMS."""

import smtplib
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from accounts import sms
from accounts.models import Outbox, Provider


class NotSent(Exception):
    """The message did not leave; `permanent` says that trying again is of no use."""

    def __init__(self, message, *, permanent=False):
        super().__init__(message)
        self.permanent = permanent


class Mail:
    """Sends mails over one connection, which is opened anew when it breaks."""

    def __init__(self):
        self.connection = get_connection()

    def send(self, row, message):
        """Sends at once, a second time over a new connection when the server has hung up the old one."""
        email = compose(row, message, self.connection)
        try:
            self.hand_over(email)
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            self.close()
            self.hand_over(email)

    def hand_over(self, email):
        try:
            self.connection.open()
            self.connection.send_messages([email])
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            raise
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise NotSent(f"{type(error).__name__}: {error}", permanent=is_permanent(error)) from error

    def close(self):
        """Hangs up, whatever state the connection is in."""
        try:
            self.connection.close()
        except (smtplib.SMTPException, OSError):
            self.connection.connection = None


def compose(row, message, connection):
    """The mail with its two parts and headers; the same row makes the same Message-ID each time."""
    provider = Provider.current()
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=formataddr((provider.name if provider else name, address)),
        to=[row.address],
        reply_to=[provider.email] if provider else [],
        headers={"Message-ID": row.message_id, "Auto-Submitted": "auto-generated"} | message.headers,
        connection=connection,
    )
    email.attach_alternative(message.html, "text/html")
    return email


def is_permanent(error):
    """Whether the server refused this address or this text for good (5xx), and not us or our sign-in."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


class TextMessage:
    """Sends text messages through the configured backend, to the countries we serve."""

    def send(self, row, message):
        if not row.address.startswith(tuple(settings.SMS_COUNTRY_PREFIXES)):
            raise NotSent("no text messages are sent to this country", permanent=True)
        try:
            sms.sender().send(row.address, message.text, row.message_id)
        except sms.SmsError as error:
            raise NotSent(str(error), permanent=error.permanent) from error

    def close(self):
        """Nothing is kept open."""


CARRIERS = {Outbox.Channel.MAIL: Mail, Outbox.Channel.SMS: TextMessage}
