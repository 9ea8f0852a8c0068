"""Closing a customer: asked for by the owner, who may take it back for two weeks, or done by the provider."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import formats, timezone

from accounts import notify
from accounts.contacts import readers
from accounts.history import Action, record
from accounts.models import AuthorizationCode, Contact, Customer, Erasure, Link, Membership, SupportSession
from accounts.signin import end_everything
from accounts.subusers import hold_customer

COOLING_OFF = timedelta(days=14)
# So many customers are closed in one run of the clock at most.
BATCH = 100

# What the owner should know before asking: upper apps append a function of the customer that returns
# sentences such as "Three services will end".
OBJECTIONS = []
# What ends with the account: functions of the customer and of who closes it (None for the clock), called within
# the transaction that closes.
ON_CLOSE = []


class Erased(Exception):
    """Data of the closed account are erased already; it cannot be opened again."""


def objections(customer):
    """Sentences about what is still going on at this customer's."""
    return [sentence for function in OBJECTIONS for sentence in function(customer)]


def closes_on(customer):
    """The day on which the customer was or will be closed; for one who has not asked, that of asking now."""
    return timezone.localdate(customer.closed_at or customer.closing_at or timezone.now() + COOLING_OFF)


@transaction.atomic
def ask(customer, *, by):
    """Notes that the account closes in two weeks and tells everybody who runs it; twice is harmless.

    Raises PermissionDenied when `by` is not the owner, or has handed the account over meanwhile.
    """
    hold_customer(customer.pk)
    if not Membership.objects.filter(customer=customer, user=by, role=Membership.Role.OWNER).exists():
        raise PermissionDenied
    until = timezone.now() + COOLING_OFF
    if Customer.objects.filter(pk=customer.pk, closing_at=None, closed_at=None).update(closing_at=until):
        customer.closing_at = until
        date = formats.date_format(timezone.localtime(until), "Y-m-d")
        record(Action.CLOSING_ASKED, customer=customer, user=by, by=by, date=date)
        for reader in told(customer, in_charge(customer)):
            notify.mail("closing_asked", **reader, customer=customer.pk)


@transaction.atomic
def take_back(customer, *, by):
    """Keeps the account open after all; nothing when it is closed already or was never to be."""
    waiting = Customer.objects.filter(pk=customer.pk, closing_at__isnull=False, closed_at=None)
    if waiting.update(closing_at=None):
        customer.closing_at = None
        record(Action.CLOSING_TAKEN_BACK, customer=customer, user=by, by=by)
        for reader in told(customer, in_charge(customer)):
            notify.mail("closing_taken_back", **reader, customer=customer.pk)


def told(customer, people):
    """These people and the customer's representatives, who read what becomes of the account."""
    return readers(customer, people, Contact.Kind.REPRESENTATIVE)


def in_charge(customer):
    """Everybody who sees everything of the customer and can come in."""
    return [membership.user for membership in people_of(customer) if membership.sees_everything]


def people_of(customer):
    """Who may act for the customer: agreed, active, not blocked."""
    people = Membership.objects.filter(customer=customer, blocked_at=None).select_related("user")
    return list(people.filter(user__activated_at__isnull=False, user__blocked_at=None))


@transaction.atomic
def close(customer, *, by, reason=""):
    """Closes the account at once: every door of it is shut, what hangs on it ends, and its people are told."""
    now = timezone.now()
    changes = {"closed_at": now, "closing_at": None, "closed_reason": reason}
    if not Customer.objects.filter(pk=customer.pk, closed_at=None).update(**changes):
        return
    customer.refresh_from_db()
    AuthorizationCode.objects.living().filter(customer=customer).update(ended_at=now)
    SupportSession.objects.filter(customer=customer, closed_at=None).update(closed_at=now)
    Link.objects.filter(membership__customer=customer, ended_at=None).update(ended_at=now)
    for end in ON_CLOSE:
        end(customer, by)
    record(Action.CUSTOMER_CLOSED, customer=customer, by=by)
    for reader in told(customer, [membership.user for membership in people_of(customer)]):
        notify.mail("closed", **reader, customer=customer.pk)
    for membership in Membership.objects.filter(customer=customer, accepted_at__isnull=False).select_related("user"):
        if membership.user.is_closed:
            end_everything(membership.user)


@transaction.atomic
def reopen(customer, *, by):
    """Opens a closed account again, as the provider; what ended with it stays ended. Raises Erased."""
    closed = Customer.objects.filter(pk=customer.pk, closed_at__isnull=False)
    if closed.update(closed_at=None, closing_at=None, closed_reason=""):
        if Erasure.objects.filter(customer=customer).exists():
            raise Erased
        customer.refresh_from_db()
        record(Action.CUSTOMER_REOPENED, customer=customer, by=by)
        for reader in told(customer, in_charge(customer)):
            notify.mail("reopened", **reader, customer=customer.pk)


def close_due():
    """Closes the customers whose two weeks are over; returns how many."""
    due = Customer.objects.filter(closing_at__lte=timezone.now(), closed_at=None)
    return sum(close_if_due(customer) for customer in due[:BATCH])


@transaction.atomic
def close_if_due(customer):
    """Closes one of them unless it was taken back at the same moment; whether it did."""
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if held.closing_at is None or held.closing_at > timezone.now():
        return False
    close(held, by=None)
    return True
