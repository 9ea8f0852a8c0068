"""`manage.py check_money`: are the books healthy?"""

from django.core.management.base import BaseCommand, CommandError

from billing import review
from billing.invariants import INVARIANTS


class Command(BaseCommand):
    help = "States what is true of healthy books, prints every row that breaks it, and exits 1 when there are any."

    def add_arguments(self, parser):
        parser.add_argument("--list", action="store_true", help="only name what would be looked at")

    def handle(self, *args, **options):
        if options["list"]:
            self.stdout.write("\n".join(INVARIANTS))
            return
        check = review.run(tell=self.tell)
        summary = f"{len(INVARIANTS)} invariants, {check.count} findings, {check.seconds} s"
        if check.count:
            raise CommandError(summary)
        self.stdout.write(summary)

    def tell(self, finding):
        """One line for one finding, at once."""
        self.stdout.write(f"{finding.invariant}: {finding.model} {finding.pk}: {finding.words}")
