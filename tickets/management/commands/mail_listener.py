"""manage.py mail_listener"""

import asyncio
import signal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tickets.incoming.listener import listen


class Command(BaseCommand):
    """Takes mails at MAIL_LISTENER until it gets SIGTERM or Ctrl-C."""

    help = "Takes mails that a mail server of your own hands over by LMTP or SMTP."

    def handle(self, **options):
        if not (settings.REPLY_DOMAIN or settings.MAIL_INBOXES):
            raise CommandError("Nobody's mail comes in here: set REPLY_DOMAIN or MAIL_INBOXES.")
        asyncio.run(self.listen())

    async def listen(self):
        stopping, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        host, port = settings.MAIL_LISTENER
        is_lmtp = settings.MAIL_LISTENER_PROTOCOL == "lmtp"
        await listen(host, port, is_lmtp=is_lmtp, stopping=stopping, ready=self.say_ready)

    def say_ready(self):
        host, port = settings.MAIL_LISTENER
        self.stdout.write(f"{settings.MAIL_LISTENER_PROTOCOL.upper()} at {host}:{port}")
