"""What is known of contact persons beside their rows: whether they have access, and which mails they left."""

from django.db.models import Q

from accounts import bounces, notify, one_click
from accounts.identifiers import mailbox
from accounts.models import Membership, Unwanted


def with_access(customer, contacts):
    """The contacts as a list, each with `.membership` (of a person with that address, or None), `.unwanted` and
    `.mails_return_since` (or None)."""
    contacts = list(contacts)
    people = people_at(customer, {contact.email for contact in contacts})
    unwanted = unwanted_by({one_click.digest(contact.email) for contact in contacts})
    returning = bounces.returning({contact.email for contact in contacts})
    for contact in contacts:
        contact.mails_return_since = returning.get(contact.email)
        contact.membership = people.get(mailbox(contact.email))
        contact.unwanted = unwanted.get(one_click.digest(contact.email), [])
    return contacts


def people_at(customer, addresses):
    """{mailbox: membership} of the customer's people at these addresses.

    Who has not accepted yet is found by what was typed to invite them, never by who they are.
    """
    same, typed = Q(), Q()
    for address in addresses:
        same |= Q(user__email__iexact=address)
        typed |= Q(invited_as__email__iexact=address)
    found = Membership.objects.filter(customer=customer).select_related("user")
    found = found.filter(Q(same, accepted_at__isnull=False) | Q(typed, accepted_at=None)) if addresses else []
    return {
        mailbox(person.user.email if person.accepted_at else person.invited_as["email"]): person for person in found
    }


def unwanted_by(digests):
    """{digest: [kinds in words]} of the mails that were left at these addresses."""
    found = {}
    for row in Unwanted.objects.filter(digest__in=digests, kind__in=notify.Kind.values).order_by("pk"):
        found.setdefault(row.digest, []).append(notify.Kind(row.kind).label)
    return found
