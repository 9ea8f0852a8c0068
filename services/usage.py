"""Usage that drivers report: kept once for each reference, and handed to whoever charges for it."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django_tasks import task

from accounts.work.retry import Retry, retries
from services.confidence import without_keys
from services.drivers import DRIVERS, Driver, DriverError
from services.models import Service, Usage

logger = logging.getLogger(__name__)

# Called with a service and its new Usage rows, in their transaction: appended in AppConfig.ready().
ON_USAGE = []
# Called with a service, the name of a driver that was asked, and {reference: why} of what it told that makes no sense
# (nothing, as a rule), in the transaction that keeps the rest.
ON_BAD = []
# Clocks of switchboards are not ours; what is further ahead is nonsense.
AHEAD_AT_MOST = timedelta(hours=1)
# Nothing that is sold here was used before; of times near the year 1 no calendar can tell the local one.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# A driver is asked again about so much that it may have told already: some calls are told late.
OVERLAP = timedelta(days=2)
FIRST_TIME = timedelta(days=7)
REFERENCE_LENGTH = Usage._meta.get_field("reference").max_length
WRITTEN = ("service_id", "what", "quantity", "unit", "net", "started_at", "ended_at")


class BadUsage(Exception):
    """A record makes no sense; the message says which and why. Nothing of its report was kept."""


@dataclass(frozen=True)
class Told:
    """What became of a report: how many uses were new, and the references known with another content."""

    new: int
    differing: list


@transaction.atomic
def report(service, records):
    """Keeps what was used of a service, each reference of its driver once, in whatever order and however often.

    Returns a Told; of a reference that was told before with another content the first one stays. Raises
    BadUsage.
    """
    return keep(service, [row_of(service, record) for record in records])


def keep(service, rows):
    """Writes those rows that are new, and has them charged; returns a Told."""
    same = Usage.objects.filter(driver=service.product.driver)
    references = {row.reference for row in rows}
    before = set(same.filter(reference__in=references).values_list("reference", flat=True))
    # In one order, so that two who tell the same wait for each other instead of blocking.
    Usage.objects.bulk_create(sorted(rows, key=lambda row: row.reference), ignore_conflicts=True, batch_size=500)
    kept = {row.reference: row for row in same.filter(reference__in=references)}
    differing = sorted({row.reference for row in rows if not is_same(row, kept[row.reference])})
    for reference in differing:
        logger.warning("usage %s:%s was told again with another content", service.product.driver, reference)
    if references - before:
        for tell in ON_USAGE:
            tell(service, [kept[reference] for reference in sorted(references - before)])
    return Told(len(references - before), differing)


def row_of(service, record):
    """The row of a record. Raises BadUsage."""
    row = Usage(service=service, driver=service.product.driver, **vars(record))
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except (ValidationError, TypeError, ValueError) as error:
        raise BadUsage(f"{str(record.reference)[:REFERENCE_LENGTH]}: {error}") from error
    if row.ended_at < row.started_at:
        raise BadUsage(f"{row.reference}: it ends before it starts")
    if row.started_at < EARLIEST:
        raise BadUsage(f"{row.reference}: it lies too far back")
    if row.ended_at > timezone.now() + AHEAD_AT_MOST:
        raise BadUsage(f"{row.reference}: it lies ahead")
    return row


def is_same(row, kept):
    return all(getattr(row, name) == getattr(kept, name) for name in WRITTEN)


def tellers():
    """Names of drivers that are asked about usage and have services."""
    asked = [name for name, driver in DRIVERS.items() if driver.usage is not Driver.usage]
    alive = Service.objects.exclude(status=Service.Status.PENDING)
    used = alive.filter(product__driver__in=asked).order_by().values_list("product__driver", flat=True)
    return sorted(set(used.distinct()))


@task()
@retries(4)
def ask_driver(name):
    """Has a driver tell what was used since it was asked last; of what makes no sense staff are told."""
    last = Usage.objects.filter(driver=name).aggregate(at=Max("ended_at"))["at"]
    since = last - OVERLAP if last else timezone.now() - FIRST_TIME
    try:
        told = sorted(DRIVERS[name]().usage(since), key=lambda pair: pair[0].pk)
    except DriverError as error:
        # Without its cause: the traceback of a task is kept, and is to hold no key of ours.
        words = without_keys(error)
        raise (DriverError(words, permanent=True) if error.permanent else Retry(words)) from None
    for _pk, pairs in groupby(told, key=lambda pair: pair[0].pk):
        pairs = list(pairs)
        rows, bad = sorted_out(pairs[0][0], [used for _service, used in pairs], name)
        with transaction.atomic():
            keep(pairs[0][0], rows)
            for tell in ON_BAD:
                tell(pairs[0][0], name, bad)


def sorted_out(service, records, driver):
    """(rows of what makes sense, {reference: why} of what does not): one bad record keeps no other back."""
    rows, bad = [], {}
    for record in records:
        try:
            if service.product.driver != driver:
                raise BadUsage(f"{record.reference}: the service is not one of the driver “{driver}”")
            rows.append(row_of(service, record))
        except BadUsage as error:
            bad[str(record.reference)[:REFERENCE_LENGTH]] = str(error)
    return rows, bad
