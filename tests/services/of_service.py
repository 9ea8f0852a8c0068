"""Invoices and messages of one service: on pages of their own, and in place on the page of the service."""

import pytest

from tests.billing.shop import words
from tests.crowd import queries_of
from tests.services.bought import as_consumer, buy
from tickets.conversation import open_ticket
from tickets.models import Category


@pytest.fixture
def category(db):
    return Category.objects.create(name_pl="Inne", name_en="Other")


@pytest.fixture
def invoice(customer, owner, hosting):
    as_consumer(customer)
    return buy(hosting, by=owner)


def test_the_invoices_of_a_service_are_those_on_which_it_stands(client_of, owner, hosting, voip, invoice):
    browser = client_of(owner)
    assert invoice.number in words(browser.get(f"/invoices/service/{hosting.pk}/"))
    assert "There are no invoices of this service." in words(browser.get(f"/invoices/service/{voip.pk}/"))


def test_the_part_in_place_is_the_same_without_the_page(client_of, owner, hosting, invoice):
    text = words(client_of(owner).get(f"/invoices/service/{hosting.pk}/?part=1"))
    assert invoice.number in text and "<main" not in text


def test_messages_about_a_service_are_those_that_this_person_sees(
    client_of, owner, standard, hosting, voip, customer, category
):
    for subject, service in [("Slow", hosting), ("Silent", voip), ("General", None)]:
        open_ticket(by=owner, customer=customer, category=category, service=service, subject=subject, text="?")
    text = words(client_of(standard).get(f"/messages/service/{hosting.pk}/"))
    assert "Slow" in text and "Silent" not in text and "General" not in text
    assert client_of(standard).get(f"/messages/service/{voip.pk}/").status_code == 404
    part = words(client_of(owner).get(f"/messages/service/{voip.pk}/?part=1"))
    assert "Silent" in part and "<main" not in part


def test_many_cost_what_few_do(client_of, owner, hosting, customer, category, invoice):
    browser = client_of(owner)
    places = [f"/messages/service/{hosting.pk}/", f"/invoices/service/{hosting.pk}/"]
    counts = []
    for _round in range(2):
        for _number in range(4):
            open_ticket(by=owner, customer=customer, category=category, service=hosting, subject="S", text="?")
        counts.append([len(queries_of(browser, place)) for place in places])
    assert counts[0] == counts[1] and max(counts[0]) <= 8
