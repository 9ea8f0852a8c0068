"""Sub-users: whom a customer lets in, and with which rights."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import notify
from accounts.history import Action, record
from accounts.models import Link, Membership, User
from accounts.permissions import choices
from accounts.signin import end_everything


def givable_roles(membership):
    """Roles this person may give: nobody gives more than they have, and nobody makes a second owner."""
    if membership.sees_everything:
        return [Membership.Role.ADMINISTRATIVE, Membership.Role.STANDARD]
    return [Membership.Role.STANDARD]


def givable_permissions(membership):
    """(value, label) of the permissions this person may give: their own."""
    return [
        (value, label) for value, label in choices() if membership.sees_everything or value in membership.permissions
    ]


# What people have beyond role and permissions. Upper apps append a function of the editor and the
# memberships to judge; it returns the keys of those who have something there that the editor has not.
BEYOND = []


def may_edit(editor, membership):
    """Whether `editor` may change this person's rights, or come into the account in their place."""
    return membership.pk in editable(editor, [membership])


def editable(editor, memberships):
    """Keys of those whose rights `editor` may change: never their own, the owner's, or greater ones."""
    others = [row for row in memberships if row.pk != editor.pk and row.customer_id == editor.customer_id]
    below = [row for row in others if is_below(editor, row)]
    keys = {row.pk for row in below}
    if keys and not editor.sees_everything:
        keys = keys.difference(*(beyond(editor, below) for beyond in BEYOND))
    return keys


def is_below(editor, membership):
    """Whether role and permissions are no greater than the editor's."""
    if editor.sees_everything or membership.sees_everything:
        return editor.sees_everything and not membership.is_owner
    return set(membership.permissions) <= {value for value, _label in givable_permissions(editor)}


def require_givable(editor, role, permissions):
    """Raises PermissionDenied when the rights are wider than the editor's own; None is the provider."""
    if editor is None:
        return
    given = {value for value, _label in givable_permissions(editor)}
    if role not in givable_roles(editor) or not set(permissions) <= given:
        raise PermissionDenied


@transaction.atomic
def add(*, customer, login, email, name="", phone="", language="pl", role, permissions, by, editor):
    """A new person for this customer, who gets a mail to set a password; returns the membership.

    `editor` is the membership of whoever adds, None for the provider's administrator. Raises
    PermissionDenied when more is given than the editor has.
    """
    require_givable(editor, role, permissions)
    user = User(login=login, email=email, name=name, phone=phone, language=language)
    user.set_unusable_password()
    user.save()
    membership = Membership.objects.create(
        user=user, customer=customer, role=role, permissions=kept(role, permissions)
    )
    record(Action.SUBUSER_ADDED, customer=customer, user=user, by=by, login=user.login)
    send_activation(membership)
    return membership


def kept(role, permissions):
    """Only a standard sub-user has separate permissions; the others have them all."""
    return sorted(permissions) if role == Membership.Role.STANDARD else []


def send_activation(membership):
    """Mails a fresh activation link; the older one stops working."""
    link = Link.issue(membership.user, Link.Purpose.ACTIVATION)
    notify.mail("activation", to=membership.user, link=link.pk, membership=membership.pk)


@transaction.atomic
def resend_activation(membership, *, by):
    """Sends the activation mail again; False when the person is active already."""
    user = User.objects.select_for_update().get(pk=membership.user_id)
    if user.activated_at or user.blocked_at:
        return False
    send_activation(membership)
    record(Action.ACTIVATION_RESENT, customer=membership.customer, user=user, by=by, login=user.login)
    return True


@transaction.atomic
def activate(link, password):
    """Sets the first password and makes the person active; True for exactly one use of the link."""
    # The person before the link, in the order of resend_activation: neither waits for the other in a circle.
    user = User.objects.select_for_update().get(pk=link.user_id)
    if not link.use():
        return False
    user.set_password(password)
    user.activated_at = timezone.now()
    user.save(update_fields=["password", "activated_at"])
    for membership in user.memberships.select_related("customer"):
        record(Action.ACTIVATED, customer=membership.customer, user=user, by=user, login=user.login)
    return True


@transaction.atomic
def change_rights(membership, *, role, permissions, by, editor):
    """Sets role and permissions; raises PermissionDenied when the editor may not. Counts from the next request."""
    if editor is not None and not may_edit(editor, membership):
        raise PermissionDenied
    require_givable(editor, role, permissions)
    membership.role, membership.permissions = role, kept(role, permissions)
    membership.save(update_fields=["role", "permissions"])
    membership.authorization_codes.living().update(ended_at=timezone.now())
    record(
        Action.SUBUSER_CHANGED, customer=membership.customer, user=membership.user, by=by, login=membership.user.login
    )


@transaction.atomic
def change_person(membership, *, by, **fields):
    """Corrects name, e-mail and phone of somebody who is not active yet; a new address gets a new link.

    Raises PermissionDenied when they have become active meanwhile: then the account is theirs alone.
    """
    user = User.objects.select_for_update().get(pk=membership.user_id)
    if user.activated_at:
        raise PermissionDenied
    membership.user = user
    moved = user.email != fields["email"]
    for name, value in fields.items():
        setattr(user, name, value)
    user.save(update_fields=list(fields))
    record(Action.SUBUSER_CHANGED, customer=membership.customer, user=user, by=by, login=user.login)
    if moved:
        send_activation(membership)


@transaction.atomic
def block(membership, *, by):
    """Shuts this customer to the person from the next request on; their other customers are untouched."""
    if membership.blocked_at is None:
        membership.blocked_at = timezone.now()
        membership.save(update_fields=["blocked_at"])
        membership.authorization_codes.living().update(ended_at=timezone.now())
        record(
            Action.SUBUSER_BLOCKED,
            customer=membership.customer,
            user=membership.user,
            by=by,
            login=membership.user.login,
        )


@transaction.atomic
def unblock(membership, *, by):
    """Lets the person in again."""
    if membership.blocked_at is not None:
        membership.blocked_at = None
        membership.save(update_fields=["blocked_at"])
        record(
            Action.SUBUSER_UNBLOCKED,
            customer=membership.customer,
            user=membership.user,
            by=by,
            login=membership.user.login,
        )


@transaction.atomic
def remove(membership, *, by):
    """Takes the person away from this customer. Somebody who never became active is forgotten whole."""
    user, customer = membership.user, membership.customer
    record(Action.SUBUSER_REMOVED, customer=customer, user=user, by=by, login=user.login)
    membership.delete()
    if user.activated_at is None and not user.memberships.exists():
        user.delete()
    else:
        end_everything(user)
