"""Waiting for what another thread or process does, never longer than a deadline."""

import time
from threading import Event

LOOK_AGAIN_SECONDS = 0.05


def until(condition, *, seconds=60, or_when=lambda: False):
    """Returns what `condition` returns once that is true; fails after `seconds`, or as soon as `or_when` is."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        assert not or_when(), "it will never be so"
        Event().wait(LOOK_AGAIN_SECONDS)
    return answer
