"""What is true of healthy books, one subject a module; review.py looks whether it is."""

from billing.invariants import (
    changes,
    corrections,
    deliveries,
    documents,
    events,
    numbers,
    orders,
    payments,
    settled,
    usage,
    wallets,
)
from billing.invariants.base import INVARIANTS, Finding

__all__ = [
    "INVARIANTS",
    "Finding",
    "changes",
    "corrections",
    "deliveries",
    "documents",
    "events",
    "numbers",
    "orders",
    "payments",
    "settled",
    "usage",
    "wallets",
]
