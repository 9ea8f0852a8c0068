"""What the provider does to a person: shut out of every door, or signed out everywhere, from the next request."""

from django.db import transaction
from django.utils import timezone

from accounts import notify
from accounts.history import Action, record
from accounts.signin import end_everything, own_customer


@transaction.atomic
def block_user(user, *, by, reason=""):
    """Blocks the person everywhere and tells them by mail; twice is harmless."""
    if user.blocked_at is None:
        user.blocked_at, user.blocked_reason = timezone.now(), reason
        user.save(update_fields=["blocked_at", "blocked_reason"])
        end_everything(user)
        record(Action.USER_BLOCKED, customer=own_customer(user), user=user, by=by, login=user.login)
        notify.mail("blocked", to=user)


@transaction.atomic
def unblock_user(user, *, by):
    """Lets the person sign in again."""
    if user.blocked_at is not None:
        user.blocked_at, user.blocked_reason = None, ""
        user.save(update_fields=["blocked_at", "blocked_reason"])
        record(Action.USER_UNBLOCKED, customer=own_customer(user), user=user, by=by, login=user.login)


@transaction.atomic
def sign_out_everywhere(user, *, by):
    """Ends every session, trusted browser, link and code of the person, who may sign in again at once."""
    end_everything(user)
    record(Action.SIGNED_OUT_BY_STAFF, customer=own_customer(user), user=user, by=by, login=user.login)
