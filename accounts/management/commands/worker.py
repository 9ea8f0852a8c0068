"""manage.py worker"""

import signal

from django.core.management.base import BaseCommand

from accounts.work.loop import WorkLoop


class Command(BaseCommand):
    """Runs a worker until it gets SIGTERM or Ctrl-C; a second signal interrupts the task in hand."""

    help = "Sends mails and text messages, runs tasks and periodic jobs. Start as many as you like."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do all that is due now, then exit.")

    def handle(self, *, once, **options):
        loop = WorkLoop()
        if once:
            loop.run_once()
            return
        signal.signal(signal.SIGTERM, loop.stop)
        signal.signal(signal.SIGINT, loop.stop)
        loop.run()
