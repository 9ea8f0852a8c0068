"""A nobody's thread finds its customer; a thread gets another category or service."""

import pytest

from accounts.models import Contact, Event
from services.models import ServiceGrant
from tickets import giving, identified
from tickets.conversation import Outside, answer, open_ticket
from tickets.models import Category, Message, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of, support):
    return client_of(support)


@pytest.fixture
def nobodys(category):
    """`nobodys(address)` is a thread that came from there."""

    def nobodys(address="who@example.net"):
        outside = Outside(name="Who", email=address, origin=Message.Origin.MAIL)
        words = {"subject": "From outside", "text": "By mail.", "confirmed": False}
        return open_ticket(customer=None, category=category, outside=outside, **words)

    return nobodys


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.parametrize("words", ["1000001", "100 0001", "ANNA", "anna@example.com", "Tech@garden.example"])
def test_found_by_number_login_and_e_mail(desk, nobodys, owner, contact, stranger, words):
    page = desk.get(f"/desk/{nobodys().number}/give/", {"who": words}).content.decode()
    assert "Ogrody Anny" in page and "Obcy sp. z o.o." not in page


@pytest.mark.parametrize("words", ["", "1000", "Ogrody", "example.com", "9" * 30, "anna@"])
def test_only_whole_words_find(desk, nobodys, owner, words):
    page = desk.get(f"/desk/{nobodys().number}/give/", {"who": words}).content.decode()
    assert "Ogrody Anny" not in page and "Nobody was found" in page


def test_the_address_it_came_from_is_looked_for_at_once(desk, nobodys, owner):
    assert "Ogrody Anny" in desk.get(f"/desk/{nobodys(owner.email).number}/give/").content.decode()


def test_the_part_of_the_queue_stays_while_one_looks_for_the_customer(desk, nobodys, owner):
    ticket = nobodys()
    opened = desk.get(f"/desk/{ticket.number}/?q=other&status=open").content.decode()
    assert f'href="/desk/{ticket.number}/give/?q=other&amp;status=open"' in opened
    address = f"/desk/{ticket.number}/give/?q=other&status=open&who=1000001"
    page = desk.get(address).content.decode()
    assert "Ogrody Anny" in page and f'href="/desk/{ticket.number}/?q=other&amp;status=open"' in page
    assert '<input type="hidden" name="q" value="other">' in page
    answer = desk.post(address, {"customer": "1000001", "confirmed": "yes"})
    assert answer["Location"] == f"/desk/{ticket.number}/?q=other&status=open"


def test_it_asks_and_then_the_customers_people_see_it(desk, nobodys, owner, administrative, standard, client_of):
    ticket = nobodys()
    address = f"/desk/{ticket.number}/give/"
    page = desk.post(address, {"customer": "1000001"}).content.decode()
    assert "Ogrody Anny" in page and "who@example.net" in page and "Answers will go to the owner." in page
    assert now(ticket).customer is None
    page = desk.post(address, {"customer": "1000001", "confirmed": "yes"}, follow=True).content.decode()
    assert "The message is the customer" in page
    for person, status in [(owner, 200), (administrative, 200), (standard, 404)]:
        assert client_of(person).get(f"/messages/{ticket.number}/").status_code == status
    event = Event.objects.get(action="ticket_given")
    assert event.customer_id == now(ticket).customer_id and event.by_staff


def test_answers_go_to_the_owner_and_not_to_a_strange_address(nobodys, customer, owner, support, mailbox):
    ticket = nobodys()
    giving.give(ticket, customer, by=support)
    answer(ticket, by=support, text="For the owner.")
    assert any("For the owner." in letter.body for letter in mailbox(owner.email))
    assert not any("For the owner." in letter.body for letter in mailbox("who@example.net"))


@pytest.mark.parametrize("whose", ["administrative", "contact"])
def test_or_to_the_senders_address_when_it_is_one_of_the_customers(
    request, nobodys, customer, owner, support, mailbox, whose
):
    address = request.getfixturevalue(whose).email
    ticket = nobodys(address)
    giving.give(ticket, customer, by=support)
    answer(ticket, by=support, text="For the sender.")
    assert any("For the sender." in letter.body for letter in mailbox(address))
    assert not any("For the sender." in letter.body for letter in mailbox(owner.email))


