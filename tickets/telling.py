"""Who is mailed about a thread, and beside which of their mails it finds its place."""

from django.db.models import Q

from accounts import notify
from accounts.identifiers import mailbox
from accounts.models import Membership, User
from tickets import reply_addresses
from tickets.models import Ticket
from tickets.permissions import Permission


def confirm(ticket):
    """Mails whoever began the thread that it is here."""
    if ticket.opened_by:
        mail("ticket_opened", ticket, to=ticket.opened_by, about={"ticket": ticket.pk})
    else:
        about = {"ticket": ticket.pk}
        mail("ticket_opened", ticket, address=ticket.sender_email, language=ticket.asker_language, about=about)


def tell_the_customer(ticket, message):
    """Mails the answer to everybody who wrote and may read it, and to the contact person named as the sender.

    Of what was merged into the thread they are told as well. Each mailbox gets it once. As long as the thread is
    nobody's, the answer goes to the address it came from.
    """
    told, about = set(), {"message": message.pk}
    for person in writers(ticket):
        if mailbox(person.email) not in told and mail("ticket_answered", ticket, to=person, about=about):
            told.add(mailbox(person.email))
    for part in [ticket, *ticket.merged.select_related("opened_by", "sender_contact").order_by("pk")]:
        contact = part.sender_contact
        if contact and mailbox(contact.email) not in told:
            told.add(mailbox(contact.email))
            mail("ticket_answered", ticket, address=contact.email, language=part.asker_language, about=about)
    if ticket.customer is None and ticket.sender_email:
        mail("ticket_answered", ticket, address=ticket.sender_email, language=ticket.asker_language, about=about)


def writers(ticket):
    """People of the customer with a login who wrote in the thread and may still read it, who began it first."""
    wrote = ticket.messages.filter(is_staff=False).exclude(author=None).values("author")
    people = User.objects.filter(Q(pk=ticket.opened_by_id) | Q(pk__in=wrote)).order_by("pk")
    return sorted(
        (person for person in people if may_read(person, ticket)), key=lambda person: person.pk != ticket.opened_by_id
    )


def may_read(user, ticket):
    """Whether the person acts for the ticket's customer now and sees this thread there."""
    membership = Membership.objects.filter(user=user, customer=ticket.customer_id, blocked_at=None).first()
    return (
        user.is_active
        and membership is not None
        and membership.may(Permission.TICKETS)
        and Ticket.objects.visible_to(membership).filter(pk=ticket.pk).exists()
    )


def mail(letter, ticket, *, to=None, address="", language="", about):
    """Writes the mail and remembers it as one that this reader has; None when they have switched it off."""
    row = notify.mail(letter, to=to, address=address, language=language, **about)
    if row:
        reply_addresses.remember(reply_addresses.row_for(ticket, user=to, address=address), row.message_id)
    return row


def came_in(ticket, *, by, outside):
    """Remembers a mail that came as one that its sender has: what we write next is an answer to it."""
    if not outside.message_id:
        return
    row = outside.answered
    if by:
        row = reply_addresses.row_for(ticket, user=by)
    elif row is None and mailbox(outside.email) == mailbox(ticket.sender_email):
        row = reply_addresses.row_for(ticket, address=ticket.sender_email)
    if row:
        reply_addresses.remember(row, outside.message_id)
