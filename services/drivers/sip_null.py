"""A pretend switchboard: it makes SIP accounts in a table of its own, so that all of it can be tried without one."""

import hashlib
from datetime import datetime, time, timedelta
from decimal import ROUND_UP, Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from services.drivers.base import Account, Done, Driver, DriverError, Used
from services.drivers.passwords import new_password
from services.models import Credential, Service, SwitchboardNumber

State = SwitchboardNumber.State
# Net prices of a minute; internal calls are free.
CALLS = (("+48 22 555 01 00", "0.06"), ("+48 601 555 010", "0.12"), ("+49 30 5550100", "0.29"), ("100", "0.00"))
CALLS_A_DAY_AT_MOST = 3


class PretendSwitchboard(Driver):
    """One account a service, with the next free number of those that staff have entered."""

    HOST = "sip.example.net"

    def create(self, job):
        """Makes an account, once for each job. Raises DriverError while no number is free."""
        try:
            number = self.made_for(job) or self.take(job)
        except IntegrityError:
            # Two workers with the same job: the other one was quicker.
            number = self.made_for(job)
        configuration = {"Number": number.number, "Server": self.HOST}
        return Done(remote_id=number.number, configuration=configuration, accounts=(self.account(number),))

    def made_for(self, job):
        return SwitchboardNumber.objects.filter(reference=job.reference).first()

    @transaction.atomic
    def take(self, job):
        """The next free number, which nobody else gets."""
        free = SwitchboardNumber.objects.filter(state=State.FREE).order_by("number")
        number = free.select_for_update(skip_locked=True).first()
        if number is None:
            raise DriverError("no number is free")
        number.state, number.reference, number.password = State.ON, job.reference, new_password()
        number.save()
        return number

    def account(self, number):
        return Account(Credential.Kind.SIP, number.number, number.password, self.HOST)

    def password(self, job):
        """Sets the password that the panel has made for the account."""
        credential = Credential.objects.filter(pk=job.asked["credential"], service=job.service_id).first()
        if credential and credential.wanted:
            number = self.number_of(job)
            number.secret = credential.wanted
            number.save(update_fields=["secret"])
        return Done()

    def extend(self, job):
        """It runs until it is switched off."""
        return self.switch(job, State.ON) if job.asked.get("resume") else Done()

    def change(self, job):
        """Products differ in what is charged only."""
        return Done()

    def suspend(self, job):
        return self.switch(job, State.OFF)

    def resume(self, job):
        return self.switch(job, State.ON)

    def terminate(self, job):
        """No telephone registers any more, and the number rests."""
        used = SwitchboardNumber.objects.filter(number=job.service.remote_id).exclude(state=State.FREE)
        used.update(state=State.GONE, secret="")
        return Done()

    def switch(self, job, state):
        number = self.number_of(job)
        SwitchboardNumber.objects.filter(pk=number.pk).update(state=state)
        return Done()

    def number_of(self, job):
        """The account of a service. Raises DriverError, permanent, when the switchboard has none."""
        number = SwitchboardNumber.objects.filter(number=job.service.remote_id).exclude(state=State.FREE).first()
        if number is None:
            raise DriverError("the switchboard does not know this account", permanent=True)
        return number

    def usage(self, since):
        """Calls that every account makes, a few a day, always the same ones for the same day."""
        numbers = SwitchboardNumber.objects.filter(state=State.ON).values("number")
        services = Service.objects.filter(remote_id__in=numbers, product__driver="sip_null").select_related("product")
        now = timezone.now()
        days = range((timezone.localdate(now) - timezone.localdate(since)).days + 1)
        dates = [timezone.localdate(since) + timedelta(days=n) for n in days]
        told = [(service, call) for service in services for date in dates for call in calls(service, date)]
        return [(service, call) for service, call in told if since <= call.started_at and call.ended_at <= now]


def calls(service, date):
    """The calls of one account on one day of its time."""
    if date < service.starts_on:
        return
    digest = hashlib.sha256(f"{service.remote_id} {date}".encode()).digest()
    for n in range(digest[0] % (CALLS_A_DAY_AT_MOST + 1)):
        which, hour, minute, length = digest[4 * n + 1 : 4 * n + 5]
        to, price = CALLS[which % len(CALLS)]
        started_at = timezone.make_aware(datetime.combine(date, time(8 + hour % 10, minute % 60)))
        seconds = 20 + 5 * length
        minutes = (Decimal(seconds) / 60).quantize(Decimal("0.001"), ROUND_UP)
        net = (minutes * Decimal(price)).quantize(Decimal("0.01"))
        ended_at = started_at + timedelta(seconds=seconds)
        yield Used(f"{service.pk}-{date}-{n}", to, minutes, "min", net, started_at, ended_at)
