"""`manage.py sandbox`: the server of the sandbox gateway."""

from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from billing.sandbox.server import HOST, SandboxServer


class Command(BaseCommand):
    help = "Runs the payment server of the demo, at this machine only, until Ctrl+C."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=0, help="the port of SANDBOX_URL unless told otherwise")

    def handle(self, *args, **options):
        if settings.MODE == "production":
            raise CommandError("The sandbox pays with money that is not there: it runs in the demo and in tests only.")
        port = options["port"] or urlsplit(settings.SANDBOX_URL).port
        try:
            server = SandboxServer(port)
        except OSError as error:
            raise CommandError(f"The sandbox cannot listen at {HOST}:{port}: {error.strerror}.") from None
        with server:
            self.stdout.write(f"The sandbox listens at {HOST}:{port}.")
            self.stdout.flush()
            with suppress(KeyboardInterrupt):
                server.serve_forever()
