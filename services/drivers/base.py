"""What every driver of services can do: the one class that a new kind of server is added by."""


class DriverError(Exception):
    """The server did not do it. `permanent` says that asking again is of no use."""

    def __init__(self, message, *, permanent=False):
        super().__init__(message)
        self.permanent = permanent


class Driver:
    """Speaks to the machines on which services run. Every call may be repeated and must then change nothing."""

    # How long to wait for an answer.
    TIMEOUT_SECONDS = 30

    def extend(self, service, extension):
        """Lets the service run until `extension.last_day`, switching it on if it was suspended.

        Raises DriverError.
        """
        raise NotImplementedError
