"""What every way of sending a text message looks like."""


class SmsError(Exception):
    """The message was not taken; `permanent` says that trying again is of no use."""

    def __init__(self, message, *, permanent=False):
        super().__init__(message)
        self.permanent = permanent


class Sender:
    """One outside system that sends text messages."""

    def send(self, number, text, reference):
        """Sends `text` to `number` (+48…); `reference` is the same when a message is repeated."""
        raise NotImplementedError
