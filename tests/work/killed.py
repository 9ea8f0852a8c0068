"""A worker killed half-way loses nothing and does nothing twice."""

import socket
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import BackgroundTask, Event, Outbox, TaskFailure, WorkerHeartbeat
from tests.support import workers
from tests.support.waiting import until
from tests.support.workshop import tasks

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PARCELS = 12
DOOR_SECONDS = 60


@pytest.fixture
def start():
    """`start()` is a worker; whatever is still running afterwards is killed."""
    started = []

    def start():
        started.append(workers.start())
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


@pytest.fixture
def door():
    """Where `write_once_and_knock` waits."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(DOOR_SECONDS)
        yield door


def silence_the_dead():
    """Spares the test the wait until the others take the killed worker for dead."""
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=2))


def all_sent():
    return not Outbox.objects.exclude(state=Outbox.State.SENT).exists()


def test_every_mail_arrives_though_its_worker_is_killed_while_sending(write, postman, start):
    postman.hold_at = 4
    rows = write(PARCELS)
    worker = start()
    assert postman.holding.wait(DOOR_SECONDS), "the fifth mail is in DATA"
    worker.kill()
    worker.wait()
    assert Outbox.objects.filter(state="sent").count() == 4
    postman.let_go.set()
    silence_the_dead()

    second = start()
    until(all_sent)
    assert workers.stop(second) == 0
    arrived = Counter(mail["Message-ID"] for mail in postman.mails)
    assert set(arrived) == {row.message_id for row in rows}
    repeated = {message_id for message_id, times in arrived.items() if times > 1}
    assert repeated <= {postman.held}
    assert arrived[postman.held] <= 2


def test_no_effect_happens_twice_though_a_worker_is_killed_after_it(owner, postman, start, door):
    for number in range(5):
        tasks.write_once.enqueue(f"plain {number}")
    knocking = tasks.write_once_and_knock.enqueue("knocking", door.getsockname()[1])
    for number in range(5, 10):
        tasks.write_once.enqueue(f"plain {number}")
    worker = start()
    visitor, _address = door.accept()
    with visitor:
        worker.kill()
        worker.wait()
    silence_the_dead()

    second = start()
    visitor, _address = door.accept()
    with visitor:
        visitor.sendall(b".")
    workshop = BackgroundTask.objects.filter(task_path__startswith="tests.support")
    until(lambda: workshop.successful().count() == 11)
    assert workers.stop(second) == 0
    effects = Counter(event.details["text"] for event in Event.objects.filter(action="instruction"))
    assert effects == {"knocking": 1} | {f"plain {number}": 1 for number in range(10)}
    row = BackgroundTask.objects.get(pk=knocking.id)
    assert len(row.worker_ids) == 2
    assert TaskFailure.objects.get(worker_died=True).task_id == row.pk


def test_a_worker_told_to_stop_finishes_its_task_and_leaves(owner, postman, start, door):
    result = tasks.write_once_and_knock.enqueue("last", door.getsockname()[1])
    worker = start()
    visitor, _address = door.accept()
    worker.terminate()
    with visitor:
        visitor.sendall(b".")
    assert worker.wait(timeout=workers.STOP_SECONDS) == 0
    assert BackgroundTask.objects.get(pk=result.id).status == "SUCCESSFUL"
    assert not WorkerHeartbeat.objects.exists()


def test_a_long_task_delays_neither_mails_nor_the_heartbeat(write, postman, start, door):
    tasks.write_once_and_knock.enqueue("long", door.getsockname()[1])
    worker = start()
    visitor, _address = door.accept()
    with visitor:
        write(3)
        until(all_sent)
        visitor.sendall(b".")
    assert workers.stop(worker) == 0
    assert len(postman.mails) == 3
