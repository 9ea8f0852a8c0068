"""Buying, changing, renewing, ending and withdrawing in any order: money, services, jobs and documents agree."""

import os
import time

import pytest
from django_tasks.base import Task

from billing import stock, wallet
from services.models import Product
from tests.services.bought import as_consumer
from tests.support import machines
from tests.support.dealing import Dealing, install

pytestmark = pytest.mark.slow

STEPS = 25
# EXAMPLES=300 for a night; SMALLER=1 to have a fault made smaller.
EXAMPLES = int(os.environ.get("EXAMPLES", 4))
PARTS = range(3)


@pytest.fixture
def shop(buyer, administrator, sizes, terms, monkeypatch):
    """A consumer with money, and three products of which there are few."""
    as_consumer(buyer.membership.customer)
    wallet.adjust(buyer.membership.customer, 2000, text="Gift", reference="gift", by=None)
    pieces = {sizes.small.pk: 3, sizes.middle.pk: 2, sizes.big.pk: 2}
    for key, count in pieces.items():
        Product.objects.filter(pk=key).update(stock=count)
    monkeypatch.setattr(Task, "enqueue", lambda self, *args: None)
    install(monkeypatch, buyer, administrator, pieces)


def deal(examples, beginning=0):
    """Runs so many examples, the same ones for the same beginning."""
    machines.run(Dealing, examples, steps=STEPS, beginning=beginning)


@pytest.mark.parametrize("part", PARTS)
def test_all_say_the_same_whatever_happens(shop, part):
    deal(EXAMPLES, time.time_ns() if "EXAMPLES" in os.environ else part)


def nothing(*args, **kwargs):
    return None


# Guards that are switched off, each by what takes its place; the machine finds all of them. From some beginnings it
# comes upon them much sooner.
OFF = {
    "pieces are given back": (stock, "give_back", nothing, 7),
}


@pytest.mark.parametrize("guard", OFF)
def test_it_finds_that_it_is_not_so_that(shop, monkeypatch, guard):
    module, name, instead, beginning = OFF[guard]
    monkeypatch.setattr(module, name, instead)
    with pytest.raises(AssertionError):
        deal(30, beginning)
