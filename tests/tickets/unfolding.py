"""Messages opened in place, by the script and without it; the first unread answer; the printed thread; senders."""

import pytest

from tickets.conversation import answer, open_ticket, reply
from tickets.models import ReadMark

pytestmark = pytest.mark.django_db
URL = "/messages/"


def test_the_part_for_the_script_is_what_the_link_without_it_shows(client_of, owner, ticket, support):
    answer(ticket, by=support, text="Look again.")
    client = client_of(owner)
    part = client.get(f"{URL}{ticket.number}/unfolded/", {"back": "status=answered&row=1"}).content.decode().strip()
    assert part.startswith('<tr class="detail">') and "Look again." in part
    page = client.get(URL, {"open": ticket.number, "status": "answered"}).content.decode()
    assert part in page
    assert f'href="/messages/{ticket.number}/?back=status%3Danswered%26row%3D1#reply"' in part


def test_a_row_says_whether_it_is_open(client_of, owner, ticket):
    client = client_of(owner)
    assert 'aria-expanded="false"' in client.get(URL).content.decode()
    opened = client.get(URL, {"open": ticket.number}).content.decode()
    assert 'aria-expanded="true"' in opened and 'aria-expanded="false"' not in opened
    assert f'data-unfold="/messages/{ticket.number}/unfolded/"' in opened


def test_opening_in_place_is_reading(client_of, owner, ticket, support):
    answer(ticket, by=support, text="Look again.")
    client = client_of(owner)
    client.get(f"{URL}{ticket.number}/unfolded/")
    assert ReadMark.objects.get().user == owner
    assert "New answer" not in client.get(URL).content.decode()


@pytest.mark.parametrize("page", ["unfolded", "print"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("owner", 200), ("administrative", 200), ("standard", 404), ("standard_without", 403), ("stranger", 404)],
)
def test_who_opens_and_prints_a_thread(request, client_of, owner, customer, category, voip, who, status, page):
    """About a service that the standard sub-user does not see."""
    ticket = open_ticket(by=owner, customer=customer, category=category, service=voip, subject="Secret", text="Words.")
    response = client_of(request.getfixturevalue(who)).get(f"{URL}{ticket.number}/{page}/")
    assert response.status_code == status
    assert ("Words." in response.content.decode()) == (status == 200)


def test_a_thread_marks_where_the_answers_begin_that_were_not_read(client_of, owner, ticket, support):
    client = client_of(owner)
    answer(ticket, by=support, text="The first answer.")
    client.get(f"{URL}{ticket.number}/")
    reply(ticket, by=owner, text="Still slow.")
    answer(ticket, by=support, text="The second answer.")
    answer(ticket, by=support, text="The third answer.")
    assert f'href="/messages/{ticket.number}/#unread"' in client.get(URL).content.decode()
    page = client.get(f"{URL}{ticket.number}/").content.decode()
    assert page.count('id="unread"') == 1
    assert page.index("Still slow.") < page.index('id="unread"') < page.index("The second answer.")
    assert 'id="unread"' not in client.get(f"{URL}{ticket.number}/").content.decode()
    assert "#unread" not in client.get(URL).content.decode()


def test_an_answer_nobody_has_read_is_marked_from_the_first_one(client_of, owner, ticket, support):
    answer(ticket, by=support, text="The first answer.")
    page = client_of(owner).get(f"{URL}{ticket.number}/").content.decode()
    assert page.index("Since Monday.") < page.index('id="unread"') < page.index("The first answer.")


def senders(page):
    return [value for value, _label in page.context["filters"].fields["sender"].widget.choices if value]


def test_the_list_is_narrowed_to_a_sender(client_of, owner, standard, administrative, customer, category, ticket):
    open_ticket(by=administrative, customer=customer, category=category, subject="Invoices", text="?")
    client = client_of(owner)
    page = client.get(URL)
    assert senders(page) == sorted([owner.email, administrative.email])
    rows = client.get(URL, {"sender": administrative.email.upper()}).context["page"].rows
    assert [row.subject for row in rows] == ["Invoices"]
    # Who sees some threads only learns of no other senders.
    assert senders(client_of(standard).get(URL)) == [owner.email]


def test_more_senders_than_can_be_listed_are_typed(client_of, owner, customer, category, ticket):
    from tests.tickets.thread_list import many

    many(ticket, 30)
    for i, one in enumerate(customer.tickets.order_by("pk")):
        one.sender_email = f"person{i}@example.com"
        one.save()
    client = client_of(owner)
    page = client.get(URL)
    assert not hasattr(page.context["filters"].fields["sender"].widget, "choices")
    rows = client.get(URL, {"sender": "person7@example.com"}).context["page"].rows
    assert [row.sender_email for row in rows] == ["person7@example.com"]
