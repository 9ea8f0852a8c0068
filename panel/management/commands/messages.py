"""Brings the Polish catalogue up to date with the code, or compiles it."""

from django.core.management.base import BaseCommand

from panel import translations


class Command(BaseCommand):
    help = "Brings locale/pl up to date with the texts in the code; --compile makes what Django reads from it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--compile", action="store_true", help="compile the catalogue instead")

    def handle(self, *args, **options):
        if options["compile"]:
            translations.compile()
            return
        catalogue = translations.updated(translations.read())
        translations.write(catalogue)
        missing = sum(1 for message in catalogue if message.id and not whole(message))
        self.stdout.write(f"{len(catalogue)} texts, {missing} of them without Polish")


def whole(message):
    """Whether every form of the message has its words."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)
