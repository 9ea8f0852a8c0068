"""A real SMTP server that can refuse, hang up, or keep a mail waiting in the middle of DATA."""

import asyncio
import socket
from email import message_from_bytes
from email.policy import default
from threading import Event

import pytest
from aiosmtpd.controller import Controller

# Nobody waits so long where the machine has nothing else to do.
READY_SECONDS = 60


class Postman:
    """What it accepted is in `mails`, by whose envelope in `senders`; how it behaves is set by its attributes."""

    def __init__(self):
        self.mails, self.senders = [], []
        self.connections = 0
        self.refusals = {}
        self.hang_up_after = None
        self.hold_at = None
        self.holding, self.let_go = Event(), Event()
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=READY_SECONDS)

    @property
    def subjects(self):
        """Those of the mails in their order; what came again, as a worker died before noting it, counts once."""
        return list({mail["Message-ID"]: mail["Subject"] for mail in self.mails}.values())

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name, session.mails = hostname, 0
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.hang_up_after is not None and session.mails >= self.hang_up_after:
            return "421 that is enough for one visit"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=default)
        if self.hold_at is not None and len(self.mails) == self.hold_at:
            self.hold_at = None
            self.held = mail["Message-ID"]
            self.holding.set()
            await asyncio.get_running_loop().run_in_executor(None, self.let_go.wait, 120)
        session.mails += 1
        self.senders.append(envelope.mail_from)
        self.mails.append(mail)
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def postman(settings):
    """A real SMTP server, to which the panel sends."""
    postman = Postman()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postman.port
    postman.controller.start()
    yield postman
    postman.let_go.set()
    postman.controller.stop()
