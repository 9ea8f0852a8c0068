"""The people of the access table, each in a browser."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

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
def short_refusals(monkeypatch, settings):
    """Who is refused gets a status without a page: thousands of times, how it looks is no matter."""

    def refuse(status):
        return lambda request, exception: HttpResponse(status=status)

    for status in (403, 404):
        monkeypatch.setattr(get_resolver().urlconf_module, f"handler{status}", refuse(status), raising=False)
    settings.CSRF_FAILURE_VIEW = "tests.guards.people.refused"
