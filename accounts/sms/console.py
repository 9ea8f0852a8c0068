"""Text messages on the terminal, for whoever develops."""

import sys

from accounts.sms.base import Sender


class ConsoleSender(Sender):
    """Prints every message."""

    def send(self, number, text, reference):
        sys.stdout.write(f"SMS to {number} ({reference})\n{text}\n")
