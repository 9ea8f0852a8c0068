"""What the books of the state machine should say, kept by hand: the simplest bookkeeping that can be right."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from billing.models import Case, Document, Payment, Receivable, Refund, WalletEntry
from services.models import Extension, Service

ZERO = Decimal(0)


@dataclass
class Owed:
    """A proforma: whose, how much, open/paid/cancelled, and (reference, service, months) for each of its lines."""

    customer: int
    amount: Decimal
    lines: list
    state: str = "open"


@dataclass
class Paying:
    """A payment and what is known of it: started/failed/paid; `parts` are keys of what is owed.

    `in_balance` says that it topped a balance up.
    """

    customer: int
    amount: Decimal
    parts: list
    gateway: str
    token: str
    number: str = ""
    state: str = "started"
    in_balance: bool = False
    refunds: dict = field(default_factory=dict)

    @property
    def gone(self):
        """How much went back or is on its way."""
        return sum((back.amount for back in self.refunds.values() if back.state != "failed"), ZERO)


@dataclass
class Back:
    """A refund; `number` is the gateway's of one that nobody here asked for."""

    amount: Decimal
    way: str
    state: str
    number: str = ""


@dataclass
class Running:
    """A service: until when it is paid, on which day its periods end, and with which days some have begun."""

    ends_on: date
    status: str = "active"
    anchor: int = 0
    begun: set = field(default_factory=set)

    @property
    def is_stuck(self):
        """Whether nothing can be added."""
        return self.status == "ended" or self.ends_on + timedelta(days=1) in self.begun

    def extend(self, months):
        """Moves the end; False when it cannot be moved."""
        first = self.ends_on + timedelta(days=1)
        if self.is_stuck:
            return False
        self.begun.add(first)
        self.anchor = self.anchor or self.ends_on.day
        month = self.ends_on.month + months
        year, month = self.ends_on.year + (month - 1) // 12, (month - 1) % 12 + 1
        self.ends_on = date(year, month, min(self.anchor, monthrange(year, month)[1]))
        # What is suspended runs again when its driver says so, which is another story.
        return True


class Ledger:
    """Everything that money has done."""

    def __init__(self, services):
        self.owed, self.payments, self.services = {}, {}, services
        self.balances, self.movements = defaultdict(Decimal), {}
        self.cases, self.done, self.corrections = set(), set(), 0

    def tell(self, reason, key):
        """Staff must have been told."""
        self.cases.add((reason, key))

    def paid(self, key):
        """The money of a payment is here."""
        payment = self.payments[key]
        payment.state = "paid"
        if payment.refunds:
            self.tell("refunded_first", f"payment:{key}")
        elif not payment.parts:
            payment.in_balance = True
            self.move(payment.customer, payment.amount)
        else:
            self.settle(key, payment)

    @property
    def is_owed(self):
        """Whether something can be paid."""
        return any(owed.state == "open" for owed in self.owed.values())

    @property
    def asked_for(self):
        """{key of a refund that staff have asked for: it}."""
        backs = [pair for payment in self.payments.values() for pair in payment.refunds.items()]
        return {key: back for key, back in backs if not back.number}

    def settle(self, key, payment):
        """Pays what is open; the rest is told."""
        due = [owed for owed in (self.owed[part] for part in sorted(payment.parts)) if owed.state == "open"]
        for owed in due:
            owed.state = "paid"
            for reference, service, months in owed.lines:
                if self.services[service].extend(months):
                    self.done.add(reference)
                else:
                    self.tell("not_delivered", reference)
        if len(due) < len(payment.parts):
            self.tell("paid_already", f"payment:{key}")

    def move(self, customer, amount):
        """Money enters or leaves a balance."""
        self.balances[customer] += amount

    def differences(self):
        """Where the database says something else, as {what: (expected, found)}."""
        pairs = {name: (expected, found()) for name, (expected, found) in self.compared().items()}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def compared(self):
        """{what: (what it should be, function that reads what it is)}."""
        refunds = [(key, back) for payment in self.payments.values() for key, back in payment.refunds.items()]
        paid = [owed for owed in self.owed.values() if owed.state == "paid"]
        return {
            "payments": (
                {key: payment.state for key, payment in self.payments.items()},
                lambda: dict(Payment.objects.values_list("pk", "state")),
            ),
            "owed": (
                {key: owed.state for key, owed in self.owed.items()},
                lambda: dict(Receivable.objects.values_list("pk", "state")),
            ),
            "refunds": (
                {key: (back.state, back.amount) for key, back in refunds},
                lambda: {row.pk: (row.state, row.amount) for row in Refund.objects.only("state", "amount")},
            ),
            "balances": ({key: amount for key, amount in self.balances.items() if amount}, balances),
            "extensions": (self.done, lambda: set(Extension.objects.values_list("reference", flat=True))),
            "services": (
                {key: (running.ends_on, running.status) for key, running in self.services.items()},
                lambda: {row[0]: row[1:] for row in Service.objects.values_list("pk", "ends_on", "status")},
            ),
            "invoices and corrections": (
                (len(self.owed), len(paid), self.corrections),
                lambda: documents("proforma", "invoice", "correction"),
            ),
            "cases": (self.cases, lambda: set(Case.objects.values_list("reason", "key"))),
        }


def balances():
    """{customer: sum of the movements}, without the empty ones."""
    sums = defaultdict(Decimal)
    for customer, amount in WalletEntry.objects.values_list("wallet__customer", "amount"):
        sums[customer] += amount
    return {customer: amount for customer, amount in sums.items() if amount}


def documents(*kinds):
    """How many there are of each kind."""
    found = list(Document.objects.values_list("kind", flat=True))
    return tuple(found.count(kind) for kind in kinds)
