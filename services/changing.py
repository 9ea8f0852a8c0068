"""A service becomes another product: at once when that was paid or costs nothing, else after its paid time."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts import notify
from accounts.history import record
from services import provisioning, recipients
from services.actions import Action
from services.expiry import is_being_ended
from services.models import (
    ChangeOption,
    Extension,
    Product,
    ProvisioningJob,
    Service,
    ServiceChange,
)
from services.targets import hindrance, targets

State, UNDER_WAY = ServiceChange.State, ServiceChange.UNDER_WAY


class NotChangeable(Exception):
    """The service cannot become this product, or not now."""


class SoldOut(NotChangeable):
    """There is no piece left of the product."""


def locked(service):
    """The service as it is now with what its change is counted from, held until the transaction ends."""
    rows = Service.objects.select_for_update(of=["self"], no_key=True)
    return rows.select_related("customer__provider", "product", "price").get(pk=service.pk)


def find(service, product_pk):
    """The Target of this key; the caller holds the service. Raises NotChangeable or SoldOut."""
    found = [] if hindrance(service) else [row for row in targets(service) if row.product.pk == product_pk]
    if not found:
        raise NotChangeable(str(service))
    if found[0].is_sold_out:
        raise SoldOut(str(found[0].product))
    return found[0]


@transaction.atomic
def order(service, target, *, reference, by):
    """Keeps what is agreed to until it is paid, with a piece of the product put by. Raises SoldOut."""
    return write(service, target, State.ORDERED, reference=reference, by=by)


@transaction.atomic
def plan(service, target, *, by):
    """Lets the service become a smaller product when its paid time is over. Raises NotChangeable or SoldOut.

    No money goes back; what is renewed from now on costs what the smaller product does.
    """
    if not target.is_smaller:
        raise NotChangeable(str(service))
    change = write(service, target, State.PLANNED, by=by)
    day = (change.until + timedelta(days=1)).isoformat()
    tell(Action.CHANGE_PLANNED, change, by=by, date=day)
    for reader in recipients.of(service):
        notify.mail("change_planned", **reader, change=change.pk)
    return change


@transaction.atomic
def at_once(service, target, *, by):
    """Has the driver make the service a product that costs no more for the paid time. Raises as `plan` does."""
    if target.is_smaller:
        raise NotChangeable(str(service))
    change = write(service, target, State.ASKED, by=by)
    ask(change, by=by)
    return change


@transaction.atomic
def begin(reference, *, by):
    """Has the driver make the change that was paid for; a second call with the same reference changes nothing.

    Raises NotChangeable when the service has ended, was extended, suspended or changed meanwhile, or when its paid
    time is over: what was paid for is not there any more.
    """
    known = ServiceChange.objects.only("service").get(reference=reference)
    service = locked(Service(pk=known.service_id))
    change = ServiceChange.objects.select_related("service", "product", "former").get(pk=known.pk)
    if change.state in (State.ASKED, State.DONE):
        return
    if change.state == State.CANCELLED or is_void(change, service):
        raise NotChangeable(str(service))
    change.service, change.state = service, State.ASKED
    change.save(update_fields=["state"])
    ask(change, by=by)


def void(references):
    """The services of those ordered changes that could not be done if they were paid for now."""
    changes = ServiceChange.objects.filter(reference__in=references, state=State.ORDERED)
    return [change.service for change in changes.select_related("service") if is_void(change, change.service)]


def is_void(change, service):
    """Whether the service is no longer what the change was agreed for."""
    return (
        service.status != Service.Status.ACTIVE
        or service.held_at is not None
        or service.product_id != change.former_id
        or service.ends_on != change.until
        or service.ends_on < timezone.localdate()
        or is_being_ended(service)
    )


@transaction.atomic
def forget(references):
    """Drops what was ordered and will not be paid; twice is harmless."""
    rows = ServiceChange.objects.filter(reference__in=references, state=State.ORDERED)
    for change in rows.select_for_update(of=["self"], no_key=True).order_by("pk"):
        drop(change)


@transaction.atomic
def take_back(service, *, by):
    """Lets the service stay what it is; twice is harmless.

    Raises NotChangeable once a renewal was paid at the price of the smaller product.
    """
    service = locked(service)
    change = service.changes.select_related("product", "former").filter(state=State.PLANNED).first()
    if change is None:
        return
    if renewals_since(change).exists():
        raise NotChangeable(str(service))
    change.service = service
    drop(change)
    tell(Action.CHANGE_TAKEN_BACK, change, by=by)
    write_that_it_is_off(change)


def renewals_since(change):
    """What the service was extended by since the change was agreed to, in time's order."""
    return Extension.objects.filter(service=change.service_id, at__gte=change.agreed_at).order_by("first_day")


