"""The desk: the queue in its order, the thread without anything confidential, answering and being warned."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Event
from tests.tickets.thread_list import many, subjects
from tickets.conversation import answer, open_ticket, reply
from tickets.models import Category, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of, support):
    """The browser of a member of support."""
    return client_of(support)


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def test_the_queue_shows_what_waits_longest_first(desk, owner, customer, category, ticket, support):
    second = open_ticket(by=owner, customer=customer, category=category, subject="Second", text="?")
    answered = open_ticket(by=owner, customer=customer, category=category, subject="Answered one", text="?")
    answer(answered, by=support, text="!")
    reply(ticket, by=owner, text="Any news?")
    page = desk.get("/desk/")
    assert subjects(page) == ["Slow pages", "Second"]
    assert [(count.label, count.number) for count in page.context["counts"]] == [
        ("Late", "0"),
        ("Waiting for us", "2"),
        ("Answered", "1"),
        ("Closed", "0"),
    ]
    second.close(by=support)
    assert subjects(desk.get("/desk/", {"status": "closed"})) == ["Second"]
    assert subjects(desk.get("/desk/", {"status": "answered"})) == ["Answered one"]


def test_the_order_is_chosen_and_kept_in_the_address(desk, owner, customer, category, ticket):
    urgent = Category.objects.create(name_pl="Pilne", name_en="Urgent", first_answer_hours=1)
    open_ticket(by=owner, customer=customer, category=urgent, subject="Second", text="?")
    page = desk.get("/desk/")
    assert subjects(page) == ["Second", "Slow pages"] and "Most urgent" in page.content.decode()
    page = desk.get("/desk/", {"sort": "longest"})
    assert subjects(page) == ["Slow pages", "Second"]
    assert f"/desk/{ticket.number}/?status=open&amp;sort=longest" in page.content.decode()
    following = desk.get(f"/desk/{ticket.number}/next/", {"sort": "longest"}, follow=True)
    assert following.context["ticket"].subject == "Second"
    for status, first in [("closed", "Latest"), ("open", "Most urgent")]:
        assert f'<option value="" selected>{first}</option>' in desk.get("/desk/", {"status": status}).content.decode()


def test_the_status_stands_in_rows_where_it_differs(desk, ticket):
    assert 'data-label="Status"' not in desk.get("/desk/").content.decode()
    assert 'data-label="Status"' in desk.get("/desk/", {"q": "slow"}).content.decode()


def test_the_customer_s_name_leads_to_all_their_messages(desk, ticket, owner, customer, category):
    open_ticket(by=owner, customer=customer, category=category, subject="Second", text="?").close(by=owner)
    page = desk.get(f"/desk/{ticket.number}/").content.decode()
    assert 'href="/desk/?q=1000001"' in page
    assert sorted(subjects(desk.get("/desk/?q=1000001"))) == ["Second", "Slow pages"]


def test_search_by_case_number_customer_number_and_subject_in_every_status(desk, ticket, owner):
    ticket.close(by=owner)
    for words in [ticket.number, ticket.number.lower().replace("-", " "), "1000001", "slow p"]:
        assert subjects(desk.get("/desk/", {"q": words})) == ["Slow pages"]
    for words in ["2222-2222", "9999999", "nothing"]:
        assert subjects(desk.get("/desk/", {"q": words})) == []


def test_the_counts_choose_the_status_and_a_search_keeps_it(desk, ticket):
    page = desk.get("/desk/?status=closed").content.decode()
    assert '<input type="hidden" name="status" value="closed" id="id_status">' in page
    assert "status=answered" in page and ticket.number not in page


def test_staff_see_the_thread_and_nothing_confidential(desk, ticket, contact, voip, hosting, owner):
    page = desk.get(f"/desk/{ticket.number}/").content.decode()
    assert "Since Monday." in page and "1000001" in page and "Ogrody Anny" in page and "Hosting Garden" in page
    for confidential in [contact.email, contact.name, voip.name, owner.email, hosting.domain, str(hosting.ends_on)]:
        assert confidential not in page


def test_an_answer_is_sent_with_its_file_and_mailed(desk, ticket, owner, support, mailbox):
    file = SimpleUploadedFile("steps.txt", b"One, two.")
    last = ticket.messages.last().pk
    words = {"text": "Please <restart>.", "last_seen": last, "files": [file]}
    assert "The answer is sent." in desk.post(f"/desk/{ticket.number}/reply/", words, follow=True).content.decode()
    assert now(ticket).status == "answered"
    assert Event.objects.get(action="ticket_answered").by_staff
    letter = mailbox(owner.email)[-1]
    assert ticket.number in letter.subject and "Slow pages" in letter.subject
    assert "Please <restart>." in letter.body and "steps.txt" in letter.body
    assert f"/messages/{ticket.number}/" in letter.body
    assert "Please &lt;restart&gt;." in letter.alternatives[0][0]


def test_the_second_of_two_is_warned_and_can_still_send(desk, ticket, support, administrator):
    seen = ticket.messages.last().pk
    colleague = answer(ticket, by=administrator, text="I have it.")
    response = desk.post(f"/desk/{ticket.number}/reply/", {"text": "Me, too.", "last_seen": seen})
    assert 'role="alert" tabindex="-1" autofocus' in response.content.decode()
    page = response.content.decode()
    assert "Somebody wrote in this thread meanwhile." in page and "I have it." in page and "Me, too." in page
    assert ticket.messages.count() == 2
    assert f'name="last_seen" value="{colleague.pk}"' in page
    desk.post(f"/desk/{ticket.number}/reply/", {"text": "Me, too.", "last_seen": colleague.pk})
    assert ticket.messages.count() == 3


def test_closing_and_reopening(desk, ticket):
    desk.post(f"/desk/{ticket.number}/close/")
    assert now(ticket).is_closed
    desk.post(f"/desk/{ticket.number}/reopen/")
    assert now(ticket).status == "open"


@pytest.mark.parametrize("count", [10, 1_000])
@pytest.mark.parametrize("params", [{}, {"assignee": "nobody"}, {"status": "closed"}, {"q": "Thread"}])
def test_the_queue_takes_at_most_seven_queries(desk, ticket, count, params, django_assert_max_num_queries):
    many(ticket, count)
    desk.get("/desk/")
    with django_assert_max_num_queries(7):
        assert desk.get("/desk/", params).status_code == 200


def test_counting_stops_at_a_thousand(desk, ticket):
    many(ticket, 1200)
    assert desk.get("/desk/").context["counts"][1].number == "1000+"


def test_the_queue_has_pages(desk, ticket):
    many(ticket, 30)
    first = desk.get("/desk/")
    second = desk.get("/desk/", {"after": first.context["page"].after})
    assert len({*subjects(first), *subjects(second)}) == 31
