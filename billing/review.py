"""Looks over the books: is everything true that must be true of them?"""

import time
from contextlib import contextmanager
from dataclasses import asdict

from django.db import connection, transaction
from django.utils import timezone

from billing.invariants import INVARIANTS, documents
from billing.invariants.base import findings_of
from billing.models import MoneyCheck

# What is kept of a run, for the administration to show.
FINDINGS_KEPT = 100
CHECKS_KEPT = 400


def findings():
    """Every Finding there is, one after another; reads only, and no more than a chunk of documents at once."""
    for invariant in INVARIANTS.values():
        if not invariant.of_documents:
            yield from findings_of(invariant, invariant.find())
    of_documents = [invariant for invariant in INVARIANTS.values() if invariant.of_documents]
    for issued in documents.each():
        for invariant in of_documents:
            yield from findings_of(invariant, invariant.find(issued))


def run(tell=lambda finding: None):
    """Looks over everything, tells each Finding, and keeps the result; returns the MoneyCheck."""
    began, count, first = time.monotonic(), 0, []
    with standing_still():
        for finding in findings():
            tell(finding)
            count += 1
            if len(first) < FINDINGS_KEPT:
                first.append(asdict(finding))
    return keep(MoneyCheck(at=timezone.now(), seconds=round(time.monotonic() - began, 1), count=count, findings=first))


@contextmanager
def standing_still():
    """All reads inside see the same moment, while others go on writing (on SQLite they wait)."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@transaction.atomic
def keep(check):
    """Keeps a result and forgets the oldest ones."""
    check.save()
    oldest = MoneyCheck.objects.order_by("-pk").values_list("pk", flat=True)[CHECKS_KEPT:]
    MoneyCheck.objects.filter(pk__in=list(oldest)).delete()
    return check
