"""The queue of support: how long it is, and what comes next in it."""

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.pages import beyond
from tickets.models import Ticket

# Nobody reads the difference between a thousand and more; counting stops there.
COUNTED_AT_MOST = 1000

# Of each part its condition, with the member of support who asks and the present moment to be filled in.
PARTS = {
    "open": "status = 'open'",
    "answered": "status = 'answered'",
    "closed": "status = 'closed' AND merged_into_id IS NULL",
    "late": "status = 'open' AND due_at < %(now)s",
    "mine": "status = 'open' AND assignee_id = %(person)s",
    "nobody": "status = 'open' AND assignee_id IS NULL",
}
# Mails that were not taken; those that machines make in great numbers wait in their list and are not counted.
MAILS = "state = 'refused' AND reason NOT IN ('automatic', 'bounce')"
COUNTED = "(SELECT COUNT(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {}) AS counted)"
COUNTS = "SELECT {}".format(
    ", ".join(
        COUNTED.format(table, condition, COUNTED_AT_MOST)
        for table, condition in [
            *(("tickets_ticket", condition) for condition in PARTS.values()),
            ("tickets_incomingmail", MAILS),
        ]
    )
)


@dataclass(frozen=True)
class Count:
    """A part of the queue: how many are in it, whether it is the one shown, and what leads there."""

    label: str
    number: str
    current: bool
    query: str


def lengths(person):
    """{name of a part: how long it is, in words} in one query that stops at COUNTED_AT_MOST rows of each.

    Under "mails" it is how many mails were not taken and wait for somebody to look at them.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"person": person.pk, "now": connection.ops.adapt_datetimefield_value(timezone.now())})
        return dict(zip([*PARTS, "mails"], map(worded, cursor.fetchone()), strict=True))


def by_status(filters, lengths):
    """One Count for what is late and one for each status; whoever chooses one keeps other filters, not the search."""
    only_late = bool(filters.chosen("late"))
    late = Count(_("Late"), lengths["late"], only_late, filters.query_with(status="open", late="on", q=""))
    return [late] + [
        Count(
            status.label,
            lengths[status],
            status == filters.shown_status and not only_late,
            filters.query_with(status=status, late="", q=""),
        )
        for status in Ticket.Status
    ]


def by_assignee(filters, lengths):
    """One Count for all that waits, for what this person has taken of it, and for what nobody has."""
    shares = [("", _("All"), "open"), ("mine", _("Mine"), "mine"), ("nobody", _("Nobody's"), "nobody")]
    return [
        Count(
            label,
            lengths[part] if filters.shown_status == Ticket.Status.OPEN else "",
            filters.chosen("assignee") == value,
            filters.query_with(assignee=value),
        )
        for value, label, part in shares
    ]


def worded(number):
    """The number, or "1000+" where counting stopped."""
    return f"{number}+" if number >= COUNTED_AT_MOST else str(number)


def following(ticket, filters):
    """What comes after this conversation in the part of the queue that is shown, from its beginning again at its end.

    The place is that of `ticket` as it was loaded, be it answered meanwhile. None when there is no other.
    """
    name, downwards = filters.order.removeprefix("-"), filters.order.startswith("-")
    rows = filters.apply(Ticket.objects.filter(merged_into=None).exclude(pk=ticket.pk))
    rows = rows.order_by(*(f"-{key}" if downwards else key for key in (name, "pk")))
    place = getattr(ticket, name), ticket.pk
    return rows.filter(beyond(name, place, downwards)).first() or rows.first()
