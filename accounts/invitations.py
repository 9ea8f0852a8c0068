"""Adding people: a new login is made, whoever has one already is asked. The one who adds cannot tell which it was."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import notify
from accounts.history import Action, record
from accounts.identifiers import mailbox
from accounts.models import Link, Membership, User
from accounts.recovery import people_at
from accounts.subusers import current, hold_customer, kept, require_givable, write


class AlreadyHere(Exception):
    """The login is in the customer's list: somebody who has access, or who was added and has not finished."""


def add(**person):
    """Adds a person to a customer and returns the membership; see `add_once` for what is passed."""
    try:
        return add_once(**person)
    except IntegrityError:
        # Another customer took the login at the same moment: now there is somebody to ask.
        return add_once(**person)


@transaction.atomic
def add_once(*, customer, login, email, name="", phone="", language="pl", role, permissions, by, editor):
    """Makes a person who sets a password by the mailed link, or asks the one who is meant to accept.

    Asked is who has this login, or whose mailbox this is; the mail goes to the address that this person has
    confirmed. `editor` is the membership of whoever adds, None for the provider's administrator. Raises
    AlreadyHere, and PermissionDenied when more is given than the editor has.
    """
    hold_customer(customer.pk)
    require_givable(editor and current(editor), role, permissions)
    if is_here(customer, login):
        raise AlreadyHere
    membership = Membership(customer=customer, role=role, permissions=kept(role, permissions))
    typed = {"login": login, "name": name, "email": email, "phone": phone, "language": language}
    asked = whom(customer, login, email)
    if asked:
        membership.user = asked
        membership.accepted_at, membership.blocked_at = None, timezone.now()
        membership.invited_as = typed | {"by": by.pk if by else None, "any_login": asked.login != login}
    else:
        membership.user = new_person(**typed)
    membership.save()
    write(Action.SUBUSER_ADDED, membership, by=by)
    send(membership)
    return membership


def is_here(customer, login):
    """Whether the customer's list has this login; an invited person's real one is not in it."""
    known = Q(accepted_at__isnull=False, user__login=login) | Q(accepted_at=None, invited_as__login=login)
    return Membership.objects.filter(known, customer=customer).exists()


def whom(customer, login, email):
    """The person who has this login, or else reads this mailbox; None when somebody new is meant.

    One mailbox may have several logins: people of this customer do not stand in the way of another one.
    """
    if found := User.objects.filter(login=login).first():
        return found
    there = [person.pk for person in people_at(mailbox(email)) if person.is_active]
    members = Membership.objects.filter(customer=customer, accepted_at__isnull=False).values("user")
    return User.objects.filter(pk__in=there).exclude(pk__in=members).order_by("pk").first()


def new_person(**typed):
    """A person without a password, whose login is theirs once they set one."""
    user = User(**typed)
    user.set_unusable_password()
    user.save()
    return user


def send(membership):
    """Mails a fresh link, after which the older one is dead: to set a password, or to accept. Nothing after a no."""
    membership.invited_at = timezone.now()
    membership.save(update_fields=["invited_at"])
    if not membership.is_invitation:
        link = Link.issue(membership.user, Link.Purpose.ACTIVATION)
        notify.mail("activation", to=membership.user, link=link.pk, membership=membership.pk)
    elif not membership.invited_as.get("declined"):
        link = Link.issue(membership.user, Link.Purpose.INVITATION, membership=membership)
        notify.mail("invitation", to=membership.user, link=link.pk, membership=membership.pk)


@transaction.atomic
def send_again(membership, *, by):
    """Sends the mail of a person who has not finished again; False when they have, or the provider blocked them.

    Raises PermissionDenied when they were removed meanwhile.
    """
    membership = current(membership)
    user = User.objects.select_for_update().get(pk=membership.user_id)
    if not membership.is_invitation and (user.activated_at or user.blocked_at):
        return False
    send(membership)
    write(Action.ACTIVATION_RESENT, membership, by=by)
    return True


