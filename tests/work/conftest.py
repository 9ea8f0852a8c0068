"""The workshop's letters and a worker's hands."""

from pathlib import Path

import pytest

from accounts.models import BackgroundTask, Outbox
from accounts.notify import LETTERS
from accounts.work.tasks import TaskRunner
from tests.support import workshop
from tests.support.workshop.letters import WORKSHOP_LETTERS

TEMPLATES = Path(workshop.__file__).parent / "templates"


@pytest.fixture(autouse=True)
def letters(monkeypatch, settings):
    """The workshop's letters can be sent."""
    for name, letter in WORKSHOP_LETTERS.items():
        monkeypatch.setitem(LETTERS, name, letter)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], TEMPLATES]}]


@pytest.fixture
def write(owner):
    """`write(3)` leaves three parcels in the outbox, `write(1, "torn")` a letter that cannot be written."""

    def write(count=1, letter="parcel", **fields):
        fields = {"channel": "mail", "address": "anna@example.com", "language": "en", "user": owner} | fields
        return [Outbox.objects.create(letter=letter, ids={"number": n}, **fields) for n in range(count)]

    return write


@pytest.fixture
def runner(db):
    """A worker's hand that runs one task at a time; `runner.row(result)` is the task's row afterwards."""
    runner = TaskRunner("worker-1")
    runner.row = lambda result: BackgroundTask.objects.get(pk=result.id)
    return runner
