"""Administration pages of accounts, one subject a module."""

from accounts.admin import consents, customers, people, records, rights, work  # noqa: F401  registers the pages
