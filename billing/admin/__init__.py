"""Administration pages of billing, one subject a module."""

from billing.admin import (  # noqa: F401  registers the pages
    books,
    cases,
    documents,
    gateways,
    orders,
    payments,
    promos,
    usage,
    wallets,
)
