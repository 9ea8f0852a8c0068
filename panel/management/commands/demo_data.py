"""Fills the demo with a believable company, its customers and their history."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from panel.demo import data


class Command(BaseCommand):
    help = "Fills an empty demo with data; a demo that has them is left as it is."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Demo data have a well-known password: they are for PANEL_MODE=demo only.")
        if data.fill():
            self.stdout.write("The demo data are in place.")
        else:
            self.stdout.write("The demo data were there already; nothing was changed.")
