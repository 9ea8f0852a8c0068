"""What support does while a support session is open, each act within the rights of the person it rests on.

Nothing else can be done in the name of a customer by a code alone: the functions here are the whole list.
"""

from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import codes, history, people
from accounts.history import record, resting_on
from accounts.models import Event, SupportSession
from billing import delivering
from billing.limits import SENT_AGAIN
from billing.permissions import Permission
from panel.actions import LOOKS, Action
from services import renewing
from tickets.actions import Action as TicketAction


@contextmanager
def acting(session):
    """One transaction, in which every line that the customer reads says whose code, or what message, allowed it.

    The person whose code it was reads it, too, when they are a standard sub-user.
    """
    with transaction.atomic(), naming_basis(session):
        yield


def naming_basis(session):
    """Lets every line say what allowed it."""
    return resting_on(session.membership.user, **codes.basis(session))


def write(session, action, **details):
    """A line that the customer reads; being one statement it needs no transaction around it."""
    with naming_basis(session):
        record(action, customer=session.customer, by=session.staff, **details)


def look(session, service=None):
    """Writes that a page with confidential data was opened."""
    if service:
        write(session, Action.STAFF_LOOKED_AT_SERVICE, service=str(service))
    else:
        write(session, Action.STAFF_LOOKED)


def note_instruction(session, text, *, service=None):
    """Keeps what the caller asked for, in their own history."""
    about = f"[{service}] " if service else ""
    write(session, history.Action.INSTRUCTION, text=about + text)


def done(session):
    """What was noted and changed in this session, the newest first."""
    lines = Event.objects.filter(customer_id=session.customer_id, at__gte=session.opened_at, by_id=session.staff_id)
    return lines.filter(details__session=session.pk).exclude(
        action__in=[*LOOKS, history.Action.CODE_RIGHT, TicketAction.DATA_OPENED_BY_MESSAGE]
    )


def set_auto_renew(session, service, on):
    """Switches automatic renewal. Raises PermissionDenied, services.expiry.NotRenewable."""
    require(renewing.may_decide(session.membership))
    with acting(session):
        renewing.set_auto_renew(service, on, by=session.staff)


def cancel(session, service):
    """Lets a service end with its paid time. Raises PermissionDenied, services.expiry.NotRenewable."""
    require(renewing.may_decide(session.membership))
    with acting(session):
        renewing.cancel(service, by=session.staff)


def keep(session, service):
    """Takes a cancelling back. Raises PermissionDenied, services.expiry.NotRenewable."""
    require(renewing.may_decide(session.membership))
    with acting(session):
        renewing.keep(service, by=session.staff)


def send_again(session, document):
    """Sends a document once more to where documents go. Raises PermissionDenied, limits.TooMany."""
    require(session.membership.may(Permission.INVOICES))
    SENT_AGAIN.charge(session.customer_id)
    with acting(session):
        delivering.send_again(document, by=session.staff)


def change_billing(session, form):
    """Saves the billing address from a valid AddressForm. Raises PermissionDenied."""
    require(session.membership.sees_everything)
    with acting(session):
        people.change_billing(session.customer, form, by=session.staff)


def require(allowed):
    """Raises PermissionDenied for what the person themselves may not do."""
    if not allowed:
        raise PermissionDenied


@transaction.atomic
def end(session):
    """Closes the customer's data before the code or the conversation ends; twice is harmless."""
    if SupportSession.objects.filter(pk=session.pk, closed_at=None).update(closed_at=timezone.now()):
        write(session, Action.CALL_ENDED)
