"""The company sends no text messages."""

from accounts.sms.base import Sender, SmsError


class NullSender(Sender):
    """Refuses every message; nothing should have written one."""

    def send(self, number, text, reference):
        raise SmsError("no SMS backend is set", permanent=True)
