"""Where a reader of a thread answers."""

from tickets import reply_addresses


def reply_address(ticket, *, user=None, address=""):
    """The address in their mails: of a person with a login, or of a bare address. "" when no mail comes in here."""
    return reply_addresses.text_of(reply_addresses.row_for(ticket, user=user, address=address))
