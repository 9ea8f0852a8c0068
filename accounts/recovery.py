"""Forgotten login or password, and "this was not me"."""

from django.db import transaction
from django.db.models import Q
from django_tasks import task

from accounts import limits, notify
from accounts.history import Action, record
from accounts.identifiers import canonical_login, mailbox
from accounts.models import Link, Membership, User
from accounts.signin import end_everything, own_customer


@task()
def send_links(typed):
    """Mails every login at the address that `typed` (a login or an address) belongs to, each with its link.

    The page only enqueues this, so that it answers alike and as fast whoever asks for whom.
    """
    for address in addresses_of(typed):
        people = [user for user in people_at(address) if not user.is_shut_out]
        if people and is_allowed(address):
            mail_links(people)


def addresses_of(typed):
    """The mailboxes behind a login or an address."""
    people = User.objects.filter(Q(login=typed) | Q(email__iexact=typed))
    return {mailbox(email) for email in people.values_list("email", flat=True)}


def people_at(address):
    """Whose mail comes to this mailbox. The database alone is not asked: to it "ı" is as good as "i"."""
    return [user for user in User.objects.filter(email__iexact=address) if mailbox(user.email) == address]


def is_allowed(address):
    """Whether this address may get one more mail that somebody asked for without signing in."""
    try:
        limits.charge_unasked("recovery", address)
    except limits.TooMany:
        return False
    return True


@transaction.atomic
def mail_links(people, *, after_alarm=False):
    """One mail for all logins at one address; older links of the same kind stop working.

    `after_alarm`: nobody asked for a link, somebody said "this was not me".
    """
    links = []
    for user in people:
        link = Link.issue(user, purpose_for(user))
        links.append(link.pk)
        record(Action.PASSWORD_REQUESTED, customer=own_customer(user), user=user)
    notify.mail("recovery", address=people[0].email, language=people[0].language, links=links, after_alarm=after_alarm)


def purpose_for(user):
    """A new password for an active person; for others the link that makes them active, sent again."""
    if user.activated_at:
        return Link.Purpose.PASSWORD
    if user.memberships.filter(role=Membership.Role.OWNER).exists():
        return Link.Purpose.REGISTRATION
    return Link.Purpose.ACTIVATION


def ask(typed):
    """Has the links sent by the worker."""
    send_links.enqueue(canonical_login(typed))


@transaction.atomic
def set_password(link, password):
    """Sets the new password and ends all sessions, links and codes; True for exactly one use of the link."""
    if not link.use():
        return False
    change_password(link.user, password, by=link.user)
    return True


@transaction.atomic
def change_password(user, password, *, by):
    """A new password; everything that the old one opened is ended, and a mail tells of it.

    What a thief with the old one, or in an old session, used up of the person's allowances comes back.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    end_everything(user)
    for limit in (limits.PASSWORD_AGAIN, limits.PASSWORD_AGAIN_DAY, limits.CODES_SENT):
        limit.reset(user.pk)
    record(Action.PASSWORD_CHANGED, customer=own_customer(user), user=user, by=by)
    notify.mail("password_changed", to=user, link=Link.issue(user, Link.Purpose.NOT_ME).pk)
