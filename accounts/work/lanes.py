"""Work whose parts must not wait for each other: each has a lane, a thread of its own while there is something to do.

A driver that hangs holds up its own lane and nobody else. Upper apps append their Lanes to LANES in AppConfig.ready().
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

from django.db import close_old_connections, connections

log = logging.getLogger("accounts.work")

LANES = []
# How long a worker that ends waits for what its lanes have in hand; its service waits longer before it kills.
END_SECONDS = 60
AFTER_ERROR_SECONDS = 2


@dataclass(frozen=True)
class Lanes:
    """One sort of work. `waiting(worker_id)` gives the names of the lanes with something to do now,

    `do_next(lane, worker_id)` does one thing of a lane and says whether there was one. It takes the thing by
    itself, so that no other worker does it too, and takes over what a dead worker had.
    """

    waiting: Callable
    do_next: Callable


class LaneKeeper:
    """The lanes of one worker."""

    def __init__(self, worker_id, stopping):
        self.worker_id, self.stopping = worker_id, stopping
        self.threads = {}

    def look(self):
        """Opens a lane wherever something waits and none is open; never waits itself."""
        self.threads = {key: thread for key, thread in self.threads.items() if thread.is_alive()}
        for lanes in LANES:
            for lane in lanes.waiting(self.worker_id):
                if (lanes, lane) not in self.threads:
                    thread = Thread(target=self.work, args=(lanes, lane), name=f"lane {lane}", daemon=True)
                    self.threads[lanes, lane] = thread
                    thread.start()
        return False

    def work(self, lanes, lane):
        """Does what there is to do in a lane, then closes it; an error is logged and the next look opens it again."""
        try:
            while not self.stopping():
                close_old_connections()
                if not lanes.do_next(lane, self.worker_id):
                    break
        except Exception:
            log.exception("the lane %s stumbles", lane)
            time.sleep(AFTER_ERROR_SECONDS)
        finally:
            connections.close_all()

    def do_all(self):
        """Does everything that is due now in this thread; returns whether there was anything."""
        done = False
        for lanes in LANES:
            for lane in list(lanes.waiting(self.worker_id)):
                while lanes.do_next(lane, self.worker_id):
                    done = True
        return done

    def end(self):
        """Waits for what is in hand, not for ever: what is left is taken over by another worker."""
        until = time.monotonic() + END_SECONDS
        for thread in self.threads.values():
            thread.join(max(0, until - time.monotonic()))
            if thread.is_alive():
                log.warning("the %s is left behind", thread.name)
