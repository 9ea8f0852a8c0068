"""Whose a thread of nobody's may be, as far as support may be told."""

from accounts.identifiers import mailbox
from accounts.models import Contact, Membership


def customers_of(ticket):
    """The customer numbers at which the writer's address is known, when it is proved to be the writer's.

    A number alone: no name, person or role, which without a code are none of support's business. It gives the
    writer nothing; support has to find out before it gives them the thread.
    """
    first = None if ticket.customer_id else ticket.messages.first()
    if first is None or not first.is_verified:
        return []
    address = mailbox(ticket.sender_email)
    people = Membership.objects.filter(user__email__iexact=address, accepted_at__isnull=False)
    contacts = Contact.objects.filter(email__iexact=address)
    known = [
        *people.values_list("user__email", "customer__number"),
        *contacts.values_list("email", "customer__number"),
    ]
    return sorted({number for email, number in known if mailbox(email) == address})
