"""What every driver can do: the one class that a new kind of server is added by."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from services.models import ProvisioningJob

# 4xx answers that say nothing about the job: a mistyped secret, a time-out, a conflict, too many requests.
PASSING = (401, 403, 408, 409, 425, 429)


def is_permanent(status):
    """Whether an HTTP status says that asking again is of no use: what is wrong with the question stays wrong."""
    return 400 <= status < 500 and status not in PASSING


class DriverError(Exception):
    """The server did not do it. `permanent` says that asking again is of no use."""

    def __init__(self, message, *, permanent=False):
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True)
class Account:
    """An account that the server has made: `kind` is one of Credential.Kind."""

    kind: str
    login: str
    password: str = field(repr=False)
    host: str = ""


@dataclass(frozen=True)
class Done:
    """The server has done it.

    `remote_id` is what it knows the service by ("" leaves it), `configuration` what is shown to the customer,
    `accounts` what can be signed in to; `answer` is kept with the job for staff and holds no secrets.
    `authinfo` is what a registrar gives out for a transfer away.
    """

    remote_id: str = ""
    configuration: dict = field(default_factory=dict)
    accounts: tuple = ()
    answer: dict = field(default_factory=dict)
    authinfo: str = field(default="", repr=False)


@dataclass(frozen=True)
class Accepted:
    """The server, or a person, will do it and tell later; `answer` is kept with the job for staff.

    `again` is after how long the driver is asked again whether it is done by now, with the same job; without
    it somebody has to say so, by services.provisioning.finish or refuse.
    """

    answer: dict = field(default_factory=dict)
    again: timedelta | None = None


@dataclass(frozen=True)
class Used:
    """One use as a driver tells it. `reference` names it at the driver for ever; `net` is in PLN, to grosze."""

    reference: str
    what: str
    quantity: Decimal
    unit: str
    net: Decimal
    started_at: datetime
    ended_at: datetime


class Driver:
    """Speaks to the machines on which services run.

    Every act gets the ProvisioningJob with its service, returns Done or Accepted, or raises DriverError.
    It may be asked again with the same `job.reference` and must then change nothing more, but answer the same:
    a worker may die between the server's answer and our note of it. An act that is left out here is one that
    this driver cannot do: such a job fails for good, and staff are told.
    """

    # How long to wait for an answer.
    TIMEOUT_SECONDS = 30
    # What a server tells about one service is far below this.
    LARGEST_ANSWER = 64 * 1024

    @classmethod
    def missing(cls):
        """The name of a setting without which it cannot work and that is not set, or ""."""
        return ""

    def perform(self, job):
        """Does what the job says. Raises DriverError."""
        return getattr(self, ProvisioningJob.Act(job.act))(job)

    def receive(self, answer):
        """The body of an httpx stream, bounded in size and in time: a server that drips must not hold us for ever.

        Raises DriverError.
        """
        body, until = bytearray(), time.monotonic() + self.TIMEOUT_SECONDS
        # As it comes: in chunks of a size, a drip would not be seen before the chunk is full.
        for chunk in answer.iter_raw():
            body += chunk
            if len(body) > self.LARGEST_ANSWER:
                raise DriverError(f"the answer is larger than {self.LARGEST_ANSWER} bytes")
            if time.monotonic() > until:
                raise DriverError(f"the answer took longer than {self.TIMEOUT_SECONDS} s")
        return bytes(body)

    def create(self, job):
        """Sets the service up; `job.asked` says the product's code, the options, the domain and the months."""
        raise NotImplementedError

    def extend(self, job):
        """Lets it run until `job.asked["until"]` (an ISO date), and with `job.asked["resume"]` switches it on."""
        raise NotImplementedError

    def change(self, job):
        """Makes it the product `job.asked["product"]`, with the options there."""
        raise NotImplementedError

    def password(self, job):
        """Sets the password that the credential `job.asked["credential"]` waits for."""
        raise NotImplementedError

    def suspend(self, job):
        """Switches it off and keeps its data."""
        raise NotImplementedError

    def resume(self, job):
        """Switches it on again."""
        raise NotImplementedError

    def terminate(self, job):
        """Deletes it; what was never set up, or is gone already, is done."""
        raise NotImplementedError

    def usage(self, since):
        """What services used since that time: (Service, Used) pairs; what was told before may be told again.

        Most have none, or tell it themselves by `services.usage.report`. Raises DriverError.
        """
        return ()

    def nameservers(self, job):
        """Of registrars: puts the domain on the name servers `job.asked["nameservers"]`, or on its own if none."""
        raise NotImplementedError

    def authinfo(self, job):
        """Of registrars: answers with `Done(authinfo=…)`, what the domain is moved to another registrar with."""
        raise NotImplementedError

    def zone(self, job):
        """Of name servers: publishes the records that the panel keeps for the domain."""
        raise NotImplementedError
