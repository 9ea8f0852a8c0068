"""What becomes of a service once its driver has made it another product, or could not, and who is told."""

from django.utils import timezone

from accounts import notify
from accounts.history import record
from accounts.models import Outbox
from services import recipients
from services.actions import Action
from services.models import ProvisioningJob, ServiceChange, ServiceOption


def take_effect(service, job):
    """It is the new product from now on, with the options and prices that were agreed to; the caller saves it."""
    change = ServiceChange.objects.select_related("former", "product", "price").get(job=job)
    if service.name in (change.former.name_pl, change.former.name_en):
        polish = service.name == change.former.name_pl
        service.name = change.product.name_pl if polish else change.product.name_en
    service.product, service.price = change.product, change.price
    ServiceOption.objects.filter(service=service).delete()
    ServiceOption.objects.bulk_create(
        [ServiceOption(service=service, value=row.value, monthly_net=row.monthly_net) for row in options_of(change)]
    )
    change.state, change.done_at = ServiceChange.State.DONE, timezone.now()
    change.save(update_fields=["state", "done_at"])
    former, product = str(change.former), str(change.product)
    record(
        Action.PRODUCT_CHANGED,
        customer=service.customer,
        by=job.by,
        service=str(service),
        former=former,
        product=product,
    )
    for reader in recipients.of(service):
        notify.mail("service_changed", **reader, change=change.pk)


def could_not(job):
    """Tells the customer, once, that a service could not be changed; called with every job that failed."""
    if (job.act, job.state) != (ProvisioningJob.Act.CHANGE, ProvisioningJob.State.FAILED):
        return
    for change in ServiceChange.objects.select_related("service").filter(job=job, state=ServiceChange.State.ASKED):
        if Outbox.objects.filter(letter="change_failed", ids__change=change.pk).exists():
            continue
        for reader in recipients.of(change.service):
            notify.mail("change_failed", **reader, change=change.pk)


def options_of(change):
    """Its rows with their values."""
    return change.options.select_related("value")
