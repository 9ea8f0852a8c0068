"""Contact persons: who of them gets which mails, whether they have access, and which mails they left."""

from django.conf import settings
from django.db.models import Q

from accounts import bounces, notify, one_click
from accounts.identifiers import mailbox
from accounts.models import Contact, Membership, Unwanted


def readers(customer, people, kind):
    """These people and the contact persons of this kind, each of whom gets one mail, as notify.mail wants them told.

    Contact persons, who have no language of their own, are written to in the owner's.
    """
    told = {mailbox(person.email) for person in people}
    found = [{"to": person} for person in people]
    contacts = list(Contact.objects.filter(customer=customer, kind=kind).exclude(email="").order_by("pk"))
    language = language_of(customer) if contacts else ""
    for contact in contacts:
        if mailbox(contact.email) not in told:
            told.add(mailbox(contact.email))
            found.append({"address": contact.email, "language": language})
    return found


def language_of(customer):
    """The language of the customer's owner, in which their documents are."""
    owners = Membership.objects.filter(customer=customer, role=Membership.Role.OWNER)
    return owners.values_list("user__language", flat=True).first() or settings.LANGUAGE_CODE


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
