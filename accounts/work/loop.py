"""The worker: one thread sends messages, one does everything else, one says that it lives, others keep lanes."""

import logging
import os
import socket
import time
from threading import Event, Thread

from django.db import close_old_connections, connections
from django.utils.crypto import get_random_string

from accounts import outbox
from accounts.work import heartbeat, periodic
from accounts.work.lanes import LaneKeeper
from accounts.work.reaper import reap
from accounts.work.tasks import TaskRunner

log = logging.getLogger("accounts.work")

# How long a message or a task waits at most before an idle worker sees it.
LOOK_SECONDS = 0.3
SCHEDULE_SECONDS = 1
REAP_SECONDS = 10
AFTER_ERROR_SECONDS = 2


class WorkLoop:
    """A worker. A long task delays neither mails nor lanes nor its own heartbeat: those have threads of their own."""

    def __init__(self):
        self.worker_id = f"{socket.gethostname()[:30]}-{os.getpid()}-{get_random_string(12)}"
        # A signal may come at any point, so its handler sets a plain flag and touches no lock.
        self.asked_to_stop = False
        self.ending = Event()
        self.runner = TaskRunner(self.worker_id)
        self.lanes = LaneKeeper(self.worker_id, lambda: self.is_stopping)
        self.schedule = Ticker(SCHEDULE_SECONDS, periodic.enqueue_due)
        self.reaper = Ticker(REAP_SECONDS, lambda: reap(self.worker_id))

    def run(self):
        """Works until it is stopped, then finishes what is in hand and leaves."""
        log.info("worker %s starts", self.worker_id)
        periodic.set_up()
        heartbeat.beat(self.worker_id)
        threads = [
            Thread(target=self.repeat, args=(self.send_messages, LOOK_SECONDS), daemon=True),
            Thread(target=self.repeat, args=(self.say_alive, heartbeat.BEAT_SECONDS), daemon=True),
            Thread(target=self.repeat, args=(self.lanes.look, LOOK_SECONDS), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            self.repeat(self.work, LOOK_SECONDS)
        finally:
            self.ending.set()
            for thread in threads:
                thread.join()
            self.lanes.end()
            heartbeat.leave(self.worker_id)
            log.info("worker %s ends", self.worker_id)

    def stop(self, signum=None, frame=None):
        """Handles a signal: the first lets the task in hand end, the second interrupts it."""
        if self.asked_to_stop:
            raise SystemExit(1)
        self.asked_to_stop = True

    @property
    def is_stopping(self):
        """Whether to begin nothing new."""
        return self.asked_to_stop or self.ending.is_set()

    def run_once(self):
        """Does everything that is due now, and what comes of it, then returns."""
        periodic.set_up()
        heartbeat.beat(self.worker_id)
        reap(self.worker_id)
        while any([periodic.enqueue_due(), self.send_messages(), self.lanes.do_all(), self.runner.run_one()]):
            pass
        heartbeat.leave(self.worker_id)

    def repeat(self, step, pause):
        """Calls `step` until the worker stops, with a pause whenever it found nothing to do."""
        try:
            while not self.is_stopping:
                if not self.attempt(step):
                    self.ending.wait(pause)
        finally:
            connections.close_all()

    def attempt(self, step):
        """One step; an error in it (the database restarts) is logged, and the worker goes on."""
        close_old_connections()
        try:
            return step()
        except Exception:
            log.exception("the worker stumbles")
            connections.close_all()
            self.ending.wait(AFTER_ERROR_SECONDS)
            return False

    def send_messages(self):
        """One batch of the outbox."""
        return outbox.send_waiting(by=self.worker_id, stopping=lambda: self.is_stopping)

    def say_alive(self):
        """One heartbeat."""
        heartbeat.beat(self.worker_id)
        return False

    def work(self):
        """What the clock brings, what dead workers left, and one task."""
        self.schedule.tick()
        self.reaper.tick()
        return self.runner.run_one()


class Ticker:
    """Calls something at most every so many seconds, whoever asks how often."""

    def __init__(self, seconds, function):
        self.seconds, self.function = seconds, function
        self.next = 0

    def tick(self):
        if time.monotonic() >= self.next:
            self.next = time.monotonic() + self.seconds
            self.function()
