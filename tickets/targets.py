"""By when an answer is due: so many opening hours after the message that waits, by its category."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.models.turn import Turn
from tickets.opening import Calendar

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def due(category, since, *, is_first):
    """The moment by which a message is to be answered, in UTC."""
    hours = category.first_answer_hours if is_first else category.next_answer_hours
    return Calendar.current().after(since, timedelta(hours=hours))


def begin(ticket, *, at):
    """The conversation waits for support from now on."""
    is_first = ticket.last_staff_message_at is None
    ticket.due_at = due(ticket.category, at, is_first=is_first)
    ticket.save(update_fields=["due_at"])
    Turn.objects.create(ticket=ticket, is_first=is_first, began_at=at, due_at=ticket.due_at)


def end(ticket, *, at):
    """Support has answered."""
    for turn in ticket.turns.filter(answered_at=None):
        turn.answered_at = at
        turn.waited = Calendar.current().between(turn.began_at, at).total_seconds()
        turn.save(update_fields=["answered_at", "waited"])


def drop(ticket):
    """Nobody waits for an answer any more."""
    ticket.turns.filter(answered_at=None).delete()


def reckon_again(ticket):
    """The same for another category: counted from when the message came."""
    for turn in ticket.turns.filter(answered_at=None):
        turn.due_at = ticket.due_at = due(ticket.category, turn.began_at, is_first=turn.is_first)
        turn.save(update_fields=["due_at"])
        ticket.save(update_fields=["due_at"])


def in_words(ticket):
    """(whether it is late, "in 2 h 10 min" or "3 h late") by the clock on the wall; None when nobody waits."""
    if ticket.status != ticket.Status.OPEN:
        return None
    left = (ticket.due_at - timezone.now()).total_seconds()
    words = duration(abs(left))
    return (False, _("in %(time)s") % {"time": words}) if left >= 0 else (True, _("%(time)s late") % {"time": words})


def duration(seconds):
    """Two units of time, such as "2 h 10 min"."""
    minutes, hours, days = int(seconds % HOUR // MINUTE), int(seconds % DAY // HOUR), int(seconds // DAY)
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)s min") % {"minutes": minutes}
