"""A conversation of nobody's finds its customer."""

from django.db import transaction
from django.db.models import Q

from accounts.history import record
from accounts.identifiers import canonical_login
from accounts.models import Contact, Customer, Membership
from accounts.typed import customer_number
from tickets.actions import Action
from tickets.incoming.senders import contacts_at, members_at
from tickets.models import Attachment, Ticket

FOUND_AT_MOST = 20
# A customer's number has fewer digits.


class HasCustomer(Exception):
    """The conversation is somebody's already."""


def customers_by(words):
    """The open customers with this number, login or e-mail address, typed whole."""
    words = words.strip()
    if not words:
        return Customer.objects.none()
    people = Membership.objects.filter(Q(user__login=canonical_login(words)) | Q(user__email__iexact=words))
    contacts = Contact.objects.filter(email__iexact=words)
    found = Q(pk__in=people.values("customer")) | Q(pk__in=contacts.values("customer"))
    number = customer_number(words)
    if number is not None:
        found |= Q(number=number)
    return Customer.objects.filter(found, closed_at=None).order_by("number")[:FOUND_AT_MOST]


def customer_numbered(text):
    """The open customer with this very number, or None."""
    return Customer.objects.filter(number=customer_number(text), closed_at=None).first()


@transaction.atomic
def give(ticket, customer, *, by):
    """Makes it this customer's, whose people see it from now on. Raises HasCustomer.

    Answers go to the address it came from when that is one of the customer's, and else to the owner.
    """
    ticket = Ticket.objects.select_for_update(of=["self"]).get(pk=ticket.pk)
    if ticket.customer_id is not None:
        raise HasCustomer
    ticket.customer = customer
    ticket.opened_by, ticket.sender_contact = reader(ticket.sender_email, customer)
    ticket.save(update_fields=["customer", "opened_by", "sender_contact"])
    Attachment.objects.filter(message__ticket=ticket).update(customer=customer)
    record(Action.TICKET_GIVEN, customer=customer, by=by, ticket=ticket.number, subject=ticket.subject)


def reader(address, customer):
    """(person, contact person) who gets the answers; one of them None, and both while nobody acts for the customer."""
    people = [member for member in members_at(address, customer=customer) if member.sees_everything]
    if people:
        return people[0].user, None
    if contact := next(iter(contacts_at(address, customer=customer)), None):
        return None, contact
    owner = Membership.objects.filter(customer=customer, role=Membership.Role.OWNER).select_related("user").first()
    return owner and owner.user, None
