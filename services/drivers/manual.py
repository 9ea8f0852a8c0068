"""A driver for what people do: every job waits in the administration until staff say that it is done."""

from services.drivers.base import Accepted, Driver


class ManualDriver(Driver):
    """Tells nobody; services.by_hand is how staff finish or refuse what waits."""

    def perform(self, job):
        """Waits for staff."""
        return Accepted()
