"""Sends what waits in the outbox: claimed in batches, over one connection, every row by itself."""

import logging
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import Error, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts import bounces, notify
from accounts.delivery import CARRIERS, NotSent
from accounts.history import Action, record
from accounts.models import Outbox

log = logging.getLogger("accounts.outbox")

# A claim ends by itself after this long; the reaper ends it sooner when its worker is dead.
CLAIM = timedelta(minutes=10)
# One message takes less than this, time-outs of the mail server included: a claim that lasts
# shorter is not acted on, so that two workers never send the same row.
ONE_MESSAGE = timedelta(minutes=5)
# How long after claiming, or after looking again, a claim is ours for certain: shorter than a worker
# must be silent before the reaper takes its claims away.
SURE = timedelta(seconds=5)
MINUTE = 60
BACK_OFF_SECONDS = [minutes * MINUTE for minutes in (1, 5, 15, 60, 120, 240, 480, 720, 1440)]
MOST_ATTEMPTS = len(BACK_OFF_SECONDS) + 1

# Written once for every message: for the ORM to compose it takes longer than for the database to run it.
SENT = (
    "UPDATE accounts_outbox SET state = 'sent', attempts = attempts + 1, sent_at = %s, error = '', claimed_by = '' "
    "WHERE id = %s AND claimed_by = %s"
)


def send_waiting(limit=100, *, by="", stopping=lambda: False):
    """Sends up to `limit` rows that are due and returns how many were claimed.

    `by` names the worker, `stopping` tells it to leave the rest to others. A row is marked as soon as
    it is out: a killed worker repeats at most the one in flight, with the same Message-ID.
    """
    rows = claim(limit, by or get_random_string(32))
    if rows:
        with quick_marks():
            send_all(rows, stopping)
    return len(rows)


def send_all(rows, stopping):
    """Sends claimed rows for as long as they are ours; what was not tried is given back."""
    batch, carriers, sure_until = notify.Batch(rows), {}, timezone.now() + SURE
    try:
        for row in rows:
            if stopping():
                break
            if timezone.now() > sure_until:
                if not is_still_claimed(row):
                    break
                sure_until = timezone.now() + SURE
                batch.look_again()
            send(row, carriers)
    finally:
        release(rows)
        for carrier in carriers.values():
            carrier.close()


@contextmanager
def quick_marks():
    """Spares PostgreSQL the wait for its disk after every mark.

    Others see a mark at once and a killed worker loses none. A crash of the database server may lose
    those of the last second: their messages go out again, with the same Message-ID.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        # A connection that broke has lost the setting with it.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def due():
    """Rows whose time has come, the longest waiting first."""
    waiting = Outbox.objects.filter(state=Outbox.State.WAITING, next_attempt_at__lte=timezone.now())
    return waiting.order_by("next_attempt_at", "pk")


def claim(limit, by):
    """Takes up to `limit` due rows for this worker alone, until the claim ends."""
    # Looking first spares SQLite the write lock, and PostgreSQL a transaction, while nothing waits.
    if not due().exists():
        return []
    with transaction.atomic(durable=True):
        ids = list(due().select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        Outbox.objects.filter(pk__in=ids).update(claimed_by=by, next_attempt_at=timezone.now() + CLAIM)
    return list(Outbox.objects.filter(pk__in=ids).select_related("user").order_by("pk"))


def is_still_claimed(row):
    """Whether the row, and so all that was claimed with it, is ours long enough to send it."""
    return Outbox.objects.filter(
        pk=row.pk, claimed_by=row.claimed_by, next_attempt_at__gt=timezone.now() + ONE_MESSAGE
    ).exists()


def release(rows):
    """Gives back what was claimed and not tried."""
    untried = Outbox.objects.filter(pk__in=[row.pk for row in rows], claimed_by=rows[0].claimed_by)
    untried.filter(state=Outbox.State.WAITING).update(claimed_by="", next_attempt_at=timezone.now())


def send(row, carriers):
    """Sends one row and notes what became of it. Whatever is wrong with it stays its own trouble."""
    try:
        message = notify.render(row)
        carrier = carriers.get(row.channel) or carriers.setdefault(row.channel, CARRIERS[row.channel]())
        carrier.send(row, message)
    except notify.NoLongerNeeded:
        finish(row, state=Outbox.State.DROPPED)
    except NotSent as error:
        if error.refused:
            bounces.came_back(row, status=error.refused)
        postpone(row, error, permanent=error.permanent)
    except Exception as error:  # a broken template or a vanished row must not stop the others
        log.exception("message %s (%s) could not be written", row.pk, row.letter)
        postpone(row, error)
    else:
        mark_sent(row)


def postpone(row, error, *, permanent=False):
    """Notes a failure: another attempt later, or the last word when it is permanent or was the last."""
    attempts = row.attempts + 1
    words = str(error if isinstance(error, NotSent) else repr(error))[:500]
    if permanent or attempts >= MOST_ATTEMPTS:
        log.error("message %s (%s) failed for good: %s", row.pk, row.letter, words)
        finish(row, state=Outbox.State.FAILED, attempts=attempts, error=words)
    else:
        wait = timedelta(seconds=BACK_OFF_SECONDS[attempts - 1])
        finish(row, attempts=attempts, error=words, next_attempt_at=timezone.now() + wait)


def mark_sent(row):
    """Notes that the message is out and ends the claim, provided it is still ours."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(SENT, [now, row.pk, row.claimed_by])


def finish(row, **changes):
    """Writes another outcome and ends the claim, provided it is still ours."""
    Outbox.objects.filter(pk=row.pk, claimed_by=row.claimed_by).update(claimed_by="", **changes)


@transaction.atomic
def try_again(rows, *, by):
    """Puts those of the messages that failed for good back into the queue; returns how many there were."""
    failed = list(rows.filter(state=Outbox.State.FAILED).select_for_update(of=["self"]))
    for row in failed:
        record(Action.MESSAGE_TRIED_AGAIN, user=by, by=by, address=row.address)
    ours = Outbox.objects.filter(pk__in=[row.pk for row in failed])
    return ours.update(state=Outbox.State.WAITING, attempts=0, next_attempt_at=timezone.now())


def release_claims_except(living):
    """Lets others send, as the first in line, what workers not among `living` had claimed; returns how many."""
    claimed = Outbox.objects.filter(state=Outbox.State.WAITING).exclude(claimed_by="")
    # Looking first spares SQLite the write lock.
    if not claimed.exclude(claimed_by__in=living).exists():
        return 0
    return claimed.exclude(claimed_by__in=living).update(claimed_by="", next_attempt_at=F("created_at"))
