"""Data of the customer beside a ticket: only for who wrote signed in, until it is closed; every look recorded."""

import pytest
from django.utils import timezone

from accounts import codes
from accounts.models import Event, SupportSession
from accounts.signin import end_everything
from tests.cast import user
from tickets import identified
from tickets.conversation import open_ticket, reply
from tickets.models import Category, Message, Ticket

CONFIDENTIAL = ["Office phone", "Tomasz Techniczny", "tech@garden.example", "h07.example.net"]


@pytest.fixture
def category(db):
    return Category.objects.create(name_pl="Inne", name_en="Other")


@pytest.fixture
def ticket(client_of, owner, category, hosting, voip, contact):
    """Written by the owner on the page, in their session."""
    hosting.configuration = {"Server": "h07.example.net"}
    hosting.save()
    client_of(owner).post("/messages/new/", {"category": category.pk, "subject": "Slow", "text": "Since Monday."})
    return Ticket.objects.get()


@pytest.fixture
def mailed(owner, customer, category):
    """As by mail: a person's name stands on it, and no session."""
    return open_ticket(by=owner, customer=customer, category=category, subject="By mail", text="It is me.")


@pytest.fixture
def desk(client_of, support):
    return client_of(support)


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def open_data(desk, ticket, person):
    """Presses the button of the ticket's page; the address of the data, or the refusal."""
    answer = desk.post(f"/desk/{ticket.number}/data/{person.membership.pk}/")
    return answer["Location"] if answer.status_code == 302 else answer.status_code


def test_what_is_written_signed_in_says_by_whom(ticket, owner):
    assert ticket.messages.get().signed_in_as == owner.membership


def test_staff_open_the_authors_data_from_the_ticket_and_the_customer_reads_it(desk, client_of, ticket, owner):
    page = text(desk, f"/desk/{ticket.number}/")
    assert "Open the data of Anna Owner" in page and not any(word in page for word in CONFIDENTIAL)
    address = open_data(desk, ticket, owner)
    page = text(desk, address)
    assert "Office phone" in page and "Tomasz Techniczny" in page
    assert f"Message {ticket.number} of Anna Owner (owner)." in page and "until the message is closed" in page
    assert "Data that Anna Owner may see" in text(desk, f"/desk/{ticket.number}/")
    history = text(client_of(owner), "/history/")
    for words in (
        f"Support began to look after message {ticket.number} with the data that Anna Owner may see.",
        "Support opened your data and your list of services.",
        f"by message {ticket.number} of Anna Owner",
    ):
        assert words in history
    assert Event.objects.get(action="staff_looked").details["case"] == ticket.number


def test_an_act_by_a_message_is_recorded_with_it(desk, ticket, owner, hosting):
    session = SupportSession.objects.get(pk=int(open_data(desk, ticket, owner).strip("/").split("/")[-1]))
    desk.post(f"/desk/caller/{session.pk}/services/{hosting.pk}/automatic-renewal/", {"on": "yes"})
    details = Event.objects.get(action="auto_renewal_on").details
    assert (details["case"], details["session"]) == (ticket.number, session.pk) and "code" not in details


def test_a_mail_never_gives_it(desk, mailed, owner):
    page = text(desk, f"/desk/{mailed.number}/")
    assert "Nobody wrote here in a signed-in session" in page and "Open the data" not in page
    assert open_data(desk, mailed, owner) == 404
    assert not SupportSession.objects.exists() and not Event.objects.filter(action="data_opened_by_message").exists()


def test_without_the_mark_anybodys_mail_would_give_it(desk, mailed, owner):
    """The negative control."""
    mailed.messages.update(signed_in_as=owner.membership, generation=owner.session_generation)
    assert isinstance(open_data(desk, mailed, owner), str)


def test_only_authors_are_opened(desk, ticket, administrative, stranger):
    assert open_data(desk, ticket, administrative) == 404
    assert open_data(desk, ticket, stranger) == 404


