"""What people agree to: the mailing list, and newer versions of the terms."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import origin
from accounts.history import Action, record
from accounts.models import Consent, Membership, Terms, TermsAcceptance, User
from accounts.signin import own_customer

# Another wording is another version: a row keeps both, as they were shown.
VERSIONS = {Consent.Kind.MAILING: "1"}
TEXTS = {
    Consent.Kind.MAILING: gettext_noop(
        "I want news and offers by e-mail. I can leave the mailing list at any time, here or by a link in every mail."
    )
}
GIVEN = {Consent.Kind.MAILING: Action.MAILING_JOINED}
WITHDRAWN = {Consent.Kind.MAILING: Action.MAILING_LEFT}


def living(user, kind):
    """The consent of this kind that is given and not taken back, or None."""
    return Consent.objects.filter(user=user, kind=kind, withdrawn_at=None).first()


def has(user, kind):
    """Whether the person agrees to this now."""
    return living(user, kind) is not None


@transaction.atomic
def give(user, kind, *, how, by):
    """Keeps that the person agreed, in the words they were shown; twice is harmless."""
    row = {"version": VERSIONS[kind], "text": _(TEXTS[kind]), "given_how": how, "ip": origin.current.get().ip}
    _consent, is_new = Consent.objects.get_or_create(user=user, kind=kind, withdrawn_at=None, defaults=row)
    if is_new:
        record(GIVEN[kind], customer=own_customer(user), user=user, by=by)


@transaction.atomic
def withdraw(user, kind, *, how, by):
    """Takes a consent back; twice is harmless."""
    given = Consent.objects.filter(user=user, kind=kind, withdrawn_at=None)
    if given.update(withdrawn_at=timezone.now(), withdrawn_how=how):
        record(WITHDRAWN[kind], customer=own_customer(user), user=user, by=by)


def terms_to_accept(user):
    """The version of the terms in force if this person, as somebody's owner, has not accepted it yet; else None."""
    terms = Terms.in_force()
    if terms is None or terms.acceptances.filter(user=user).exists():
        return None
    owned = Membership.objects.filter(user=user, role=Membership.Role.OWNER, blocked_at=None, customer__closed_at=None)
    return terms if owned.exists() else None


@transaction.atomic
def accept_terms(user, terms):
    """Keeps that an owner accepted a newer version; twice is harmless."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if terms.acceptances.filter(user=user).exists():
        return
    how, ip = TermsAcceptance.How.NOTICE, origin.current.get().ip
    TermsAcceptance.objects.create(user=user, terms=terms, how=how, ip=ip)
    record(Action.TERMS_ACCEPTED, customer=own_customer(user), user=user, by=user, terms=terms.version)
