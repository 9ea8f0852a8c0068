"""Whose mail it is: the people and contact persons of a customer, by an address that our mail server vouches for."""

from dataclasses import dataclass

from accounts.identifiers import mailbox
from accounts.models import Contact, Customer, Membership, User
from accounts.recovery import people_at
from services.models import Service
from tickets.incoming.authentication import is_proved
from tickets.models import Ticket
from tickets.permissions import Permission


@dataclass(frozen=True)
class Sender:
    """Whom the address stands for. `customer` is None when it is nobody's, or of more than one customer."""

    is_verified: bool = False
    customer: Customer | None = None
    person: User | None = None
    contact: Contact | None = None
    service: Service | None = None


def is_shut_out(address):
    """Whether everybody at this address is blocked, or acts only for what is closed."""
    people = people_at(mailbox(address))
    return bool(people) and all(user.is_shut_out for user in people)


def vouched(mail):
    """Whether the mail is from where its From line says."""
    return is_proved(mail.authentication, mail.sender_email.rpartition("@")[2])


def in_thread(mail, ticket, reader):
    """Who answers in this thread: one of the customer's addresses, vouched for, is the customer's; others nobody's.

    `reader` is the person whom the answered mail was sent to: of several people at one address it is they.
    """
    if not vouched(mail):
        return Sender()
    if ticket.customer is None:
        return Sender(is_verified=mailbox(mail.sender_email) == mailbox(ticket.sender_email))
    members = members_at(mail.sender_email, customer=ticket.customer)
    people = [member.user for member in members if Ticket.objects.visible_to(member).filter(pk=ticket.pk).exists()]
    if people:
        person = reader if reader in people else people[0] if len(people) == 1 else None
        return Sender(is_verified=True, customer=ticket.customer, person=person)
    contact = next(iter(contacts_at(mail.sender_email, customer=ticket.customer)), None)
    return Sender(is_verified=contact is not None, customer=ticket.customer, contact=contact)


def of_new(mail):
    """Who begins a thread: the customer is known when the address is vouched for and of one customer only.

    Anybody can be named as a contact person: their mails are the customer's once support has given it one of them.
    """
    if not vouched(mail):
        return Sender()
    members, named = members_at(mail.sender_email), contacts_at(mail.sender_email)
    contacts = [contact for contact in named if is_given(contact)]
    customers = {row.customer_id: row.customer for row in [*members, *contacts]}
    if len(customers) != 1:
        return Sender(is_verified=bool(members or named))
    customer = next(iter(customers.values()))
    if len(members) != 1:
        return Sender(is_verified=True, customer=customer, contact=next(iter(contacts), None))
    return of_member(members[0])


def is_given(contact):
    """Whether support has found a thread that this contact person began from outside to be their customer's."""
    return contact.customer.tickets.filter(sender_contact=contact, opened_by=None).exists()


def of_member(member):
    """One person: who sees only some services asks about the one they have, or else support has to find out."""
    if member.sees_everything:
        return Sender(is_verified=True, customer=member.customer, person=member.user)
    services = list(Service.objects.visible_to(member)[:2])
    if len(services) != 1:
        return Sender(is_verified=True)
    return Sender(is_verified=True, customer=member.customer, person=member.user, service=services[0])


def members_at(address, **narrower):
    """Who may write for a customer and has this address."""
    found = Membership.objects.filter(user__email__iexact=address, blocked_at=None, accepted_at__isnull=False)
    found = found.filter(user__blocked_at=None, user__activated_at__isnull=False, customer__closed_at=None, **narrower)
    return [
        member
        for member in found.select_related("user", "customer").order_by("pk")
        if mailbox(member.user.email) == mailbox(address) and member.may(Permission.TICKETS)
    ]


def contacts_at(address, **narrower):
    """Contact persons with this address."""
    found = Contact.objects.filter(email__iexact=address, customer__closed_at=None, **narrower)
    return [row for row in found.select_related("customer").order_by("pk") if mailbox(row.email) == mailbox(address)]
