"""How long a mail is kept as it came."""

from datetime import timedelta

from django.utils import timezone

from tickets.models import IncomingMail

KEPT = timedelta(days=30)
FORGOTTEN_AT_ONCE = 100


def forget_old():
    """Deletes the mails as they came that are older than KEPT, and every trace of those that became no message."""
    old = IncomingMail.objects.filter(received_at__lt=timezone.now() - KEPT)
    while rows := list(old.exclude(raw="")[:FORGOTTEN_AT_ONCE]):
        for row in rows:
            row.raw.delete()
    old.filter(message=None).delete()
