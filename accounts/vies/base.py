"""What every way of asking VIES looks like."""

from dataclasses import dataclass


class ViesError(Exception):
    """There was no answer; `permanent` says that asking again is of no use."""

    def __init__(self, message, *, permanent=False):
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True)
class Answer:
    """What VIES says about a number; `consultation` is the proof that we asked, where it gives one."""

    is_valid: bool
    consultation: str = ""
    name: str = ""
    address: str = ""


class Vies:
    """One way to have an EU VAT number checked."""

    def check(self, number, requester):
        """The Answer about `number` (with its country in front), None where nobody is asked. Raises ViesError.

        `requester` is the Polish NIP of who asks, or "".
        """
        raise NotImplementedError
