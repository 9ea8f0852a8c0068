"""Whether the provider knows who a customer is: an administrator said so, or a rule that was switched on."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import WORDS_OF, Action, record
from accounts.models import Customer

# How somebody may be verified, in words; apps above add the rules that are theirs.
BY_ADMINISTRATOR = "administrator"
WAYS = {BY_ADMINISTRATOR: _("by an administrator")}
# Called with a customer who has been verified, in that transaction: appended in AppConfig.ready().
ON_VERIFIED = []


def way_in_words(name):
    """How a customer was verified, in the reader's language."""
    return str(WAYS.get(name, name))


WORDS_OF["verified"] = way_in_words


@transaction.atomic
def verify(customer, *, way, by):
    """The customer is verified from now on; returns whether they were not before. Twice is harmless."""
    unknown = Customer.objects.filter(pk=customer.pk, verified_at=None)
    if not unknown.update(verified_at=timezone.now(), verified_how=way):
        return False
    customer.refresh_from_db(fields=["verified_at", "verified_how"])
    record(Action.CUSTOMER_VERIFIED, customer=customer, by=by, verified=way)
    for tell in ON_VERIFIED:
        tell(customer)
    return True


@transaction.atomic
def take_back(customer, *, by):
    """The customer is not verified after all; what was sent is sent. Returns whether anything changed."""
    known = Customer.objects.filter(pk=customer.pk, verified_at__isnull=False)
    if not known.update(verified_at=None, verified_how=""):
        return False
    customer.refresh_from_db(fields=["verified_at", "verified_how"])
    record(Action.VERIFICATION_TAKEN_BACK, customer=customer, by=by)
    return True
