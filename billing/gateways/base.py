"""What every gateway can do: the one class that a new way of paying is added by.

A gateway is told what to pay for, and later reports what money really did. Reports come by notifications,
which are kept before anything else, and as answers when we ask; both are worked by billing.gateway_reports.apply.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class GatewayError(Exception):
    """The gateway did not do it. `permanent` says that asking again is of no use."""

    def __init__(self, message, *, permanent=False):
        super().__init__(message)
        self.permanent = permanent


class Refused(Exception):
    """A notification that is not believed: its signature is wrong, or it is too old. The message says which."""


class Kind(StrEnum):
    """What money did. A notification that says WAITING has the gateway asked."""

    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"
    WAITING = "waiting"


@dataclass(frozen=True)
class Report:
    """What a gateway says about one payment. `reference` is our token of the payment.

    `merchant` is the account at the gateway that the money went to; `customer` the customer number that
    we gave it, or "" where a gateway does not tell it back. `external_id` is the gateway's number of the
    payment, or of the refund that it tells of; `refund` is our token of that refund, "" when it is not ours.
    `at` is when it happened, None for now.
    """

    kind: Kind
    reference: str
    amount: Decimal
    currency: str
    merchant: str
    customer: str = ""
    external_id: str = ""
    refund: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Started:
    """Where the person pays, and what the gateway calls the payment."""

    page: str
    external_id: str = ""


@dataclass(frozen=True)
class Refunded:
    """What the gateway answered to a refund: done at once, or to be confirmed by a report."""

    external_id: str
    done: bool = False


class Gateway:
    """One way of paying. Subclasses are listed in billing.gateways and set up by settings of their own."""

    name = ""
    label = ""
    # One line for the person who chooses, in their language.
    description = ""
    # The settings that must not be empty for this gateway to be on.
    needs_settings = ()
    # Who answers slower has not answered.
    TIMEOUT_SECONDS = 10
    # A notification whose signed time is further away than this is refused; gateways repeat for a few days.
    OLDEST_NOTIFICATION = timedelta(days=7)
    # How long a payment that waits is taken up again; later its page has gone stale. None for ever.
    page_lasts = timedelta(hours=1)
    # Whether the way of paying has a server that can be asked, that pays back, that tells us of payments.
    can_be_asked = False
    can_refund = False
    takes_notifications = False

    @property
    def origins(self):
        """Origins that a form of ours may lead to (for form-action of the content security policy)."""
        return []

    @property
    def merchant(self):
        """Our account at the gateway; a report that names another one is not for us."""
        return ""

    def start(self, payment, *, back_to, notify_at, title):
        """Tells the gateway of a payment; returns Started. Raises GatewayError."""
        raise NotImplementedError

    def verify(self, body, headers, *, now):
        """The unique id of the event that a request's raw body tells of, once its signature is right.

        Raises Refused. Nothing else of the body is looked at before it is kept.
        """
        raise NotImplementedError

    def reports(self, body):
        """The Reports in a body that was verified. Raises ValueError when it makes no sense."""
        raise NotImplementedError

    def ask(self, payment):
        """A Report of how the payment stands.

        Raises GatewayError, a permanent one only when the gateway has no such payment.
        """
        raise NotImplementedError

    def refund(self, refund):
        """Pays back; the same refund twice is one. Returns Refunded. Raises GatewayError."""
        raise NotImplementedError
