"""Usage that a server of the provider's tells by itself: signed, and whatever is told again counts once."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.told import content_of
from services import signing, usage
from services.drivers import Used, words
from services.models import Service, Usage

# A thousand records with long names are about half of it.
LARGEST_BODY = 512 * 1024
MOST_RECORDS = 1000
LONGEST_NUMBER = 20


class UnknownService(ValueError):
    """No service of the driver “webhook” goes by this key."""


@transaction.atomic
def receive(body, header):
    """Keeps the usage of a report, all of it or nothing; returns how many uses were new.

    Raises signing.NotBelieved, ValueError or usage.BadUsage when it makes no sense.
    """
    signing.verify(settings.PROVISIONING_WEBHOOK_SECRET, body, header, now=timezone.now())
    records = content_of(body).get("usage")
    if not isinstance(records, list) or len(records) > MOST_RECORDS:
        raise ValueError(f"“usage” is not a list of at most {MOST_RECORDS}")
    told = sorted(((key_of(record), used(record)) for record in records), key=lambda pair: pair[0])
    services = Service.objects.select_related("product", "customer").filter(product__driver="webhook")
    found = services.in_bulk({key for key, _record in told})
    new = 0
    for key, pairs in groupby(told, key=lambda pair: pair[0]):
        if key not in found:
            raise UnknownService(f"there is no service {key}")
        new += usage.report(found[key], [record for _key, record in pairs]).new
    return new


def key_of(record):
    """Which service it is about, by the id that the server was told. Raises ValueError."""
    key = record.get("service") if isinstance(record, dict) else None
    if type(key) is not int or not 0 < key < 2**63:
        raise ValueError("“service” is not the id of a service")
    return key


def used(record):
    """One use. Raises ValueError."""
    return Used(
        reference=text(record, "reference"),
        what=text(record, "what"),
        quantity=number(record, "quantity"),
        unit=text(record, "unit"),
        net=number(record, "net"),
        started_at=moment(record, "started_at"),
        ended_at=moment(record, "ended_at"),
    )


def text(record, name):
    return words.word(record, name, Usage._meta.get_field(name).max_length, needed=True)


def number(record, name):
    """A number written as text, so that nobody's floating point gets into it."""
    try:
        value = Decimal(words.word(record, name, LONGEST_NUMBER, needed=True))
    except InvalidOperation:
        raise ValueError(f"“{name}” is not a number in a text") from None
    if not value.is_finite():
        raise ValueError(f"“{name}” is not a number in a text")
    return value


def moment(record, name):
    """An ISO 8601 time that says its zone, in UTC: a database does not take every zone that there may be."""
    value = datetime.fromisoformat(words.word(record, name, 40, needed=True))
    if value.tzinfo is None:
        raise ValueError(f"“{name}” does not say its time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"“{name}” lies beyond the calendar") from None
