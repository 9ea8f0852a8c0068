"""What the person on the payment page may choose, and which notifications come of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing.gateways import Kind
from billing.sandbox.ledger import FAILED, PAID, WAITING, refund_number

LATER_SECONDS = 15
A_YEAR = timedelta(days=365)


def nothing(payment):
    """The truth, as it is."""
    return {}


@dataclass(frozen=True)
class Step:
    """One notification. `changes` is what it says otherwise than is true, made for the payment.

    `age` is how long ago it claims to have been signed; a forged one is sent once, whatever is answered.
    """

    kind: Kind
    changes: Callable = nothing
    times: int = 1
    age: timedelta = timedelta(0)
    wrong_key: bool = False
    forged: bool = False


@dataclass(frozen=True)
class Choice:
    """A button. `state` is how the payment stands afterwards; a forger leaves it waiting."""

    name: str
    label: str
    steps: list = field(default_factory=list)
    state: str = PAID
    seconds: int = 0

    @property
    def decides(self):
        """Whether the payment is over with this choice."""
        return self.state != WAITING


def forged(name, label, **how):
    """A choice that sends one notification of a payment that never was."""
    return Choice(name, label, [Step(Kind.PAID, forged=True, **how)], state=WAITING)


def of_a_refund(payment):
    """What a refund that nobody asked for says of itself."""
    return {"refund_number": refund_number()}


PAY = Choice("pay", _("Pay"), [Step(Kind.PAID)])
REFUSE = Choice("refuse", _("Refuse the payment"), [Step(Kind.FAILED)], state=FAILED)
GROUPS = [
    (
        _("Late, repeated, out of order"),
        [
            Choice("later", _("Pay, and notify after 15 seconds"), [Step(Kind.PAID)], seconds=LATER_SECONDS),
            Choice("silent", _("Pay, and never notify")),
            Choice("three_times", _("Pay, and notify three times"), [Step(Kind.PAID, times=3)]),
            Choice("failed_after", _("Pay, then call it failed"), [Step(Kind.PAID), Step(Kind.FAILED)]),
            Choice(
                "refund_first",
                _("Notify of a refund, then of the payment"),
                [Step(Kind.REFUNDED, of_a_refund), Step(Kind.PAID)],
            ),
        ],
    ),
    (
        _("Forged: nobody pays"),
        [
            forged("signature", _("Wrong signature"), wrong_key=True),
            forged(
                "amount", _("Wrong amount"), changes=lambda payment: {"amount": str(payment.amount + Decimal("0.01"))}
            ),
            forged("currency", _("Wrong currency"), changes=lambda payment: {"currency": "EUR"}),
            forged("merchant", _("Another seller"), changes=lambda payment: {"merchant": "somebody-else"}),
            forged("customer", _("Another customer"), changes=lambda payment: {"customer": f"9{payment.customer}"}),
            forged("old", _("Signed a year ago"), age=A_YEAR),
        ],
    ),
]
CHOICES = {choice.name: choice for choice in [PAY, REFUSE, *(choice for _words, group in GROUPS for choice in group)]}
