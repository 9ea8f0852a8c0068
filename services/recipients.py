"""Who gets the mails about a service."""

from django.db.models import Q

from accounts.models import Membership


def of(service):
    """The owner, and who was granted the service, as notify.mail wants them told.

    Not who is shut out here: blocked by the customer, or invited and not agreed.
    """
    theirs = Membership.objects.select_related("user").filter(customer=service.customer_id, blocked_at=None)
    people = theirs.filter(Q(role=Membership.Role.OWNER) | Q(pk__in=service.grants.values("membership")))
    return [{"to": membership.user} for membership in people.order_by("pk") if membership.user.is_active]
