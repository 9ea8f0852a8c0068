"""Text messages: every way to send them, by the name that the setting SMS_BACKEND picks."""

from django.conf import settings

from accounts.sms.base import SmsError
from accounts.sms.console import ConsoleSender
from accounts.sms.memory import MemorySender
from accounts.sms.null import NullSender

__all__ = ["SENDERS", "SmsError", "sender"]

# An app above may add its own in AppConfig.ready().
SENDERS = {"": NullSender, "console": ConsoleSender, "memory": MemorySender}


def sender():
    """The configured way to send."""
    return SENDERS[settings.SMS_BACKEND]()
