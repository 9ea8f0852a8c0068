"""The customer's list: the columns, what is new to whom, search, filters, pages, queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tickets.conversation import answer, open_ticket
from tickets.models import Category, Message, ReadMark, Ticket

pytestmark = pytest.mark.django_db
URL = "/messages/"


def many(ticket, count):
    """As many more threads of the same kind with a message each, written at once."""
    threads = Ticket.objects.bulk_create(
        [
            Ticket(
                customer=ticket.customer,
                subject=f"Thread {i}",
                category=ticket.category,
                service=ticket.service,
                sender_name="Anna Owner",
                sender_email="anna@example.com",
            )
            for i in range(count)
        ],
        batch_size=1000,
    )
    texts = [Message(ticket=thread, author_name="Anna Owner", text="A question.") for thread in threads]
    Message.objects.bulk_create(texts, batch_size=1000)


def subjects(response):
    return [ticket.subject for ticket in response.context["page"].rows]


def test_the_list_shows_the_columns_of_a_thread(client_of, owner, ticket):
    page = client_of(owner).get(URL).content.decode()
    for words in [
        ticket.number,
        "Slow pages",
        "anna@example.com",
        "Technical matters",
        "Hosting Garden",
        "Waiting for us",
    ]:
        assert words in page


def test_an_empty_list_says_what_to_do(client_of, owner):
    page = client_of(owner).get(URL).content.decode()
    assert "No messages yet" in page
    assert "/messages/new/" in page


def test_a_new_answer_is_marked_for_each_person_until_they_read_it(client_of, owner, standard, ticket, support):
    annas, stefans = client_of(owner), client_of(standard)
    assert "New answer" not in annas.get(URL).content.decode()
    answer(ticket, by=support, text="Look again.")
    assert "New answer" in annas.get(URL).content.decode()
    annas.get(f"{URL}{ticket.number}/")
    assert "New answer" not in annas.get(URL).content.decode()
    assert "New answer" in stefans.get(URL).content.decode()
    answer(ticket, by=support, text="And?")
    assert "New answer" in annas.get(URL).content.decode()


def test_reading_again_writes_nothing(client_of, owner, ticket, support):
    answer(ticket, by=support, text="Look again.")
    client = client_of(owner)
    client.get(f"{URL}{ticket.number}/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{URL}{ticket.number}/")
    assert not [query["sql"] for query in queries if "INSERT" in query["sql"] or "UPDATE" in query["sql"]]
    assert ReadMark.objects.count() == 1


def test_a_plus_opens_the_messages_in_place(client_of, owner, ticket, support):
    answer(ticket, by=support, text="Look again.")
    client = client_of(owner)
    assert "Look again." not in client.get(URL).content.decode()
    assert "Look again." in client.get(URL, {"open": ticket.number}).content.decode()
    assert "New answer" not in client.get(URL).content.decode()


def test_ticked_threads_are_marked_as_read(client_of, owner, stranger, ticket, support):
    answer(ticket, by=support, text="Look again.")
    assert client_of(stranger).post(f"{URL}mark-read/", {"number": ticket.number}).status_code == 302
    assert not ReadMark.objects.exists()
    client = client_of(owner)
    response = client.post(f"{URL}mark-read/", {"number": ticket.number}, follow=True)
    assert "The chosen messages are marked as read." in response.content.decode()
    assert not response.context["page"].rows[0].is_new


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, ["Phone rings", "Slow pages"]),
        ({"q": "slow"}, ["Slow pages"]),
        ({"q": "nothing like it"}, []),
        ({"status": "closed"}, ["Phone rings"]),
        ({"status": "open"}, ["Slow pages"]),
        ({"status": "not-closed"}, ["Slow pages"]),
        ({"status": "no such"}, ["Phone rings", "Slow pages"]),
        ({"category": "999999999999999999999999"}, ["Phone rings", "Slow pages"]),
        ({"after": "rubbish", "service": "x"}, ["Phone rings", "Slow pages"]),
    ],
)
def test_search_and_filters(client_of, owner, customer, ticket, params, found):
    other = Category.objects.create(name_pl="Inne", name_en="Other")
    phone = open_ticket(by=owner, customer=customer, category=other, subject="Phone rings", text="All day.")
    phone.close(by=owner)
    assert subjects(client_of(owner).get(URL, params)) == found


def test_filters_by_number_category_and_service(client_of, owner, ticket, hosting, voip):
    client = client_of(owner)
    assert subjects(client.get(URL, {"q": ticket.number.lower()[:6]})) == ["Slow pages"]
    assert subjects(client.get(URL, {"service": hosting.pk, "category": ticket.category.pk})) == ["Slow pages"]
    assert subjects(client.get(URL, {"service": voip.pk})) == []


def test_pages_follow_each_other_there_and_back_and_keep_the_filters(client_of, owner, ticket):
    many(ticket, 60)
    client = client_of(owner)
    first = client.get(URL, {"q": "Thread"})
    second = client.get(URL, {"q": "Thread", "after": first.context["page"].after})
    third = client.get(URL, {"q": "Thread", "after": second.context["page"].after})
    assert [len(subjects(page)) for page in (first, second, third)] == [25, 25, 10]
    assert len({*subjects(first), *subjects(second), *subjects(third)}) == 60
    assert third.context["page"].after == ""
    assert "q=Thread" in second.content.decode()
    back = client.get(URL, {"q": "Thread", "before": third.context["page"].before})
    assert subjects(back) == subjects(second)
    assert subjects(client.get(URL, {"q": "Thread", "before": back.context["page"].before})) == subjects(first)


@pytest.mark.parametrize("count", [10, 1_000])
@pytest.mark.parametrize("who", ["owner", "standard"])
def test_the_list_takes_at_most_seven_queries(request, client_of, ticket, who, count, django_assert_max_num_queries):
    many(ticket, count)
    client = client_of(request.getfixturevalue(who))
    client.get(URL)
    with django_assert_max_num_queries(7):
        client.get(URL)


@pytest.mark.parametrize("count", [10, 1_000])
def test_a_thread_takes_at_most_seven_queries(client_of, owner, ticket, support, count, django_assert_max_num_queries):
    texts = [Message(ticket=ticket, author=owner, author_name="Anna", text=f"Text {i}") for i in range(count)]
    Message.objects.bulk_create(texts, batch_size=1000)
    answer(ticket, by=support, text="The last word.")
    client = client_of(owner)
    client.get("/messages/new/")
    with django_assert_max_num_queries(7):
        page = client.get(f"{URL}{ticket.number}/").content.decode()
    assert "The last word." in page
    assert ReadMark.objects.exists()


def test_a_long_thread_opens_at_its_end_and_goes_back(client_of, owner, ticket):
    texts = [Message(ticket=ticket, author=owner, author_name="Anna", text=f"Text {i};") for i in range(60)]
    Message.objects.bulk_create(texts)
    client = client_of(owner)
    page = client.get(f"{URL}{ticket.number}/")
    assert "Text 59;" in page.content.decode() and "Text 5;" not in page.content.decode()
    earlier = client.get(f"{URL}{ticket.number}/", {"before": page.context["thread"].before}).content.decode()
    assert "Text 5;" in earlier and "Since Monday." in earlier and "Text 59;" not in earlier
