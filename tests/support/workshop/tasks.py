"""Tasks that fail to order."""

import socket
from datetime import timedelta

from django.db import transaction
from django_tasks import task

from accounts.history import Action, record
from accounts.models import LimitCounter
from accounts.work.retry import Retry, retries

SECONDS_AT_THE_DOOR = 60


class Weather(Exception):
    """Something that passes."""


@task()
@retries(3, on=(Weather,))
def sail():
    raise Weather("storm")


@task()
@retries(3, on=(Weather,))
def sink():
    raise ValueError("no bottom")


@task()
def wait_for_tide():
    raise Retry("ebb", after=timedelta(minutes=7))


@task()
def be_interrupted():
    raise SystemExit(1)


@task()
def arrive():
    return "here"


@task()
@transaction.atomic
def write_once(number):
    """Its effect is a line of the history: one, however often the task is run."""
    _row, is_new = LimitCounter.objects.get_or_create(
        name="effect", key=number, defaults={"count": 1, "started_at": 0}
    )
    if is_new:
        record(Action.INSTRUCTION, text=number)


@task()
def write_once_and_knock(number, port):
    """The same, and then waits at a door: whoever holds it can kill the worker after the effect."""
    write_once.call(number)
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS_AT_THE_DOOR) as door:
        door.recv(1)
