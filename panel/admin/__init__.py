"""Administration pages of the panel itself, one subject a module."""

from panel.admin import help, news  # noqa: F401  registers the pages
