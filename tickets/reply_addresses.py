"""The address a mail about a thread is answered at: one for each reader, which nobody can guess.

Beside it stands which mails of the thread this reader has, so that their mail program puts them together.
"""

import re

from django.db import transaction

from accounts import numbered_addresses
from tickets.models import ReplyAddress

PURPOSE = "reply"
# What may stand between the brackets of a Message-ID that we repeat: printable ASCII, of a bounded length.
MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")


def row_for(ticket, *, user=None, address=""):
    """The row of this reader: a person with a login, or a bare address."""
    whose = {"user": user} if user else {"user": None, "address": address}
    row, _created = ReplyAddress.objects.get_or_create(ticket=ticket, **whose)
    return row


def text_of(row):
    """The address of a row: where its reader answers. "" when no mail comes in here."""
    return numbered_addresses.write(PURPOSE, row.pk)


def find(recipients):
    """The row that one of the addresses names, or None; other people's and forged ones name none."""
    pk = numbered_addresses.read(PURPOSE, recipients)
    rows = ReplyAddress.objects.select_related("ticket__customer", "ticket__merged_into__customer", "user")
    return pk and leading_on(rows.filter(pk=pk).first())


def leading_on(address):
    """The same row; what answers a thread that was merged belongs where everything of it has moved."""
    if address and address.ticket.merged_into:
        address.ticket = address.ticket.merged_into
    return address


@transaction.atomic
def remember(row, message_id):
    """Notes that the reader has this mail of the thread. Of very many the first and the latest are kept."""
    if not MESSAGE_ID.fullmatch(message_id):
        return
    row = ReplyAddress.objects.select_for_update(of=["self"]).get(pk=row.pk)
    if message_id not in row.mails:
        mails = [*row.mails, message_id]
        row.mails = mails[:1] + mails[1:][-(ReplyAddress.MAILS_KEPT - 1) :]
        row.save(update_fields=["mails"])


def earlier(row, message_id):
    """The Message-IDs that came before this one, oldest first."""
    return row.mails[: row.mails.index(message_id)] if message_id in row.mails else row.mails