@transaction.atomic
def correct(membership, *, by, name, email, phone):
    """Corrects name, e-mail and phone of somebody who has not finished; a new address gets a new mail.

    Raises PermissionDenied when they were removed or have become active meanwhile, or others let them in
    too: then the account is theirs alone.
    """
    membership = current(membership)
    user = User.objects.select_for_update().get(pk=membership.user_id)
    moved = membership.person.email != email
    if membership.is_invitation:
        membership.invited_as |= {"name": name, "email": email, "phone": phone}
        if moved and membership.invited_as["any_login"]:
            ask_another(membership)
        membership.save(update_fields=["user", "accepted_at", "blocked_at", "invited_as"])
    elif user.activated_at or user.memberships.filter(accepted_at__isnull=False).count() > 1:
        raise PermissionDenied
    else:
        user.name, user.email, user.phone = name, email, phone
        user.save(update_fields=["name", "email", "phone"])
        membership.user = user
    write(Action.SUBUSER_CHANGED, membership, by=by)
    if moved:
        send(membership)


def ask_another(membership):
    """Whoever reads the corrected address is meant, or somebody new. The links to the one asked by mistake end."""
    membership.links.filter(ended_at=None).update(ended_at=timezone.now())
    membership.invited_as.pop("declined", None)
    typed = membership.invited_as
    asked = whom(membership.customer, typed["login"], typed["email"])
    if asked:
        membership.user, typed["any_login"] = asked, asked.login != typed["login"]
    else:
        membership.user = new_person(**{name: typed[name] for name in ("login", "name", "email", "phone", "language")})
        membership.accepted_at, membership.blocked_at, membership.invited_as = timezone.now(), None, {}


@transaction.atomic
def activate(link, password):
    """Sets the first password and makes the person active; True for exactly one use of the link."""
    # The person before the link, in the order of send_again: neither waits for the other in a circle.
    user = User.objects.select_for_update().get(pk=link.user_id)
    if not link.use():
        return False
    user.set_password(password)
    user.activated_at = timezone.now()
    user.save(update_fields=["password", "activated_at"])
    for membership in user.memberships.filter(accepted_at__isnull=False).select_related("customer"):
        record(Action.ACTIVATED, customer=membership.customer, user=user, by=user, login=user.login)
    return True


def may_answer(person, membership):
    """Whether the invitation is this person's: theirs by login, or by the mailbox that several logins share."""
    invited = membership.user
    shared = membership.invited_as.get("any_login") and mailbox(person.email) == mailbox(invited.email)
    return membership.is_invitation and (person.pk == invited.pk or bool(shared))


def answerable(link, person):
    """The invitation behind the link as it is now, or None when it is not this person's or was taken back."""
    hold_customer(link.membership.customer_id)
    found = Membership.objects.select_related("customer", "user").filter(pk=link.membership_id).first()
    return found if found and may_answer(person, found) else None


@transaction.atomic
def accept(link, *, by):
    """Lets the person in; True for exactly one use of the link.

    When the address that was typed is not theirs, somebody else may have been meant: they stay blocked until
    the customer has looked who accepted.
    """
    membership = answerable(link, by)
    if membership is None or membership.customer.closed_at:
        return False
    here = Membership.objects.filter(customer=membership.customer, user=by, accepted_at__isnull=False)
    if here.exists() or not link.use():
        return False
    typed = membership.invited_as
    was_meant = mailbox(typed["email"]) == mailbox(by.email)
    membership.user, membership.accepted_at = by, timezone.now()
    membership.blocked_at = None if was_meant else membership.blocked_at
    membership.invited_as = {} if was_meant else {"email": typed["email"]}
    membership.save(update_fields=["user", "accepted_at", "blocked_at", "invited_as"])
    record(Action.INVITATION_ACCEPTED, customer=membership.customer, user=by, by=by, login=by.login)
    tell_inviter(membership, typed["by"])
    return True


def tell_inviter(membership, inviter_key):
    """Mails whoever invited the person, or the owner when that was the provider or somebody who has left."""
    people = Membership.objects.filter(customer=membership.customer, blocked_at=None).select_related("user")
    inviter = people.filter(user=inviter_key).first()
    reader = inviter or people.filter(role=Membership.Role.OWNER).first()
    if reader:
        notify.mail("invitation_accepted", to=reader.user, membership=membership.pk)


@transaction.atomic
def decline(link, *, by):
    """Says no; True for exactly one use. The customer is told nothing: a login that nobody has cannot decline."""
    membership = answerable(link, by)
    if membership is None or not link.use():
        return False
    membership.invited_as["declined"] = True
    membership.save(update_fields=["invited_as"])
    record(Action.INVITATION_DECLINED, user=by, by=by)
    return True
