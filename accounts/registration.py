"""Registering: a person, their customer, and the link that opens the account."""

from django.db import transaction
from django.utils import timezone

from accounts import consents, notify
from accounts.history import Action, record
from accounts.models import Consent, Customer, Link, Membership, Provider, Terms, TermsAcceptance, User


def is_open():
    """Whether accounts can be opened: there is somebody to have one with, and terms to accept."""
    return Provider.current() is not None and Terms.in_force() is not None


@transaction.atomic
def register(*, login, email, password, language, terms, ip=None, mailing=False):
    """A new person as the owner of a new customer; closed until the mailed link is used. Returns the user.

    `mailing` says whether they ticked the mailing list.
    """
    user = User(login=login, email=email, language=language)
    user.set_password(password)
    user.save()
    customer = Customer.objects.create(provider=Provider.current())
    Membership.objects.create(user=user, customer=customer, role=Membership.Role.OWNER)
    TermsAcceptance.objects.create(user=user, terms=terms, ip=ip)
    record(Action.REGISTERED, customer=customer, user=user, by=user, terms=terms.version)
    if mailing:
        consents.give(user, Consent.Kind.MAILING, how=Consent.How.REGISTRATION, by=user)
    send_confirmation(user)
    return user


def send_confirmation(user):
    """Mails a fresh link that opens the account; the older one stops working."""
    notify.mail("registration", to=user, link=Link.issue(user, Link.Purpose.REGISTRATION).pk)


@transaction.atomic
def confirm(link):
    """Opens the account; True for exactly one use of the link."""
    if not link.use():
        return False
    user = link.user
    user.activated_at = timezone.now()
    user.save(update_fields=["activated_at"])
    owned = user.memberships.get(role=Membership.Role.OWNER)
    record(Action.CONFIRMED, customer=owned.customer, user=user, by=user)
    return True