def test_a_sub_user_who_cannot_see_it_gets_no_answer(nobodys, customer, owner, standard, support, mailbox):
    ticket = nobodys(standard.email)
    giving.give(ticket, customer, by=support)
    answer(ticket, by=support, text="For the owner.")
    assert not any("For the owner." in letter.body for letter in mailbox(standard.email))
    assert any("For the owner." in letter.body for letter in mailbox(owner.email))


def test_a_mail_given_to_a_customer_opens_nobodys_data(nobodys, customer, owner, support):
    ticket = nobodys(owner.email)
    giving.give(ticket, customer, by=support)
    assert list(identified.authors(now(ticket))) == []


def test_given_once_and_only_to_an_open_customer(desk, nobodys, ticket, customer, stranger, support):
    assert desk.get(f"/desk/{ticket.number}/give/").status_code == 302
    answers = {"customer": "2000002", "confirmed": "yes"}
    desk.post(f"/desk/{ticket.number}/give/", answers)
    assert now(ticket).customer == customer
    with pytest.raises(giving.HasCustomer):
        giving.give(ticket, stranger.membership.customer, by=support)
    other = nobodys()
    stranger.membership.customer.closed_at = ticket.created_at
    stranger.membership.customer.save()
    desk.post(f"/desk/{other.number}/give/", answers)
    assert now(other).customer is None


def test_a_customer_for_whom_nobody_acts_yet_is_given_it_all_the_same(nobodys, customer, support):
    ticket = nobodys()
    giving.give(ticket, customer, by=support)
    assert (now(ticket).customer, now(ticket).opened_by) == (customer, None)


def test_a_login_made_of_digits_is_no_customer_number(desk, nobodys, customer, stranger):
    stranger.login = "1000001"
    stranger.save()
    ticket = nobodys()
    desk.post(f"/desk/{ticket.number}/give/", {"customer": "1000001", "confirmed": "yes"})
    assert now(ticket).customer == customer


def sort(desk, ticket, category, service=None, **more):
    words = {"category": category.pk, "service": service.pk if service else ""} | more
    return desk.post(f"/desk/{ticket.number}/sort/", words)


def test_another_category_reckons_the_time_again(desk, ticket):
    urgent = Category.objects.create(name_pl="Awarie", name_en="Outages", first_answer_hours=1)
    before = now(ticket).due_at
    assert sort(desk, ticket, urgent, ticket.service).status_code == 302
    assert now(ticket).category == urgent and now(ticket).due_at < before
    assert now(ticket).turns.get().due_at == now(ticket).due_at
    assert Event.objects.filter(action="ticket_sorted").count() == 1


def test_services_are_the_customers_data_and_need_access(desk, ticket, owner, support, voip, client_of):
    page = desk.get(f"/desk/{ticket.number}/sort/").content.decode()
    assert "Hosting Garden" in page and "Office phone" not in page
    assert "Select a valid choice." in sort(desk, ticket, ticket.category, voip, confirmed="yes").content.decode()
    assert now(ticket).service != voip
    client_of(owner).post(f"/messages/{ticket.number}/reply/", {"text": "Signed in."})
    identified.open_data(ticket, owner.membership, staff=support)
    assert "Office phone" in desk.get(f"/desk/{ticket.number}/sort/").content.decode()
    page = sort(desk, ticket, ticket.category, voip).content.decode()
    assert "everybody who was given the service Office phone" in page and now(ticket).service != voip
    sort(desk, ticket, ticket.category, voip, confirmed="yes")
    assert now(ticket).service == voip


def test_no_service_narrows_who_sees_it(desk, ticket, standard, client_of):
    browser = client_of(standard)
    assert ServiceGrant.objects.filter(membership=standard.membership).exists()
    assert browser.get(f"/messages/{ticket.number}/").status_code == 200
    page = sort(desk, ticket, ticket.category).content.decode()
    assert "by the owner and the administrative users only" in page
    sort(desk, ticket, ticket.category, confirmed="yes")
    assert browser.get(f"/messages/{ticket.number}/").status_code == 404


def test_contacts_of_others_do_not_make_it_theirs(nobodys, customer, stranger, owner, support):
    Contact.objects.create(customer=stranger.membership.customer, kind="billing", name="B", email="shared@example.net")
    ticket = nobodys("shared@example.net")
    giving.give(ticket, customer, by=support)
    assert (now(ticket).opened_by, now(ticket).sender_contact) == (owner, None)