def first_day(change):
    """From which day on a planned change holds: the first one that is not paid at the former price."""
    renewal = renewals_since(change).first()
    return renewal.first_day if renewal else change.service.ends_on + timedelta(days=1)


def begin_due():
    """Has drivers make the planned changes whose time has come, and drops those of services that ended; how many.

    Its time comes with the first day that was paid at the new price: what is not renewed stays what it was.
    """
    renewed = Extension.objects.filter(
        service=OuterRef("service"), at__gte=OuterRef("agreed_at"), first_day__lte=timezone.localdate()
    )
    planned = ServiceChange.objects.filter(state=State.PLANNED)
    due = planned.filter(Exists(renewed), service__status=Service.Status.ACTIVE)
    over = planned.filter(service__status=Service.Status.ENDED)
    return sum(begin_planned(change) for change in due.only("service")) + sum(
        drop_planned(change) for change in over.only("service")
    )


@transaction.atomic
def begin_planned(change):
    """Begins one planned change, unless somebody else has."""
    service = locked(Service(pk=change.service_id))
    rows = ServiceChange.objects.select_related("product", "former")
    change = rows.filter(pk=change.pk, state=State.PLANNED).first()
    if change is None or service.status != Service.Status.ACTIVE:
        return 0
    change.service, change.state = service, State.ASKED
    change.save(update_fields=["state"])
    ask(change, by=None)
    return 1


@transaction.atomic
def drop_planned(change):
    """Drops one planned change, unless somebody else has."""
    locked(Service(pk=change.service_id))
    rows = ServiceChange.objects.select_related("service__customer", "product")
    change = rows.filter(pk=change.pk, state=State.PLANNED).first()
    if change is None:
        return 0
    drop(change)
    tell(Action.CHANGE_DROPPED, change, by=None)
    write_that_it_is_off(change)
    return 1


def write(service, target, state, *, by, reference=""):
    """The row of a change with the options that were agreed to, and a piece of its product taken."""
    took_piece = take(target.product)
    change = ServiceChange.objects.create(
        service=service,
        former=service.product,
        product=target.product,
        price=target.price,
        state=state,
        reference=reference,
        took_piece=took_piece,
        until=service.ends_on,
        by=by,
    )
    ChangeOption.objects.bulk_create(
        [ChangeOption(change=change, value=row.value, monthly_net=row.monthly_net) for row in target.options]
    )
    return change


def ask(change, *, by):
    """Writes the job of the driver, which says when the service has become what was agreed."""
    options = change.options.select_related("value__option")
    change.job = provisioning.ask(
        change.service,
        ProvisioningJob.Act.CHANGE,
        reference=f"change:{change.pk}",
        by=by,
        product=change.product.code,
        former=change.former.code,
        options={row.value.option.code: row.value.code for row in options},
    )
    change.save(update_fields=["job"])
    tell(Action.CHANGE_BEGUN, change, by=by)


def drop(change):
    """Ends a change that is not to be; the piece that it took can be sold again."""
    if change.took_piece:
        Product.objects.filter(pk=change.product_id, stock__isnull=False).update(stock=F("stock") + 1)
    change.state, change.took_piece = State.CANCELLED, False
    change.save(update_fields=["state", "took_piece"])


def left_off(job):
    """A change that a driver will not make any more, because the service is gone, is none; called by provisioning."""
    if job.act == ProvisioningJob.Act.CHANGE:
        for change in ServiceChange.objects.filter(job=job, state=State.ASKED):
            drop(change)


def take(product):
    """Takes a piece of a product of which there are only so many; whether it did. Raises SoldOut.

    One conditional statement: however many ask at once, nobody gets a piece that is not there.
    """
    if product.stock is None:
        return False
    if not Product.objects.filter(pk=product.pk, stock__gt=0).update(stock=F("stock") - 1):
        raise SoldOut(str(product))
    return True


def tell(action, change, *, by, **details):
    """Writes into the customer's history."""
    service = change.service
    record(action, customer=service.customer, by=by, service=str(service), product=str(change.product), **details)


def write_that_it_is_off(change):
    """Has those written to who get the mails about the service: it is not to become another product after all."""
    for reader in recipients.of(change.service):
        notify.mail("change_dropped", **reader, change=change.pk)
