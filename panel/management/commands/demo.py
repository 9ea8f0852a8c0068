"""`make demo`: a panel with data in it, from nothing to a running server."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Customer
from panel import processes, translations

LOGINS = """
  {url}

  klient      owner: hosting, domains, a SIP account, messages; invoices paid, unpaid, overdue,
              cancelled and corrected, a balance, and a service to renew
  pracownik   a sub-user of klient: one service and its messages
  nowy        a sub-user of klient who has not set a password yet
  inny        another customer
  wsparcie    support staff: a queue with late messages, figures, e-mails that were not taken
  technik     a colleague at the same desk
  admin       administrator, at {url}admin/, where a transfer that came twice waits under “cases for staff”

  One password for all of them: Demo-1234!
  Staff sign in here without an authenticator app or a passkey, which they need anywhere else.
  Mails and text messages of the demo, one-time codes too: {url}demo/mail/
  Mails of a conversation are answered there, as in a mail program.
  Payments go to a payment server of the demo, {sandbox}: nobody pays anything.
  In the cart the code START20 makes new hosting and VPS servers cheaper.

  Ctrl+C stops it. `make demo` again keeps the data, `make demo-reset` starts afresh.
"""


class Command(BaseCommand):
    help = "Prepares the demo where that is still needed and runs it until Ctrl+C."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reload", action="store_true", help="Django's server, which reloads changed code")

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("This is not a demo: PANEL_MODE is not “demo”.")
        prepare()
        host, port = options["host"], options["port"]
        url = f"http://localhost:{port}/"
        server = processes.reloading_server(host, port) if options["reload"] else processes.server(host, port, 1)
        try:
            processes.run(
                server,
                processes.worker(),
                processes.sandbox(),
                answer_at=[url, settings.SANDBOX_URL],
                ready=lambda: self.stdout.write(LOGINS.format(url=url, sandbox=settings.SANDBOX_URL), ending=""),
            )
        except processes.Failed as failure:
            raise CommandError(str(failure)) from None


def prepare():
    """Translations, tables, data and static files, each only where something is to be done."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    translations.compile()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
    if not Customer.objects.exists():
        call_command("demo_data")
    if static_files_changed():
        call_command("collectstatic", interactive=False, verbosity=0)
    connection.close()


def static_files_changed():
    """Whether a source is newer than what was collected and compressed last time."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    collected = manifest.stat().st_mtime
    files = (storage.path(path) for finder in get_finders() for path, storage in finder.list([]))
    return any(Path(file).stat().st_mtime > collected for file in files)
