"""Text messages kept in memory, for tests."""

from accounts.sms.base import Sender

outbox = []


class MemorySender(Sender):
    """Appends every message to `outbox`."""

    def send(self, number, text, reference):
        outbox.append({"number": number, "text": text, "reference": reference})
