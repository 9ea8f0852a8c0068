"""Canned answers: whose language, which fields, where they are offered, how they get into an answer."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tickets.conversation import Outside, open_ticket
from tickets.models import CannedAnswer, Category, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of, support):
    return client_of(support)


@pytest.fixture
def restart(db):
    return CannedAnswer.objects.create(
        title_pl="Ponowne uruchomienie",
        title_en="Restarting",
        text_pl="Dzień dobry, {customer_name}: {service} uruchomiona ponownie.",
        text_en="Hello {customer_name}, we restarted {service} ({case_number}).\n{my_name}",
    )


def text(desk, ticket, canned):
    return desk.get(f"/desk/{ticket.number}/canned/{canned.pk}/").content.decode()


def test_the_fields_are_filled_in(desk, ticket, restart):
    assert text(desk, ticket, restart) == (
        f"Hello Ogrody Anny, we restarted Hosting Garden ({ticket.number}).\nSylwia Support"
    )


def test_in_the_language_of_whoever_asks(desk, ticket, owner, restart):
    owner.language = "pl"
    owner.save()
    assert text(desk, ticket, restart) == "Dzień dobry, Ogrody Anny: Hosting Garden uruchomiona ponownie."


def test_without_a_service_a_word_stands_there(desk, ticket, restart):
    ticket.service = None
    ticket.save()
    assert "we restarted your service (" in text(desk, ticket, restart)


def test_what_is_put_in_is_text_and_nothing_more(desk, ticket, customer, restart):
    """Neither a field nor a template in somebody's name does anything."""
    customer.name = "{my_name} {{ request.user.password }} {customer_name.provider} %(x)s {0.__class__}"
    customer.save()
    assert text(desk, ticket, restart).startswith(f"Hello {customer.name}, we")


@pytest.mark.parametrize("wrong", ["{password}", "{customer_name} {customer}", "{my_Name}"])
def test_an_unknown_field_is_refused_when_it_is_saved(client_of, administrator, restart, wrong):
    admin = client_of(administrator)
    words = {"title_pl": "T", "title_en": "T", "text_pl": "Tak.", "text_en": f"Hello {wrong}", "position": 0}
    page = admin.post(reverse("admin:tickets_cannedanswer_add"), words).content.decode()
    assert "There is no field" in page and "{case_number}" in page
    assert CannedAnswer.objects.count() == 1
    admin.post(reverse("admin:tickets_cannedanswer_add"), words | {"text_en": "Hello {customer_name}, {} { x }"})
    assert CannedAnswer.objects.count() == 2


def test_a_field_that_cannot_be_is_refused_by_the_model():
    with pytest.raises(ValidationError, match=r"There is no field \{x\}"):
        CannedAnswer(title_pl="T", title_en="T", text_pl="{x}", text_en="T").full_clean()


def test_offered_by_category_and_only_while_active(desk, ticket, restart):
    other = Category.objects.create(name_pl="Inne", name_en="Other")
    page = f"/desk/{ticket.number}/"
    assert "Restarting" in desk.get(page).content.decode()
    restart.category = ticket.category
    restart.save()
    assert "Restarting" in desk.get(page).content.decode()
    for change in ({"category": other}, {"category": None, "is_active": False}):
        CannedAnswer.objects.update(**change)
        assert "Restarting" not in desk.get(page).content.decode()
        assert desk.get(f"{page}canned/{restart.pk}/").status_code == 404


def test_without_scripts_the_page_comes_back_with_the_text_below_what_was_typed(desk, ticket, restart, settings):
    words = {"text": "First <this>.", "last_seen": ticket.messages.last().pk, "canned": restart.pk, "insert": "on"}
    page = desk.post(f"/desk/{ticket.number}/reply/", words).content.decode()
    assert "First &lt;this&gt;.\n\nHello Ogrody Anny, we restarted" in page
    assert f'name="last_seen" value="{words["last_seen"]}"' in page
    assert "error-summary" not in page and Message.objects.count() == 1


def test_nothing_chosen_or_nonsense_loses_nothing(desk, ticket, restart):
    for chosen in ("", "x", "99999"):
        words = {"text": "Typed.", "last_seen": ticket.messages.last().pk, "canned": chosen, "insert": "on"}
        assert "Typed." in desk.post(f"/desk/{ticket.number}/reply/", words).content.decode()


def test_nobodys_thread_speaks_polish_and_names_the_sender(desk, category, restart):
    outside = Outside(name="Jan Nieznany", email="jan@example.net", origin=Message.Origin.MAIL)
    ticket = open_ticket(customer=None, category=category, subject="S", text="T", outside=outside, confirmed=False)
    assert "Dzień dobry, Jan Nieznany:" in text(desk, ticket, restart)
