"""From the list into a thread and back to the same place: filters, page, row; and never anywhere else."""

import re
from html import unescape

import pytest

from tests.tickets.thread_list import many
from tickets.conversation import answer, open_ticket
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db
URL = "/messages/"


def link(page, words):
    """The address of the link that reads so."""
    html = re.sub("</?mark>", "", page.content.decode())
    found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>(?:(?!</a>).)*{re.escape(words)}', html, re.DOTALL)
    assert found, words
    return unescape(found[1])


@pytest.fixture
def second_page(client_of, owner, ticket):
    """The owner's client and the second page of a filtered list, as an address."""
    many(ticket, 60)
    client = client_of(owner)
    first = client.get(URL, {"status": "open", "q": "Thread"})
    return client, f"{URL}?{first.context['page'].after and link(first, 'Next').lstrip('?')}"


def place(address):
    """(query parameters of the list, what is named after #)."""
    query, _hash, row = address.partition("?")[2].partition("#")
    return sorted(query.split("&")), row


def test_back_leads_to_the_filters_the_page_and_the_row(second_page):
    client, listed = second_page
    rows = client.get(listed).context["page"].rows
    thread = client.get(link(client.get(listed), rows[7].subject))
    query, row = place(link(thread, "Back"))
    assert query == place(listed)[0]
    assert row == "row-8"
    back = client.get(link(thread, "Back"))
    assert back.context["page"].rows == rows
    assert 'id="row-8"' in back.content.decode()


@pytest.mark.parametrize("act", ["reply", "close"])
def test_back_leads_there_after_writing_and_closing_too(second_page, act):
    client, listed = second_page
    subject = client.get(listed).context["page"].rows[7].subject
    thread = client.get(link(client.get(listed), subject))
    action = unescape(re.search(rf'action="([^"]*/{act}/[^"]*)"', thread.content.decode())[1])
    refused = client.post(action, {}) if act == "reply" else None
    after = client.post(action, {"text": "More."}, follow=True)
    for page in filter(None, [refused, after]):
        assert place(link(page, "Back")) == (place(listed)[0], "row-8")


def test_back_leads_there_from_earlier_messages_and_from_print(client_of, owner, ticket):
    Message.objects.bulk_create(
        [Message(ticket=ticket, author=owner, author_name="Anna", text=f"Text {i};") for i in range(60)]
    )
    client = client_of(owner)
    thread = client.get(link(client.get(URL, {"status": "open"}), "Slow pages"))
    earlier = client.get(link(thread, "Earlier messages"))
    latest = client.get(link(earlier, "Latest messages"))
    printed = client.get(link(thread, "Print"))
    again = client.get(link(printed, "Back"))
    for page in (thread, earlier, latest, again):
        assert link(page, "Back") == "/messages/?status=open#row-1"
    assert "Text 5;" in printed.content.decode() and "Text 59;" in printed.content.decode()


def test_from_the_beginning_of_the_list_addresses_stay_short(client_of, owner, ticket):
    client = client_of(owner)
    address = link(client.get(URL), "Slow pages")
    assert address == f"/messages/{ticket.number}/"
    assert link(client.get(address), "Back") == f"/messages/#ticket-{ticket.number}"


def test_a_new_message_leads_back_too(client_of, owner, ticket):
    client = client_of(owner)
    written = client.get(link(client.get(URL, {"status": "open"}), "New message"))
    assert link(written, "Back") == "/messages/?status=open"


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/wallet/",
        "next=https://evil.example/",
        "javascript:alert(1)",
        '"><script>alert(1)</script>',
        "row=1",
        "row=1x&open=K7MX-4QTB",
        "&" * 5000,
    ],
)
def test_back_never_leads_out_of_the_list(client_of, owner, ticket, back):
    client = client_of(owner)
    page = client.get(f"/messages/{ticket.number}/", {"back": back})
    assert link(page, "Back") == f"/messages/#ticket-{ticket.number}"
    assert "<script>alert" not in page.content.decode()
    assert client.post(f"{URL}mark-read/", {"number": ticket.number, "back": back}).url == "/messages/"
    assert client.post(f"/messages/{ticket.number}/close/?back=x", {"back": back}).url == f"/messages/{ticket.number}/"


def test_back_keeps_words_that_need_quoting(client_of, owner, ticket):
    client = client_of(owner)
    address = f"/messages/{ticket.number}/?back=q%3Dslow%2526%252B%2520pages%26row%3D3"
    assert link(client.get(address), "Back") == "/messages/?q=slow%26%2B+pages#row-3"


def test_marking_as_read_returns_to_the_page_and_its_filters(second_page, support):
    client, listed = second_page
    rows = client.get(listed).context["page"].rows
    for row in rows[:3]:
        answer(row, by=support, text="Look.")
        Ticket.objects.filter(pk=row.pk).update(status="open", updated_at=row.updated_at)
    page = client.get(listed)
    assert page.content.decode().count("New answer") == 3
    hidden = unescape(re.search(r'name="back" value="([^"]*)"', page.content.decode())[1])
    numbers = [row.number for row in rows[:2]]
    response = client.post(f"{URL}mark-read/", {"number": numbers, "back": hidden}, follow=True)
    assert place(response.redirect_chain[-1][0])[0] == place(listed)[0]
    assert response.content.decode().count("New answer") == 1
    assert "The chosen messages are marked as read." in response.content.decode()


def test_nothing_ticked_says_so(client_of, owner, ticket):
    page = client_of(owner).post(f"{URL}mark-read/", follow=True).content.decode()
    assert "Tick the messages that you have read." in page
    assert "are marked as read" not in page


def test_marking_many_takes_one_statement(
    client_of, owner, support, ticket, customer, category, django_assert_max_num_queries
):
    tickets = [
        open_ticket(by=owner, customer=customer, category=category, subject=f"S{i}", text="?") for i in range(20)
    ]
    for one in tickets:
        answer(one, by=support, text="!")
    client = client_of(owner)
    client.get(URL)
    with django_assert_max_num_queries(8):
        client.post(f"{URL}mark-read/", {"number": [one.number for one in tickets]})
    assert "New answer" not in client.get(URL).content.decode()
