"""Restoring access: for a person who has lost app, passkeys and recovery codes and lets no codes in by message.

An administrator begins it and says how the person's identity was checked. Everybody waits; whoever still has a second
step, or the mail in which it is told, stops it. Staff see and choose no secret: the person needs the right password,
and the code goes to the address that they confirmed themselves.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import limits, notify
from accounts.history import Action, record
from accounts.models import AccessReturn, AuthenticatorApp, Link, Passkey, RecoveryCode
from accounts.models.security import hold
from accounts.signin import end_everything, own_customer
from accounts.ways import has_confirmed_phone, message_ways, ways_of

# So many are done in one run of the clock at most.
BATCH = 100


class NotNeeded(Exception):
    """The person gets codes by message anyway, cannot come in at all, or it has begun already."""


def is_needed(user):
    """Whether only what can be lost opens the account, and nothing was begun."""
    comes_in = user.is_active and not user.is_shut_out
    has_mail = set(message_ways(user)) & set(ways_of(user))
    return comes_in and not has_mail and not AccessReturn.objects.waiting().filter(user=user).exists()


@transaction.atomic
def start(user, *, by, note):
    """Begins the wait and tells the person on every way we have. Raises NotNeeded, PermissionDenied for oneself."""
    if user.pk == by.pk:
        raise PermissionDenied
    hold(user)
    if not is_needed(user):
        raise NotNeeded
    now = timezone.now()
    due = now + timedelta(seconds=limits.ACCESS_RETURN_WAIT)
    row = AccessReturn.objects.create(user=user, started_by=by, note=note, started_at=now, due_at=due)
    record(Action.RETURN_STARTED, customer=own_customer(user), user=user, by=by, login=user.login, note=note)
    notify.mail("return_started", to=user, link=Link.issue(user, Link.Purpose.NOT_ME).pk, back=row.pk)
    if has_confirmed_phone(user):
        notify.sms("return_started", to=user, back=row.pk)
    return row


def finish_due():
    """Does what has waited long enough; returns how many."""
    due = AccessReturn.objects.waiting().filter(due_at__lte=timezone.now()).select_related("user")
    return sum(finish(row) for row in due.order_by("due_at")[:BATCH])


@transaction.atomic
def finish(row):
    """Takes every second step away but codes by e-mail, and ends every session; False when it was cancelled.

    For somebody who is blocked or closed meanwhile it is over without effect.
    """
    user = row.user
    hold(user)
    now = timezone.now()
    waiting = AccessReturn.objects.waiting().filter(pk=row.pk, due_at__lte=now)
    user.refresh_from_db()
    if not user.is_active or user.is_shut_out:
        waiting.update(cancelled_at=now)
        return False
    if not waiting.update(done_at=now):
        return False
    for model in (AuthenticatorApp, Passkey, RecoveryCode):
        model.objects.filter(user=user).delete()
    user.second_step, user.message_codes = user.Way.MAIL, True
    user.save(update_fields=["second_step", "message_codes"])
    end_everything(user)
    record(Action.RETURN_DONE, customer=own_customer(user), user=user, login=user.login)
    notify.mail("return_done", to=user, link=Link.issue(user, Link.Purpose.NOT_ME).pk)
    return True
