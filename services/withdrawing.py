"""The 14 days in which a consumer withdraws from a contract without giving a reason.

Directive 2011/83/EU, art. 9 to 16 and 11a (added by Directive (EU) 2023/2673); art. 27 to 38 of the Polish Consumer
Rights Act. Who extends a service has tried it, so only the contract by which it was bought counts.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from holidays.countries import Poland

from accounts import notify
from accounts.history import record
from accounts.models import Customer
from services import ending
from services.actions import Action
from services.models import Withdrawal
from services.provisioning import locked_service
from services.renewing import may_decide

DAYS = 14
HOLIDAYS = Poland()
SATURDAY = 5
# Functions without arguments, each an expression over services: when the contract by which it was bought was
# concluded, or NULL. Whoever sells appends one in AppConfig.ready().
CONTRACTS = []
# Called with a Withdrawal in the transaction that writes it: somebody has to give money back.
ON_WITHDRAWAL = []


class NotWithdrawable(Exception):
    """There is no such contract, or its 14 days are over."""


def with_contract(services):
    """The services with `concluded_at`, when the contract about each was concluded; None where there is none."""
    found = [expression() for expression in CONTRACTS]
    nothing = Value(None, output_field=DateTimeField())
    return services.annotate(concluded_at=Coalesce(*found, nothing, nothing))


def last_day(concluded_at):
    """The last of the 14 days, in Europe/Warsaw.

    The day of the contract does not count, and a term that would end on a Saturday, Sunday or public holiday ends
    with the next working day: art. 3 of Regulation 1182/71, art. 111 and 115 of the Polish Civil Code.
    """
    day = timezone.localdate(concluded_at) + timedelta(days=DAYS)
    while day.weekday() >= SATURDAY or day in HOLIDAYS:
        day += timedelta(days=1)
    return day


def is_open(service):
    """Whether its contract can be withdrawn from today. The service comes from `with_contract`."""
    return (
        service.concluded_at is not None
        and service.customer.kind == Customer.Kind.PRIVATE
        and service.product.is_withdrawable
        and timezone.localdate() <= last_day(service.concluded_at)
    )


def until(service):
    """The last day for this service."""
    return last_day(service.concluded_at)


def in_words(service):
    """Which contract it is about, for the statement."""
    words = _("%(service)s, ordered on %(day)s (customer number %(number)s)")
    day = date_format(timezone.localtime(service.concluded_at), "DATE_FORMAT")
    return words % {"service": service, "day": day, "number": service.customer.number}


def may_withdraw(service, membership):
    """Whether this person sees the link: who decides about services, while it is not done yet."""
    return may_decide(membership) and not hasattr(service, "withdrawal") and is_open(service)


@transaction.atomic
def withdraw(service, *, name, email, contract, by):
    """Keeps a consumer's statement, confirms it by mail, and has the service ended; returns the Withdrawal.

    The service comes from `with_contract`. Sent twice, the first statement stays. Raises NotWithdrawable.
    """
    ending.forget_orders(service, by=by)
    now = locked_service(service.pk)
    if before := Withdrawal.objects.filter(service=now).first():
        return before
    if not is_open(service):
        raise NotWithdrawable(str(service))
    withdrawal = Withdrawal.objects.create(
        service=now, name=name, email=email, contract=contract, concluded_at=service.concluded_at, by=by
    )
    record(Action.CONTRACT_WITHDRAWN, customer=now.customer, by=by, name=name, contract=contract)
    confirm(withdrawal)
    ending.stop(now, by=by)
    for tell in ON_WITHDRAWAL:
        tell(withdrawal)
    return withdrawal


def confirm(withdrawal):
    """Sends what was received, with date and time, where it was asked for, and to the person's own address."""
    person = withdrawal.by
    if person and person.email.casefold() != withdrawal.email.casefold():
        notify.mail("withdrawal_received", to=person, withdrawal=withdrawal.pk)
    language = person.language if person else ""
    notify.mail("withdrawal_received", address=withdrawal.email, language=language, withdrawal=withdrawal.pk)
