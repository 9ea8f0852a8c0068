"""Having a customer's EU VAT number checked, and keeping the answer."""

from datetime import timedelta

from django.db import transaction
from django_tasks import task

from accounts import vies
from accounts.history import Action, record
from accounts.models import Customer, VatCheck
from accounts.work.retry import Retry, retries


def ask(customer):
    """Has the worker ask about the number that stands at the customer now, in the caller's transaction."""
    if customer.eu_vat:
        check.enqueue(customer.pk, customer.eu_vat)


# Member states are away for hours at times.
@task()
@retries(20, first_pause=timedelta(minutes=1))
def check(customer_pk, number):
    """Asks about a number and keeps the answer; nothing when another number stands there meanwhile.

    Raises Retry when VIES cannot answer now, ViesError when it never will.
    """
    customer = Customer.objects.select_related("provider").get(pk=customer_pk)
    if customer.eu_vat != number:
        return
    try:
        answer = vies.system().check(number, customer.provider.tax_id)
    except vies.ViesError as error:
        if error.permanent:
            raise
        raise Retry(str(error)) from error
    if answer is not None:
        keep(customer, number, answer)


@transaction.atomic
def keep(customer, number, answer):
    """Writes down what VIES said."""
    VatCheck.objects.create(
        customer=customer,
        number=number,
        is_valid=answer.is_valid,
        consultation=answer.consultation,
        name=answer.name,
        address=answer.address,
    )
    record(Action.VAT_CONFIRMED if answer.is_valid else Action.VAT_NOT_CONFIRMED, customer=customer, number=number)
