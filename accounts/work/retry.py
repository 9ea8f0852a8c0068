"""When a task that failed is run again: after a growing pause, until its attempts are used up.

    @task()
    @retries(5, on=(DriverError,))
    def provision(job_id): ...

A task may also raise `Retry(after=timedelta(...))` itself. Tasks are run at least once: they must be
harmless when repeated. BackgroundTask in accounts.models does what is decided here.
"""

import random
from dataclasses import dataclass
from datetime import timedelta


class Retry(Exception):
    """Raised by a task that cannot be done yet; `after` says how long to wait instead of the usual pause."""

    def __init__(self, message="not yet", *, after=None):
        super().__init__(message)
        self.after = after


@dataclass(frozen=True)
class Policy:
    """At most `attempts` attempts at a task; beside Retry the exceptions `on` earn another one."""

    attempts: int = 8
    on: tuple = ()
    first_pause: timedelta = timedelta(seconds=10)
    longest_pause: timedelta = timedelta(hours=6)

    def wait_after(self, error, failures):
        """How long to wait after the failure number `failures`; None when it was the last word."""
        if failures >= self.attempts or not isinstance(error, (Retry, *self.on)):
            return None
        asked_for = error.after if isinstance(error, Retry) else None
        return self.pause(failures) if asked_for is None else asked_for

    def pause(self, failures):
        """Doubled with each failure up to the longest, and spread by a quarter each way."""
        doubled = self.first_pause * 2 ** min(failures - 1, 20)
        return min(doubled, self.longest_pause) * random.uniform(0.75, 1.25)  # noqa: S311  spreads load only


DEFAULT = Policy()


def retries(attempts, *, on=(), **pauses):
    """Gives the decorated function a policy of its own. Stands under @task()."""

    def decorate(function):
        function.retry_policy = Policy(attempts, on, **pauses)
        return function

    return decorate


def policy_of(row):
    """The policy of a row's task; the default one when its function is gone or says nothing."""
    try:
        return getattr(row.task.func, "retry_policy", DEFAULT)
    except ImportError:
        return DEFAULT
