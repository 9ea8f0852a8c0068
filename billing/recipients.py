"""Who gets the mails about money."""

from accounts.contacts import readers
from accounts.models import Contact, Membership


def of(customer):
    """The owner and the contact persons for billing, each address once, as notify.mail wants them told."""
    owner = Membership.objects.select_related("user").filter(customer=customer, role=Membership.Role.OWNER).first()
    people = [owner.user] if owner and owner.user.is_active else []
    return readers(customer, people, Contact.Kind.BILLING)
