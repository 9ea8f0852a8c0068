"""Waiting for a page, never longer than nobody waits where the machine has nothing else to do."""

import time

PATIENCE_MS = 30_000
LOOK_AGAIN_MS = 50


def until(page, condition):
    """Returns once the condition is true; what the page tells, such as its requests, is heard meanwhile."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not condition():
        assert time.monotonic() < deadline, "it is still not so"
        page.wait_for_timeout(LOOK_AGAIN_MS)


def stop_the_clock(page):
    """From the next address on, time passes in the page only by `page.clock.run_for`.

    A busy machine may need longer between two keys than what a script takes for the end of typing.
    """
    page.clock.install(time=0)
    page.clock.pause_at(1000)
