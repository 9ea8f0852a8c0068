"""Payments that make a customer known to the provider, as far as the provider has switched these rules on."""

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from accounts import verifying
from accounts.work.retry import retries
from billing import gateways
from billing.gateways import Transfer
from billing.models import Payment

TRANSFER, GATEWAY = "transfer", "gateway"
verifying.WAYS |= {TRANSFER: _("by a bank transfer"), GATEWAY: _("by a payment")}
# (name, whether the provider has switched it on, whether the payment is of that kind).
RULES = [
    (TRANSFER, lambda provider: provider.verify_by_transfer, lambda payment: payment.gateway == Transfer.name),
    (
        GATEWAY,
        lambda provider: provider.verify_by_gateway,
        lambda payment: payment.gateway not in (Transfer.name, gateways.WALLET),
    ),
]


def rule_for(payment):
    """The name of the rule by which this payment verifies its customer, or None."""
    provider = payment.customer.provider
    if payment.is_top_up or not payment.is_paid or payment.amount < provider.verify_from:
        return None
    return next((name for name, is_on, fits in RULES if is_on(provider) and fits(payment)), None)


def paid(payment):
    """A payment has settled documents; called in that transaction, which the verification is no part of."""
    if payment.customer.verified_at is None and rule_for(payment):
        verify.enqueue(payment.pk)


@task()
@retries(4)
def verify(payment_pk):
    """Verifies the customer of a payment, if the rule still holds."""
    payment = Payment.objects.select_related("customer__provider").get(pk=payment_pk)
    if name := rule_for(payment):
        verifying.verify(payment.customer, way=name, by=None)
