"""Doing a thing many times at the same moment, each in a thread with a database connection of its own."""

from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection, connections

# Whoever was to be met does not come any more.
LONGEST_WAIT_SECONDS = 3


def meeting():
    """`wait()`: two callers wait there for each other, once; everybody later walks on, and so does who stays alone."""
    barrier = Barrier(2)

    def wait():
        try:
            barrier.wait(timeout=LONGEST_WAIT_SECONDS)
        except BrokenBarrierError:
            return
        barrier.abort()

    return wait


@pytest.fixture
def postgresql(transactional_db):
    """For tests about concurrency, which mean nothing on SQLite, where writers queue: they are left out there."""


@pytest.fixture
def together(transactional_db):
    """`together(n, function)` calls function(0) … function(n - 1) at once.

    Returns what each returned, in order; an exception stands for itself in the list.
    """

    def run(n, function):
        barrier, answers = Barrier(n), [None] * n

        def one(i):
            try:
                connection.ensure_connection()
                barrier.wait(timeout=60)
                answers[i] = function(i)
            except Exception as error:  # handed to the test, which knows which ones it expects
                answers[i] = error
            finally:
                connections.close_all()

        threads = [Thread(target=one, args=[i]) for i in range(n)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        return answers

    return run
