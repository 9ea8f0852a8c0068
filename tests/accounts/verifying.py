"""Verified customers: marked by an administrator, once, in the history; taken back likewise."""

import pytest

from accounts import verifying
from accounts.history import sentence
from accounts.models import Event

CUSTOMERS = "/admin/accounts/customer/"


@pytest.fixture
def act(client_of, administrator, customer):
    """`act(name)` is an administrator who does this to the customer in the list."""
    return lambda name: client_of(administrator).post(
        CUSTOMERS, {"action": name, "_selected_action": [customer.pk]}, follow=True
    )


def test_an_administrator_marks_a_customer_as_verified_once(act, customer, administrator):
    assert "Done for 1 customer." in act("verify").content.decode()
    customer.refresh_from_db()
    first = customer.verified_at
    assert first and customer.verified_how == "administrator"
    assert "Done for 0 customers." in act("verify").content.decode()
    customer.refresh_from_db()
    assert customer.verified_at == first
    told = Event.objects.get(action="customer_verified")
    assert told.customer_id == customer.pk
    assert str(sentence(told)) == "The customer was verified by an administrator."


def test_it_can_be_taken_back(act, customer, administrator):
    assert "Done for 0 customers." in act("take_back").content.decode()
    verifying.verify(customer, way="administrator", by=administrator)
    assert "Done for 1 customer." in act("take_back").content.decode()
    customer.refresh_from_db()
    assert (customer.verified_at, customer.verified_how) == (None, "")
    assert Event.objects.filter(action="verification_taken_back").count() == 1


def test_staff_find_who_waits_to_be_verified(client_of, administrator, customer, stranger):
    verifying.verify(customer, way="administrator", by=administrator)
    browser = client_of(administrator)
    names = {answer: browser.get(f"{CUSTOMERS}?verified={answer}").content.decode() for answer in ("yes", "no")}
    assert customer.name in names["yes"] and stranger.membership.customer.name not in names["yes"]
    assert customer.name not in names["no"] and stranger.membership.customer.name in names["no"]
    assert "by an administrator" in browser.get(f"{CUSTOMERS}{customer.pk}/change/").content.decode()


def test_who_may_only_look_marks_nobody(client_of, support, act, customer):
    answer = client_of(support).post(CUSTOMERS, {"action": "verify", "_selected_action": [customer.pk]})
    assert answer.status_code in (302, 403)
    customer.refresh_from_db()
    assert customer.verified_at is None


@pytest.mark.parametrize("way", ["administrator", "transfer"])
def test_those_who_must_hear_of_it_hear_once(monkeypatch, customer, administrator, way):
    heard = []
    monkeypatch.setattr(verifying, "ON_VERIFIED", [heard.append])
    assert [verifying.verify(customer, way=way, by=administrator) for _ in range(2)] == [True, False]
    assert heard == [customer]
