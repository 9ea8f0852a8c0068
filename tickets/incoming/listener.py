"""The door for a mail server of one's own: takes mails by LMTP or SMTP, and says yes only to what is kept."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from django.conf import settings
from django.db import connections

from accounts.identifiers import mailbox
from tickets import limits
from tickets.incoming.taking import take

log = logging.getLogger("tickets.incoming")

# At most so many talk to us at once, each with a mail in memory; others are asked to come back.
VISITORS_AT_MOST = 20
RECIPIENTS_AT_MOST = 100
# For one command, a whole mail included.
COMMAND_SECONDS = 300
# Longer than any program writes; RFC 5321 wants at least 1000 bytes.
LINE_BYTES = 1024 * 1024
# So many mails are read and written down at the same time.
TAKERS = 4

WELCOME, TAKEN = "250 2.1.5 OK", "250 2.0.0 OK"
NOT_HERE = "550 5.1.1 No such mailbox here"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients"
LATER = "451 4.3.0 Not now, please try again"
TOO_MANY_VISITORS = b"421 4.3.2 Too many connections, please try again\r\n"


class Door:
    """What aiosmtpd asks; `is_lmtp` says that every recipient is answered for by itself (RFC 2033, 4.2)."""

    def __init__(self, *, is_lmtp):
        self.is_lmtp = is_lmtp
        self.visitors = 0
        self.takers = ThreadPoolExecutor(TAKERS)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if len(envelope.rcpt_tos) >= RECIPIENTS_AT_MOST:
            return TOO_MANY_RECIPIENTS
        if not is_ours(address):
            return NOT_HERE
        envelope.rcpt_tos.append(address)
        return WELCOME

    async def handle_DATA(self, server, session, envelope):
        sender = envelope.mail_from.strip("<>")  # aiosmtpd hands a notice on as from "<>"
        mail = (envelope.content, list(envelope.rcpt_tos), sender)
        said = await asyncio.get_running_loop().run_in_executor(self.takers, keep, *mail)
        return "\r\n".join([said] * len(envelope.rcpt_tos)) if self.is_lmtp else said


def is_ours(address):
    """Whether mail to this address belongs to the panel."""
    domain = address.rpartition("@")[2].casefold()
    return bool(domain) and (domain == settings.REPLY_DOMAIN or mailbox(address) in settings.MAIL_INBOXES)


def keep(content, recipients, envelope_from):
    """Takes one mail and says what the server that brought it is to be told: yes after the commit, or "later"."""
    try:
        take(content, recipients=recipients, envelope_from=envelope_from)
    except Exception:  # whatever it is, the mail stays where it was
        log.exception("a mail could not be kept; the server that brought it tries again")
        return LATER
    finally:
        connections.close_all()
    return TAKEN


class Visit:
    """One connection; beyond VISITORS_AT_MOST it ends at once."""

    line_length_limit = LINE_BYTES
    is_let_in = False

    def connection_made(self, transport):
        door = self.event_handler
        if door.visitors >= VISITORS_AT_MOST:
            transport.write(TOO_MANY_VISITORS)
            transport.close()
            return
        door.visitors += 1
        self.is_let_in = True
        super().connection_made(transport)

    def connection_lost(self, error):
        if self.is_let_in:
            self.event_handler.visitors -= 1
            super().connection_lost(error)


class SMTPVisit(Visit, SMTP):
    __ident__ = "Panel"


class LMTPVisit(Visit, LMTP):
    __ident__ = "Panel"


async def listen(host, port, *, is_lmtp, stopping, ready=lambda: None):
    """Takes mails until the event `stopping` is set, and finishes those in hand."""
    door = Door(is_lmtp=is_lmtp)
    visit = LMTPVisit if is_lmtp else SMTPVisit
    options = {
        "data_size_limit": limits.MAIL_BYTES,
        "enable_SMTPUTF8": True,
        "timeout": COMMAND_SECONDS,
        "hostname": settings.REPLY_DOMAIN or "panel",
    }
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: visit(door, loop=loop, **options), host, port)
    ready()
    await stopping.wait()
    server.close()
    await loop.run_in_executor(None, door.takers.shutdown)
