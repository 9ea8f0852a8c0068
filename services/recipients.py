"""Who gets the mails about a service."""

from django.db.models import Q

from accounts.contacts import readers
from accounts.models import Contact, Membership


def of(service):
    """The owner, who was granted the service, and the technical contact persons, as notify.mail wants them told.

    Not who is shut out here: blocked by the customer, or invited and not agreed.
    """
    theirs = Membership.objects.select_related("user").filter(customer=service.customer_id, blocked_at=None)
    found = theirs.filter(Q(role=Membership.Role.OWNER) | Q(pk__in=service.grants.values("membership")))
    people = [membership.user for membership in found.order_by("pk") if membership.user.is_active]
    return readers(service.customer_id, people, Contact.Kind.TECHNICAL)
