"""The demo's telephone lines: one whose calls are charged to the balance, one whose owner is not known yet."""

from datetime import timedelta

from django.utils import timezone

from accounts import verifying
from billing import charging, usage_invoices
from billing.models import UsageCharge
from services import provisioning, usage
from services.drivers import PretendSwitchboard
from services.drivers.passwords import new_password
from services.models import Credential, ProvisioningJob, Service, SwitchboardNumber

# Numbers that nobody has; 0 to 49 are to be given away.
POOL = "+48 58 300 02 {:02}"
OWN = "+48 58 300 02 77"
# Calls of the end of last month, which stand on an invoice, and all of this one.
DAYS_OF_LAST_MONTH = 6


def connect(products):
    """The pretend switchboard makes accounts of what is ordered from now on."""
    SwitchboardNumber.objects.bulk_create([SwitchboardNumber(number=POOL.format(n)) for n in range(50)])
    products["sip"].driver = "sip_null"
    products["sip"].save(update_fields=["driver"])


def of_garden_designer(phone, *, staff):
    """A line with its account, a verified customer, and calls."""
    number = SwitchboardNumber(number=OWN, state=SwitchboardNumber.State.ON, reference="demo")
    number.password = new_password()
    number.save()
    phone.remote_id = OWN
    phone.save(update_fields=["remote_id"])
    Credential.objects.create(
        service=phone, kind=Credential.Kind.SIP, login=OWN, host=PretendSwitchboard.HOST, secret=number.secret
    )
    verifying.verify(phone.customer, way=verifying.BY_ADMINISTRATOR, by=staff)
    this_month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    calls(phone, this_month - timedelta(days=DAYS_OF_LAST_MONTH))
    # As if the worker had run then.
    for charge in UsageCharge.objects.filter(entry__isnull=False, usage__ended_at__lt=this_month):
        UsageCharge.objects.filter(pk=charge.pk).update(charged_at=charge.usage.ended_at)
    usage_invoices.issue_due.call(phone.customer_id)


def calls(phone, since):
    """What the switchboard has to tell since then, charged."""
    usage.report(phone, [used for service, used in PretendSwitchboard().usage(since) if service == phone])
    charging.charge.call(phone.customer_id)


def of_translator(customer, product):
    """A line that has just been bought; its account waits until the customer is verified."""
    line = Service.objects.create(customer=customer, product=product, name="Telefon Nałkowski")
    provisioning.ask(line, ProvisioningJob.Act.CREATE, reference="demo-line", by=None, months=1)
