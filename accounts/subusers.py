"""Sub-users: whom a customer lets in, and with which rights."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import notify
from accounts.contacts import readers
from accounts.history import Action, record
from accounts.models import Contact, Customer, DataExport, Membership
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


def kept(role, permissions):
    """Only a standard sub-user has separate permissions; the others have them all."""
    return sorted(permissions) if role == Membership.Role.STANDARD else []


def hold_customer(customer_id):
    """Keeps others from changing who belongs to the customer until the transaction ends."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer_id)


def current(membership):
    """The membership as it is now; nobody changes it until the transaction ends.

    Raises PermissionDenied when the person was removed meanwhile.
    """
    hold_customer(membership.customer_id)
    found = Membership.objects.select_related("user", "customer").filter(pk=membership.pk).first()
    if found is None:
        raise PermissionDenied
    return found


def held(membership, editor):
    """The same, for `editor` (None is the provider) to change it.

    Raises PermissionDenied when by now they may not, or nobody may, because the person has become the owner.
    """
    membership = current(membership)
    if editor is not None:
        editor = current(editor)
    if membership.is_owner or (editor and (editor.blocked_at or not may_edit(editor, membership))):
        raise PermissionDenied
    return membership


class LastAdministrative(Exception):
    """Without this person nobody could run the customer's account any more."""


def require_another(membership):
    """Raises LastAdministrative unless somebody else who can come in sees everything of the customer.

    Whoever calls holds the membership, so that of two who take each other's rights at once one is refused.
    """
    wide = Membership.objects.filter(
        customer=membership.customer_id,
        role__in=[Membership.Role.OWNER, Membership.Role.ADMINISTRATIVE],
        blocked_at=None,
        user__activated_at__isnull=False,
        user__blocked_at=None,
    )
    keys = set(wide.values_list("pk", flat=True))
    if keys == {membership.pk}:
        raise LastAdministrative


def write(action, membership, *, by):
    """A line of the history about a sub-user, by the name under which the customer knows them."""
    login = membership.person.login
    record(action, customer=membership.customer, user=membership.known_user, by=by, login=login)


@transaction.atomic
def change_rights(membership, *, role, permissions, by, editor):
    """Sets role and permissions, which count from the next request.

    Raises PermissionDenied when the editor may not, LastAdministrative when nobody would be left.
    """
    membership = held(membership, editor)
    require_givable(editor and current(editor), role, permissions)
    if role == Membership.Role.STANDARD:
        require_another(membership)
    membership.role, membership.permissions = role, kept(role, permissions)
    membership.save(update_fields=["role", "permissions"])
    membership.authorization_codes.living().update(ended_at=timezone.now())
    DataExport.end_all(membership)
    write(Action.SUBUSER_CHANGED, membership, by=by)


@transaction.atomic
def block(membership, *, by, editor):
    """Shuts this customer to the person from the next request on; their other customers are untouched.

    Raises PermissionDenied when the editor may not, LastAdministrative when nobody would be left.
    """
    membership = held(membership, editor)
    if membership.blocked_at is None:
        require_another(membership)
        membership.blocked_at = timezone.now()
        membership.save(update_fields=["blocked_at"])
        membership.authorization_codes.living().update(ended_at=timezone.now())
        write(Action.SUBUSER_BLOCKED, membership, by=by)


@transaction.atomic
def unblock(membership, *, by, editor):
    """Lets the person in again; an invitation is answered by its person only.

    Raises PermissionDenied when the editor may not.
    """
    membership = held(membership, editor)
    if membership.blocked_at is not None and not membership.is_invitation:
        membership.blocked_at, membership.invited_as = None, {}
        membership.save(update_fields=["blocked_at", "invited_as"])
        write(Action.SUBUSER_UNBLOCKED, membership, by=by)


@transaction.atomic
def remove(membership, *, by, editor):
    """Takes the person away from this customer. Somebody who never became active is forgotten whole.

    Who belongs elsewhere too keeps their sessions and links: they are not this customer's to end. Raises
    PermissionDenied when the editor may not, LastAdministrative when nobody would be left.
    """
    membership = held(membership, editor)
    require_another(membership)
    user, known = membership.user, membership.known_user
    write(Action.SUBUSER_REMOVED, membership, by=by)
    membership.delete()
    if known is None or user.memberships.exists():
        return
    if user.activated_at is None:
        user.delete()
    else:
        end_everything(user)


@transaction.atomic
def hand_over(membership, *, by, editor):
    """Makes this person the owner and the owner administrative, at once; both and representatives are told by mail.

    Raises PermissionDenied unless `editor` is the owner (None is the provider) and the person is an active
    administrative one.
    """
    membership = current(membership)
    owner = Membership.objects.filter(customer=membership.customer, role=Membership.Role.OWNER).first()
    if not may_receive(membership) or (editor is not None and (owner is None or owner.pk != editor.pk)):
        raise PermissionDenied
    if owner:
        Membership.objects.filter(pk=owner.pk).update(role=Membership.Role.ADMINISTRATIVE)
    Membership.objects.filter(pk=membership.pk).update(role=Membership.Role.OWNER, permissions=[])
    write(Action.OWNER_CHANGED, membership, by=by)
    people = [owner.user, membership.user] if owner else [membership.user]
    for reader in readers(membership.customer, people, Contact.Kind.REPRESENTATIVE):
        notify.mail("owner_changed", **reader, membership=membership.pk)


def may_receive(membership):
    """Whether this person can become the owner: active, and already trusted with everything."""
    trusted = membership.role == Membership.Role.ADMINISTRATIVE and membership.blocked_at is None
    return trusted and membership.user.is_active
