"""Who looks after a message: me, a colleague, nobody; and the part of the queue that one's day begins with."""

import pytest

from accounts.models import Event
from tests.cast import user
from tests.tickets.thread_list import subjects
from tickets.assigning import assign
from tickets.conversation import answer, open_ticket
from tickets.models import DeskHabit, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of, support):
    return client_of(support)


@pytest.fixture
def colleague(provider):
    return user("szymon", "Szymon Second", is_support=True)


def give(desk, ticket, to):
    return desk.post(f"/desk/{ticket.number}/assign/", {"to": getattr(to, "pk", "")}, follow=True)


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def test_to_me_to_a_colleague_and_to_nobody(desk, ticket, support, colleague):
    assert "Assign to me" in desk.get(f"/desk/{ticket.number}/").content.decode()
    page = give(desk, ticket, support).content.decode()
    assert now(ticket).assignee == support and "Assign to me" not in page
    give(desk, ticket, colleague)
    assert now(ticket).assignee == colleague
    give(desk, ticket, None)
    assert now(ticket).assignee is None


def test_only_active_support_can_be_given_messages(desk, ticket, owner, administrator, colleague):
    colleague.blocked_at = colleague.created_at
    colleague.save()
    for somebody in (owner, administrator, colleague):
        assert give(desk, ticket, somebody).status_code == 404
    assert desk.post(f"/desk/{ticket.number}/assign/", {"to": "9" * 30}).status_code == 404
    assert now(ticket).assignee is None


def test_both_read_it_in_their_history_and_the_customer_does_not(desk, ticket, support, colleague):
    give(desk, ticket, support)
    give(desk, ticket, support)
    give(desk, ticket, colleague)
    give(desk, ticket, None)
    events = Event.objects.filter(action__in=["ticket_taken", "ticket_assigned", "ticket_left"]).order_by("pk")
    assert [(event.action, event.user_id, event.by_id, event.customer_id) for event in events] == [
        ("ticket_taken", support.pk, support.pk, None),
        ("ticket_assigned", colleague.pk, support.pk, None),
        ("ticket_left", support.pk, support.pk, None),
    ]


@pytest.fixture
def three(ticket, owner, customer, category, support, colleague):
    """`ticket` is nobody's, the second mine, the third a colleague's."""
    mine, other = (
        open_ticket(by=owner, customer=customer, category=category, subject=subject, text="?")
        for subject in ("My own", "Of a colleague")
    )
    assign(mine, support, by=support)
    assign(other, colleague, by=support)
    return ticket, mine, other


def test_mine_and_nobodys_with_their_counts(desk, three):
    page = desk.get("/desk/")
    assert [(count.label, count.number) for count in page.context["shares"]] == [
        ("All", "3"),
        ("Mine", "1"),
        ("Nobody's", "1"),
    ]
    mine, nobodys = (count.query for count in page.context["shares"][1:])
    assert subjects(desk.get(f"/desk/?{mine}")) == ["My own"]
    assert subjects(desk.get(f"/desk/?{nobodys}")) == ["Slow pages"]


def test_the_filters_of_the_address_are_kept_as_the_beginning(desk, three, client_of, colleague):
    page = desk.post("/desk/habit/?assignee=mine&q=words", follow=True)
    assert "Your desk now begins with these filters." in page.content.decode()
    assert DeskHabit.objects.get().filters == {"assignee": "mine"}
    assert subjects(desk.get("/desk/")) == ["My own"]
    assert len(subjects(desk.get("/desk/?status=open"))) == 3
    assert len(subjects(client_of(colleague).get("/desk/"))) == 3


def test_opening_the_queue_changes_no_habit(desk, three):
    desk.get("/desk/?assignee=mine")
    assert not DeskHabit.objects.exists()


def test_next_stays_in_the_part_of_the_queue_and_goes_round(desk, three):
    first, mine, other = three
    query = "?status=open"

    def after(ticket, query):
        return desk.get(f"/desk/{ticket.number}/next/{query}").url

    assert after(first, query) == f"/desk/{mine.number}/{query}"
    assert after(other, query) == f"/desk/{first.number}/{query}"
    assert after(first, "?status=open&assignee=mine") == f"/desk/{mine.number}/?status=open&assignee=mine"
    assert after(mine, "?status=open&assignee=mine") == "/desk/?status=open&assignee=mine"


def test_rows_lead_to_threads_that_know_the_way_back(desk, three):
    page = desk.get("/desk/?assignee=nobody").content.decode()
    address = f"/desk/{three[0].number}/?status=open&amp;assignee=nobody"
    assert address in page
    thread = desk.get(address.replace("&amp;", "&")).content.decode()
    assert 'href="/desk/?status=open&amp;assignee=nobody"' in thread


@pytest.mark.parametrize(
    ("then", "status", "leads"), [("", "answered", 0), ("close", "closed", 0), ("next", "answered", 1)]
)
def test_an_answer_stays_closes_or_goes_on(desk, three, then, status, leads):
    ticket = three[0]
    words = {"text": "Done.", "last_seen": ticket.messages.last().pk, "then": then}
    response = desk.post(f"/desk/{ticket.number}/reply/?status=open", words)
    assert response.url == f"/desk/{three[leads].number}/?status=open"
    assert now(ticket).status == status


def test_closing_goes_on_when_asked(desk, three):
    response = desk.post(f"/desk/{three[0].number}/close/?status=open", {"then": "next"})
    assert response.url == f"/desk/{three[1].number}/?status=open"


def test_the_last_one_leads_back_to_the_queue(desk, ticket, support):
    answer(ticket, by=support, text="!")
    page = desk.get(f"/desk/{ticket.number}/next/?status=open", follow=True).content.decode()
    assert "There is nothing more in this part of the queue." in page
