"""What the tests of accounts need beside the cast."""

import pytest

from accounts.work.tasks import TaskRunner


@pytest.fixture
def run_tasks(db):
    """`run_tasks()` lets the worker run every task that is ready."""

    def run():
        runner = TaskRunner("test-worker")
        while runner.run_one():
            pass

    return run
