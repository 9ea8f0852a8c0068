"""What the sandbox knows: payments and refunds, in memory and only until it ends."""

import secrets
from dataclasses import dataclass, field
from decimal import Decimal
from threading import RLock

from django.conf import settings

from billing.gateways.sandbox import amount, word

WAITING, PAID, FAILED = "waiting", "paid", "failed"


class Unknown(Exception):
    """There is no such payment."""


class Conflict(Exception):
    """The payment does not allow this; the message says why."""


@dataclass
class Payment:
    """A payment that was registered. `key` is the unguessable part of the address of its page.

    `decided` says that the person has paid or refused, though `state` may tell that only later.
    """

    reference: str
    amount: Decimal
    currency: str
    customer: str
    title: str
    back_to: str
    notify_at: str
    id: str = field(default_factory=lambda: f"SBX-{secrets.token_hex(6).upper()}")
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    state: str = WAITING
    decided: bool = False
    refunds: dict = field(default_factory=dict)
    # (what was sent, what the panel answered), in the order it happened.
    log: list = field(default_factory=list)

    def told(self, kind, **changes):
        """What a notification or an answer says about it."""
        return {
            "kind": kind,
            "reference": self.reference,
            "amount": str(self.amount),
            "currency": self.currency,
            "merchant": settings.SANDBOX_MERCHANT,
            "customer": self.customer,
            "payment": self.id,
        } | changes


class Ledger:
    """All payments, by reference and by the key of their page. One lock guards everything."""

    def __init__(self):
        self.lock = RLock()
        self.by_reference, self.by_key = {}, {}

    def register(self, content):
        """The payment of these words; a second time for the same reference the one there is. Raises ValueError."""
        wanted = Payment(
            reference=word(content, "reference"),
            amount=amount(word(content, "amount")),
            currency=word(content, "currency"),
            customer=word(content, "customer"),
            title=title(content),
            back_to=address(content, "back_to"),
            notify_at=address(content, "notify_at"),
        )
        with self.lock:
            payment = self.by_reference.setdefault(wanted.reference, wanted)
            return self.by_key.setdefault(payment.key, payment)

    def find(self, reference):
        """The payment of this reference. Raises Unknown."""
        try:
            return self.by_reference[reference]
        except KeyError:
            raise Unknown from None

    def on_page(self, key):
        """The payment whose page has this key. Raises Unknown."""
        try:
            return self.by_key[key]
        except KeyError:
            raise Unknown from None

    def decide(self, payment):
        """Takes the one decision about a payment; False when another tab was quicker."""
        with self.lock:
            before, payment.decided = payment.decided, True
            return not before

    def refund(self, content):
        """(payment, number of the refund, amount, whether it is new); the same token twice is one refund.

        Raises Unknown, Conflict, ValueError.
        """
        token, wanted = word(content, "refund"), amount(word(content, "amount"))
        with self.lock:
            payment = self.find(word(content, "reference"))
            if token in payment.refunds:
                return payment, *payment.refunds[token], False
            if payment.state != PAID:
                raise Conflict("it is not paid")
            if sum(done for _number, done in payment.refunds.values()) + wanted > payment.amount:
                raise Conflict("that is more than was paid")
            payment.refunds[token] = refund_number(), wanted
            return payment, *payment.refunds[token], True


def refund_number():
    """What the sandbox calls a refund."""
    return f"SBR-{secrets.token_hex(6).upper()}"


def title(content):
    """What is paid for, shortened to what fits on the page. Raises ValueError."""
    text = content.get("title")
    if not isinstance(text, str):
        raise ValueError(f"title is {text!r:.100}")
    return text[:200]


def address(content, name):
    """A web address. Raises ValueError: a line break in it would write headers of its own."""
    text = content.get(name)
    if not isinstance(text, str) or not text.startswith(("http://", "https://")) or len(text) > 500:
        raise ValueError(f"{name} is {text!r:.100}")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"{name} is {text!r:.100}")
    return text