def test_closing_ends_it_and_opening_again_by_support_does_not_bring_it_back(desk, client_of, ticket, owner):
    address = open_data(desk, ticket, owner)
    desk.post(f"/desk/{ticket.number}/close/")
    assert desk.get(address).status_code == 404 and open_data(desk, ticket, owner) == 404
    assert SupportSession.objects.get().closed_at
    desk.post(f"/desk/{ticket.number}/reopen/")
    assert desk.get(address).status_code == 404 and open_data(desk, ticket, owner) == 404
    client_of(owner).post(f"/messages/{ticket.number}/reply/", {"text": "Once more."})
    assert desk.get(address).status_code == 404
    assert desk.get(open_data(desk, ticket, owner)).status_code == 200


def test_a_closed_ticket_shuts_it_even_when_the_session_was_not_ended(desk, ticket, owner):
    address = open_data(desk, ticket, owner)
    Ticket.objects.update(status="closed", last_closed_at=timezone.now())
    assert SupportSession.objects.get().closed_at is None
    assert desk.get(address).status_code == 404


def test_it_is_the_authors_rights_as_they_are_now(desk, client_of, category, standard, hosting, voip, contact):
    data = {"category": category.pk, "service": hosting.pk, "subject": "Mine", "text": "Please."}
    client_of(standard).post("/messages/new/", data)
    ticket = Ticket.objects.get()
    address = open_data(desk, ticket, standard)
    page = text(desk, address)
    assert "Hosting Garden" in page and not any(word in page for word in CONFIDENTIAL)
    assert desk.get(f"{address}services/{voip.pk}/").status_code == 404
    standard.membership.blocked_at = timezone.now()
    standard.membership.save()
    assert desk.get(address).status_code == 404 and open_data(desk, ticket, standard) == 404


def test_a_colleague_opens_it_themselves(desk, client_of, ticket, owner):
    address = open_data(desk, ticket, owner)
    colleague = client_of(user("sandra", "Sandra Second", is_support=True))
    assert colleague.get(address).status_code == 404
    assert open_data(colleague, ticket, owner) != address
    assert Event.objects.filter(action="data_opened_by_message").count() == 2


def test_nobody_but_support_opens_it(client_of, ticket, owner, standard, stranger, administrator):
    for person in (owner, standard, stranger, administrator):
        assert open_data(client_of(person), ticket, owner) == 404
    assert not SupportSession.objects.exists()


def test_a_call_that_is_open_shows_the_way_beside_a_mailed_ticket(desk, support, mailed, owner):
    _row, digits = codes.generate(owner.membership, by=owner)
    session = codes.check(staff=support, caller="1000001", code=digits)
    page = text(desk, f"/desk/{mailed.number}/")
    assert f"/desk/caller/{session.pk}/" in page and "Data that Anna Owner may see" in page
    codes.revoke(owner.membership, by=owner)
    assert f"/desk/caller/{session.pk}/" not in text(desk, f"/desk/{mailed.number}/")


def test_one_ticket_opens_nothing_beside_another(desk, support, ticket, mailed, owner):
    session = identified.open_data(ticket, owner.membership, staff=support)
    assert f"/desk/caller/{session.pk}/" not in text(desk, f"/desk/{mailed.number}/")


def test_support_writing_as_support_identifies_nobody(desk, ticket, support):
    desk.post(f"/desk/{ticket.number}/reply/", {"text": "Hello.", "last_seen": ticket.messages.last().pk})
    assert Message.objects.get(is_staff=True).signed_in_as is None
    reply(ticket, by=support, text="?")
    assert [author.user.login for author in identified.authors(ticket)] == ["anna"]


def test_this_was_not_me_ends_it_and_a_new_message_gives_it_again(desk, client_of, ticket, owner):
    address = open_data(desk, ticket, owner)
    end_everything(owner)
    assert open_data(desk, ticket, owner) == 404
    assert desk.get(address).status_code == 404
    client_of(owner).post(f"/messages/{ticket.number}/reply/", {"text": "It is me again."})
    assert open_data(desk, ticket, owner) == address


def test_without_the_generation_a_thiefs_message_would_go_on_opening_it(desk, ticket, owner):
    end_everything(owner)
    owner.refresh_from_db()
    Message.objects.update(generation=owner.session_generation)
    assert open_data(desk, ticket, owner) != 404
