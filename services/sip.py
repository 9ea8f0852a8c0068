"""SIP accounts are mailed to customers whom the provider knows: when made, or once they are verified."""

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from accounts import notify
from accounts.history import record
from accounts.models import Customer, Membership
from accounts.work.retry import retries
from services.actions import Action
from services.models import Credential, Service


def waiting(customer_pk):
    """SIP accounts of a customer that were not mailed yet."""
    rows = Credential.objects.filter(service__customer=customer_pk, kind=Credential.Kind.SIP, mailed_at=None)
    return rows.exclude(service__status=Service.Status.ENDED).exclude(secret="")


def withheld(credentials):
    """Of some accounts those whose passwords nobody gets to know, because the provider does not know the customer."""
    return credentials.filter(kind=Credential.Kind.SIP, service__customer__verified_at=None)


def accounts_made(job):
    """A driver has done something, perhaps made accounts; called in the transaction that notes it."""
    customer_pk = job.service.customer_id
    if waiting(customer_pk).exists():
        mail_waiting.enqueue(customer_pk)


def customer_verified(customer):
    """Called in the transaction that notes it."""
    mail_waiting.enqueue(customer.pk)


@task()
@retries(4)
@transaction.atomic
def mail_waiting(customer_pk):
    """Writes a mail to the owner for each account that waits, once; none before the customer is verified.

    It runs after the commit of what has happened, so that of the account and the verification whichever
    comes last finds the other.
    """
    customer = Customer.objects.get(pk=customer_pk)
    owner = owner_of(customer)
    if customer.verified_at is None or customer.closed_at or owner is None:
        return
    rows = waiting(customer_pk).select_for_update(of=["self"], no_key=True)
    for account in rows.select_related("service").order_by("pk"):
        account.mailed_at = timezone.now()
        account.save(update_fields=["mailed_at"])
        notify.mail("sip_account", to=owner, credential=account.pk)
        service = str(account.service)
        record(Action.SIP_ACCOUNT_MAILED, customer=customer, login=account.login, service=service)


def owner_of(customer):
    """The owner, who sees every service; None while they cannot sign in."""
    owners = Membership.objects.select_related("user").filter(customer=customer, role=Membership.Role.OWNER)
    owner = owners.first()
    return owner.user if owner and owner.user.is_active else None
