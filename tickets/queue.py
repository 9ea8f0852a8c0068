"""How long the queue is."""

from dataclasses import dataclass

from django.db import connection

from tickets.models import Ticket

# Nobody reads the difference between a thousand and more; counting stops there.
COUNTED_AT_MOST = 1000

COUNTS = "SELECT {}".format(
    ", ".join(
        "(SELECT COUNT(*) FROM (SELECT 1 FROM tickets_ticket WHERE status = %s LIMIT %s) AS counted)"
        for _status in Ticket.Status
    )
)


@dataclass(frozen=True)
class Count:
    """A part of the queue: how many are in it, and whether it is the one shown."""

    status: str
    label: str
    number: str
    current: bool


def counts(shown):
    """One Count for each status, in one query that stops at COUNTED_AT_MOST rows of each."""
    values = [value for status in Ticket.Status for value in (status.value, COUNTED_AT_MOST)]
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, values)
        numbers = cursor.fetchone()
    return [
        Count(status.value, status.label, worded(number), status == shown)
        for status, number in zip(Ticket.Status, numbers, strict=True)
    ]


def worded(number):
    """The number, or "1000+" where counting stopped."""
    return f"{number}+" if number >= COUNTED_AT_MOST else str(number)
