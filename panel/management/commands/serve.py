"""The server and the worker in one foreground command."""

from functools import partial

from django.core.management.base import BaseCommand, CommandError

from panel import processes


class Command(BaseCommand):
    help = "Runs the server and the worker until Ctrl+C."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="processes of the server, with four threads each")
        parser.add_argument("--reload", action="store_true", help="Django's server, which reloads changed code")

    def handle(self, *args, **options):
        host, port = options["host"], options["port"]
        if options["reload"]:
            server = processes.reloading_server(host, port)
        else:
            server = processes.server(host, port, options["workers"])
        url = f"http://localhost:{port}/"
        ready = partial(self.stdout.write, f"Running at {url}")
        try:
            processes.run(server, processes.worker(), answer_at=[url], ready=ready)
        except processes.Failed as failure:
            raise CommandError(str(failure)) from None
