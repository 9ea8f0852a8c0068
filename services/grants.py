"""Choosing which services a standard sub-user sees."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.history import record
from accounts.models import DataExport, Membership
from services.actions import Action
from services.models import Service, ServiceGrant

# The history names at most so many services of one change; the rest are counted.
NAMED_AT_MOST = 10


def beyond(editor, memberships):
    """Keys of those who see a service that the editor does not: coming in their place would show it."""
    theirs = ServiceGrant.objects.filter(membership__in=memberships)
    seen = Service.objects.visible_to(editor)
    return set(theirs.exclude(service__in=seen).values_list("membership", flat=True))


@transaction.atomic
def choose(membership, granted, *, among, by, editor):
    """Of the services `among`, the sub-user sees exactly `granted` from the next request on.

    Services outside `among` are left as they are. Raises PermissionDenied when one of them is not
    the editor's own to see: nobody gives or takes what they do not have.
    """
    among = set(among)
    if not among <= set(Service.objects.visible_to(editor).filter(pk__in=[service.pk for service in among])):
        raise PermissionDenied
    # Two people choosing at once come one after the other.
    Membership.objects.select_for_update(of=["self"]).get(pk=membership.pk)
    had = set(Service.objects.filter(grants__membership=membership, pk__in=[service.pk for service in among]))
    wanted = set(granted) & among
    ServiceGrant.objects.filter(membership=membership, service__in=had - wanted).delete()
    ServiceGrant.objects.bulk_create(
        [ServiceGrant(membership=membership, service=service) for service in wanted - had], ignore_conflicts=True
    )
    if had != wanted:
        DataExport.end_all(membership)
        record(
            Action.GRANTS_CHANGED,
            customer=membership.customer,
            user=membership.known_user,
            by=by,
            login=membership.person.login,
            changes=words(added=wanted - had, removed=had - wanted),
        )


def words(*, added, removed):
    """The change in a form that needs no translation: "+ Hosting, - Phone"."""
    names = [f"+ {name}" for name in sorted(map(str, added))] + [f"- {name}" for name in sorted(map(str, removed))]
    more = [f"… ({len(names) - NAMED_AT_MOST})"] if len(names) > NAMED_AT_MOST else []
    return ", ".join(names[:NAMED_AT_MOST] + more)
