"""Text messages: every way to send them, by the name that the setting SMS_BACKEND picks."""

from django.conf import settings

from accounts.sms.base import SmsError
from accounts.sms.console import ConsoleSender
from accounts.sms.memory import MemorySender
from accounts.sms.null import NullSender
from accounts.sms.smsapi import SmsapiSender

__all__ = ["SENDERS", "SmsError", "reaches", "sender"]

# An app above may add its own in AppConfig.ready().
SENDERS = {"": NullSender, "console": ConsoleSender, "memory": MemorySender, "smsapi": SmsapiSender}


def sender():
    """The configured way to send."""
    return SENDERS[settings.SMS_BACKEND]()


def reaches(number):
    """Whether text messages are sent at all, and to this number's country."""
    return bool(settings.SMS_BACKEND) and number.startswith(tuple(settings.SMS_COUNTRY_PREFIXES))
