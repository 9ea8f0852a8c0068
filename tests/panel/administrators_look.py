"""Customers read of every page about them that an administrator opens (promise: every look by staff is written)."""

import pytest
from django.urls import reverse

from accounts.models import Event
from tickets.conversation import open_ticket
from tickets.models import Category

LOOKS = [
    ("accounts_customer", "The administration opened your data."),
    ("accounts_user", "The administration opened the data of user anna."),
    ("accounts_membership", "The administration opened the data of user anna."),
    ("services_service", "The administration opened the service Hosting Garden (garden.example)."),
    ("tickets_ticket", "The administration opened message"),
]


@pytest.fixture
def rows(owner, customer, hosting):
    category = Category.objects.create(name_pl="Inne", name_en="Other")
    ticket = open_ticket(by=owner, customer=customer, category=category, subject="Slow", text="Slow.")
    return {
        "customer": customer,
        "user": owner,
        "membership": owner.membership,
        "service": hosting,
        "ticket": ticket,
    }


@pytest.mark.parametrize(("page", "words"), LOOKS)
def test_customers_read_of_every_look(client_of, administrator, owner, rows, page, words):
    reader = client_of(owner)
    assert words not in reader.get("/history/").content.decode()
    address = reverse(f"admin:{page}_change", args=[rows[page.split("_")[1]].pk])
    assert client_of(administrator).get(address).status_code == 200
    assert words in reader.get("/history/").content.decode()


def test_a_list_is_no_look_at_anybody(client_of, administrator, rows):
    client_of(administrator).get(reverse("admin:accounts_customer_changelist"))
    assert not Event.objects.filter(action__startswith="admin_looked").exists()


@pytest.mark.parametrize(("page", "words"), LOOKS)
def test_a_form_that_comes_back_with_errors_is_a_look_too(client_of, administrator, owner, rows, page, words):
    """Whoever sends nonsense without opening the page sees the same."""
    address = reverse(f"admin:{page}_change", args=[rows[page.split("_")[1]].pk])
    nonsense = {"kind": "x", "language": "x", "role": "x", "status": "x", "category": "x"}
    answer = client_of(administrator).post(address, nonsense)
    shown = answer.status_code == 200
    assert shown or (page == "accounts_membership" and answer.status_code == 403), "an owner is not changed"
    assert (words in client_of(owner).get("/history/").content.decode()) is shown
