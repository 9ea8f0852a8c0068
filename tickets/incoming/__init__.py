"""Mail that comes in: one function takes a mail, whatever door it came by."""

from tickets.incoming.taking import take

__all__ = ["take"]
