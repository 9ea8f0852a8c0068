"""Administration pages of billing, one subject a module."""

from billing.admin import books, cases, documents, gateways, orders, payments, wallets  # noqa: F401  registers the pages
