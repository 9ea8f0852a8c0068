"""Mails that come back: the sender by which we know which one it was, and the addresses that are marked."""

import hashlib
import re
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import numbered_addresses, one_click
from accounts.history import Action, record
from accounts.models import BouncedAddress, BounceReport, Outbox
from accounts.signin import own_customer

PURPOSE = "bounce"

# Codes of RFC 3463, where servers put them into words; of a longer row of numbers, such as an IP address, none is one.
STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
UNKNOWN = "5.0.0"
# Said about us, the mail or a policy, and nothing about its reader: our own sender, too large, not wanted.
NOT_OF_THE_READER = re.compile(r"[45]\.(1\.[78]|2\.3|6\.\d+|7\.\d+)|5\.3\.\d+")
# Said about the moment: a queue, a way, a full mailbox.
OF_THE_MOMENT = ("4.", "5.2.2")
# So many mails in a row, each at most so long after the one before, do not come back by chance.
SEVERAL = 5
IN_A_ROW = timedelta(days=30)
# Longer than a company brings a report again.
KEPT_REPORTS = timedelta(days=30)


def envelope_sender(row):
    """Where a mail of the outbox comes back to; "" when no mail comes in here."""
    return numbered_addresses.write(PURPOSE, row.pk)


def is_named(recipients):
    """Whether one of these addresses is where a mail of ours comes back to."""
    return numbered_addresses.read(PURPOSE, recipients) is not None


def row_of(recipients):
    """The mail of the outbox that came back to one of these addresses, or None; forged ones name none."""
    pk = numbered_addresses.read(PURPOSE, recipients)
    return pk and Outbox.objects.select_related("user").filter(pk=pk).first()


def status_in(words):
    """The first code of RFC 3463 in the words of a server, or ""."""
    found = STATUS.search(words)
    return found[0] if found else ""


@transaction.atomic
def came_back(row, *, status, is_hard=True, report=""):
    """Notes that a mail was given up, with the code that its reader's server gave.

    One that is hard, and about the address, marks it at once; others do when SEVERAL mails had one. What is said
    about us changes nothing, nor does the same `report` again.
    """
    if NOT_OF_THE_READER.fullmatch(status) or not is_new(report):
        return
    found, _new = BouncedAddress.objects.select_for_update().get_or_create(digest=one_click.digest(row.address))
    now, is_hard = timezone.now(), is_hard and not status.startswith(OF_THE_MOMENT)
    if not is_hard and is_new(f"soft {row.pk}"):
        found.soft_count = found.soft_count + 1 if now - found.last_at < IN_A_ROW else 1
    found.status, found.last_at = status, now
    if (is_hard or found.soft_count >= SEVERAL) and not found.bounced_at:
        found.bounced_at = now
        if row.user:
            record(Action.MAILS_RETURN, customer=own_customer(row.user), user=row.user, address=row.address)
    found.save()


def is_new(report):
    """Whether a report has not been taken yet, which it is now; one without a key always is."""
    key = hashlib.sha256(report.encode("utf-8", "replace")).hexdigest()
    return not report or BounceReport.objects.get_or_create(key=key)[1]


def forget_reports():
    """Deletes what is known of reports that nobody brings again."""
    BounceReport.objects.filter(at__lt=timezone.now() - KEPT_REPORTS).delete()


def arrived(row):
    """Takes the mark off: a mail that was written after the last report has arrived."""
    BouncedAddress.objects.filter(digest=one_click.digest(row.address), last_at__lt=row.created_at).delete()


@transaction.atomic
def confirm(address, *, customer, by, user=None):
    """Takes the mark off: somebody says that mails arrive at this address, their own (`user`) or a contact's."""
    if BouncedAddress.objects.filter(digest=one_click.digest(address)).delete()[0]:
        record(Action.MAILS_ARRIVE, customer=customer, user=user, by=by, address=address)


def marks(addresses):
    """The marks of those addresses that mails come back from."""
    digests = [one_click.digest(address) for address in addresses if address]
    return BouncedAddress.objects.filter(digest__in=digests, bounced_at__isnull=False)


def returning_since(address):
    """Since when mails to this address come back, or None."""
    return returning([address]).get(address)


def returning(addresses):
    """{address: since when} of those that mails come back from."""
    addresses = list(addresses)
    since = dict(marks(addresses).values_list("digest", "bounced_at"))
    digests = {address: one_click.digest(address) for address in addresses if address}
    return {address: since[digest] for address, digest in digests.items() if digest in since}
