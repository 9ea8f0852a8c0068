"""Administration pages of services, one subject a module."""

from services.admin import (  # noqa: F401  registers the pages
    catalogue,
    changes,
    jobs,
    records,
    registry,
    services,
    usage,
)
