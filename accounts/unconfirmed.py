"""Forgets registrations whose link was never used, so that a login is not taken for ever by nobody."""

from datetime import timedelta

from django.db import router, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils import timezone

from accounts.models import Link, Membership, User

# A week after registering: long after the link (48 h) and the last one that support sent again.
GRACE = timedelta(days=7)
BATCH = 1000


def forget_unconfirmed():
    """Deletes unconfirmed people and their empty customers; returns how many."""
    return sum(forget(user) for user in unconfirmed()[:BATCH])


def unconfirmed():
    """People who registered a customer and never opened it, and can no longer do so."""
    living_links = Link.objects.filter(user=OuterRef("pk"), ended_at=None, expires_at__gt=timezone.now())
    return (
        User.objects.filter(activated_at=None, created_at__lt=timezone.now() - GRACE)
        .filter(last_login=None, is_support=False, is_staff=False, is_superuser=False)
        .annotate(places=Count("memberships", filter=Q(memberships__accepted_at__isnull=False)))
        .filter(~Exists(living_links), places=1)
        .filter(memberships__role=Membership.Role.OWNER)
        .order_by("pk")
    )


@transaction.atomic
def forget(user):
    """Deletes the person with the customer; False, and nothing is deleted, when anything hangs on them."""
    User.objects.select_for_update().get(pk=user.pk)
    if not unconfirmed().filter(pk=user.pk).exists():
        return False
    customer = user.memberships.get(accepted_at__isnull=False).customer
    if customer.memberships.count() > 1 or customer.closed_at:
        return False
    collector = Collector(using=router.db_for_write(User), origin=customer)
    try:
        collector.collect([customer])
        collector.collect([user])
    except (ProtectedError, RestrictedError):
        return False
    if any(model._meta.app_label != "accounts" for model in touched_by(collector)):
        return False
    collector.delete()
    return True


def touched_by(collector):
    """The models of which a row would go or be emptied: a ticket, an order and the like forbid it."""
    models = set(collector.data)
    models |= {rows.model for rows in collector.fast_deletes if rows.exists()}
    for (field, _value), parts in collector.field_updates.items():
        if any(parts):
            models.add(field.model)
    return models
