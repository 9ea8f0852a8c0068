"""Addresses and forms that no page of ours makes: refused, never an error of the server."""

import pytest

from tests.cast import user
from tickets.conversation import open_ticket
from tickets.models import Category

NULL = "\0"


@pytest.fixture
def ticket(owner, customer, hosting):
    category = Category.objects.create(name_pl="Inne", name_en="Other")
    return open_ticket(by=owner, customer=customer, category=category, subject="Slow", text="Slow.", service=hosting)


@pytest.mark.parametrize(
    "address", ["/users/?q=%00", "/users/?q=a%00b", "/messages/files/%00/", "/link/password/%00.x/", "/%00/"]
)
def test_a_null_character_in_an_address_is_refused_with_all_headers(client_of, owner, address):
    answer = client_of(owner).get(address)
    assert answer.status_code == 400
    assert answer["Content-Security-Policy"] and answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("number", ["²", "٣", "9" * 30, "-1", "x"])
def test_a_service_that_is_none_is_not_chosen(client_of, owner, hosting, number):
    assert client_of(owner).get("/messages/new/", {"service": number}).status_code == 200


@pytest.mark.parametrize("field", ["attachment", "remove", "text", "subject", "service", "category", "sender"])
def test_a_null_character_in_a_message_is_refused(client_of, owner, ticket, field):
    browser = client_of(owner)
    form = {"text": "More.", "subject": "More", "service": "", "category": ticket.category_id} | {field: NULL}
    assert browser.post("/messages/new/", form).status_code == 200
    assert owner.membership.customer.tickets.count() == 1


def test_a_null_character_among_the_ticked_is_passed_over(client_of, owner, ticket):
    form = {"number": [NULL, ticket.number]}
    assert client_of(owner).post("/messages/mark-read/", form).status_code == 302


@pytest.mark.parametrize("field", ["attachment", "remove", "last_seen"])
def test_a_null_character_in_an_answer_is_refused(client_of, ticket, field):
    browser = client_of(user("sylwia", is_support=True))
    answer = browser.post(f"/desk/{ticket.number}/reply/", {"text": "Yes.", "last_seen": 0} | {field: NULL})
    assert answer.status_code == 200
    assert ticket.messages.count() == 1
