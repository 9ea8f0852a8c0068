"""The people of the access table, each in a browser, and a way to undo what one of them did."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client

from tests import cast
from tests.guards.people import PEOPLE, build


@pytest.fixture
def support_session(provider):
    return cast.user("szymon", "Szymon Support", is_support=True)


@pytest.fixture
def world(customer, owner, hosting, support_session, standard):
    return build(customer, owner, hosting, support_session, standard)


@pytest.fixture
def browsers(request, world):
    """{person: browser} of everybody in the table."""

    def browser(person):
        return Client(headers=cast.ENGLISH) if person == "nobody" else cast.signed_in(request.getfixturevalue(person))

    return {person: browser(person) for person in PEOPLE}


@pytest.fixture
def undo(db):
    """`with undo():` takes back every row written inside. A savepoint, because limits want no transaction around."""

    @contextmanager
    def undo():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)

    return undo
