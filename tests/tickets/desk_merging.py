"""Two threads become one: what moves, what leads where, and that nobody sees more than before."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Event, SupportSession
from tests.support.readers import reply_address
from tickets import attachments, giving, identified, merging, notes, reply_addresses
from tickets.conversation import Outside, answer, open_ticket, reply
from tickets.models import Attachment, Message, Ticket, Turn

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of, support):
    return client_of(support)


@pytest.fixture
def second(standard, customer, category, hosting):
    """A sub-user's thread about the same service, with a file."""
    file = attachments.keep(SimpleUploadedFile("log.txt", b"Words."), by=standard)
    words = {"subject": "Slow, too", "text": "Here as well.", "files": [file], "signed_in_as": standard.membership}
    return open_ticket(by=standard, customer=customer, category=category, service=hosting, **words)


@pytest.fixture
def nobodys(category):
    outside = Outside(name="Who", email="who@example.net", origin=Message.Origin.MAIL)
    file = attachments.keep(SimpleUploadedFile("mail.txt", b"Words."), by=None)
    words = {"subject": "From outside", "text": "By mail.", "files": [file], "confirmed": False}
    return open_ticket(customer=None, category=category, outside=outside, **words)


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def test_the_page_asks_and_says_what_happens(desk, ticket, second):
    page = desk.get(f"/desk/{second.number}/merge/").content.decode()
    assert f'value="{ticket.number}"' in page and "Slow pages" in page
    page = desk.post(f"/desk/{second.number}/merge/", {"into": ticket.number.lower().replace("-", " ")})
    assert "This cannot be undone." in page.content.decode() and f'value="{ticket.number}"' in page.content.decode()
    assert Message.objects.filter(ticket=second).count() == 1
    page = desk.post(f"/desk/{second.number}/merge/", {"into": ticket.number, "confirmed": "yes"}, follow=True)
    assert "The messages are merged." in page.content.decode() and "Here as well." in page.content.decode()


def test_messages_notes_and_files_move_in_the_order_of_time(desk, ticket, second, support, owner, client_of):
    notes.write_note(second, by=support, text="The same router.")
    reply(ticket, by=owner, text="Still.")
    merging.merge(second, ticket, by=support)
    assert [message.text for message in ticket.messages.all()] == ["Since Monday.", "Here as well.", "Still."]
    page = desk.get(f"/desk/{ticket.number}/").content.decode()
    assert "The same router." in page and "log.txt" in page
    token = Attachment.objects.get(name="log.txt").token
    assert b"".join(client_of(owner).get(reverse("tickets:attachment", args=[token]))) == b"Words."


def test_the_merged_one_is_closed_gone_from_lists_and_leads_to_the_other(
    desk, ticket, second, support, owner, client_of
):
    merging.merge(second, ticket, by=support)
    assert now(second).is_closed and now(second).merged_into == ticket
    browser = client_of(owner)
    assert second.number not in browser.get("/messages/").content.decode()
    assert browser.get(f"/messages/{second.number}/").url == f"/messages/{ticket.number}/"
    assert desk.get(f"/desk/{second.number}/?status=open").url == f"/desk/{ticket.number}/?status=open"
    assert [row.number for row in desk.get("/desk/", {"q": second.number}).context["page"].rows] == [ticket.number]
    browser.post(f"/messages/{second.number}/reply/", {"text": "Into the other."})
    assert ticket.messages.last().text == "Into the other."
    assert browser.post(f"/messages/{second.number}/close/").status_code == 302
    assert now(ticket).is_closed


def test_what_is_written_while_they_are_merged_arrives(ticket, second, support, standard):
    merging.merge(second, ticket, by=support)
    reply(second, by=standard, text="From an old page.")
    assert ticket.messages.last().text == "From an old page."


def test_so_does_a_note(ticket, second, support):
    merging.merge(Ticket.objects.get(pk=second.pk), ticket, by=support)
    notes.write_note(second, by=support, text="Call them.")
    assert ticket.notes.get().text == "Call them."


def test_mails_that_answer_the_merged_one_come_to_the_other(settings, ticket, second, support, standard):
    settings.REPLY_DOMAIN = "reply.example.com"
    address = reply_address(second, user=standard)
    merging.merge(second, ticket, by=support)
    found = reply_addresses.find([address])
    assert found.ticket == ticket and found.user == standard


def test_whoever_began_the_merged_one_still_gets_the_answers(ticket, second, support, owner, standard, mailbox):
    merging.merge(second, ticket, by=support)
    answer(ticket, by=support, text="Both restarted.")
    for person in (owner, standard):
        assert [letter for letter in mailbox(person.email) if "Both restarted." in letter.body], person


def test_a_third_leads_where_the_second_went(ticket, second, support, owner, customer, category, hosting):
    third = open_ticket(by=owner, customer=customer, category=category, service=hosting, subject="3", text="?")
    merging.merge(third, second, by=support)
    merging.merge(second, ticket, by=support)
    assert now(third).merged_into == ticket


REFUSED = [
    ("ticket", "This is the same message."),
    ("other_service", "They are about different services"),
    ("no_service", "They are about different services"),
    ("strangers", "That message is another customer"),
    ("nobodys", "Nobody knows whose that message is."),
    ("merged", "One of them was merged already."),
]


@pytest.fixture
def others(ticket, nobodys, owner, stranger, customer, category, hosting, voip, support):
    def opened(service, by=owner, of=customer):
        return open_ticket(by=by, customer=of, category=category, service=service, subject="S", text="T")

    merged, target = opened(voip), opened(voip)
    merging.merge(merged, target, by=support)
    return {
        "ticket": ticket,
        "other_service": opened(voip),
        "no_service": opened(None),
        "strangers": opened(None, by=stranger, of=stranger.membership.customer),
        "nobodys": nobodys,
        "merged": merged,
    }


@pytest.mark.parametrize(("which", "words"), REFUSED)
def test_what_would_widen_who_sees_it_is_refused(ticket, others, support, which, words):
    """In either direction: into a thread that other people see, or out of one."""
    pairs = [(ticket, others[which])]
    if which in ("other_service", "no_service", "strangers"):
        pairs.append((others[which], ticket))
    for source, into in pairs:
        count = Message.objects.filter(ticket=source).count()
        with pytest.raises(merging.Unfit, match=words):
            merging.merge(source, now(into), by=support)
        assert Message.objects.filter(ticket=source).count() == count


def test_the_refusal_stands_on_the_page(desk, ticket, others):
    number = others["other_service"].number
    page = desk.post(f"/desk/{ticket.number}/merge/", {"into": number, "confirmed": "yes"}).content.decode()
    assert "They are about different services" in page
    page = desk.post(f"/desk/{ticket.number}/merge/", {"into": "2222-2222"}).content.decode()
    assert "There is no message with this case number." in page


@pytest.mark.parametrize(("person", "sees"), [("owner", True), ("standard", False), ("stranger", False)])
def test_a_sub_user_gains_nothing_and_loses_nothing(
    request, client_of, others, owner, customer, category, voip, support, standard, person, sees
):
    """A thread about a service that `standard` does not see becomes part of another one about it."""
    source, into = (
        open_ticket(by=owner, customer=customer, category=category, service=voip, subject=words, text=words)
        for words in ("Secret one", "Secret two")
    )
    merging.merge(source, into, by=support)
    browser = client_of(request.getfixturevalue(person))
    for ticket in (source, into):
        response = browser.get(f"/messages/{ticket.number}/", follow=True)
        assert ("Secret one" in response.content.decode()) == sees
        assert browser.post(f"/messages/{ticket.number}/reply/", {"text": "In."}).status_code == (302 if sees else 404)
    assert ("Secret" in browser.get("/messages/").content.decode()) == sees


def test_a_thread_that_left_ones_service_is_no_longer_reached_by_its_old_number(
    client_of, ticket, second, support, standard, voip
):
    """Who may open the other one decides, whatever the merged one was about."""
    merging.merge(second, ticket, by=support)
    Ticket.objects.filter(pk=ticket.pk).update(service=voip)
    browser = client_of(standard)
    assert browser.get(f"/messages/{second.number}/").status_code == 404
    assert browser.post(f"/messages/{second.number}/reply/", {"text": "In."}).status_code == 404


def test_nobodys_thread_becomes_the_customers(desk, ticket, nobodys, owner, client_of, mailbox, support):
    desk.post(f"/desk/{nobodys.number}/merge/", {"into": ticket.number, "confirmed": "yes"})
    page = client_of(owner).get(f"/messages/{ticket.number}/").content.decode()
    assert "By mail." in page and "mail.txt" in page
    assert Attachment.objects.get(name="mail.txt").customer == ticket.customer
    assert now(nobodys).customer == ticket.customer
    answer(ticket, by=support, text="For the customer only.")
    assert not any("For the customer only." in letter.body for letter in mailbox("who@example.net"))


def test_what_opened_nobodys_data_opens_nobodys_afterwards(ticket, second, support, standard):
    """What was written signed in identified its author until that thread was closed, and no longer."""
    assert list(identified.authors(second)) == [standard.membership]
    second.close(by=support)
    second.reopen(by=support)
    assert list(identified.authors(now(second))) == []
    merging.merge(second, ticket, by=support)
    assert list(identified.authors(now(ticket))) == []


def test_what_identifies_goes_on_identifying_and_open_access_to_the_merged_one_ends(ticket, second, support, standard):
    identified.open_data(second, standard.membership, staff=support)
    merging.merge(second, ticket, by=support)
    assert not SupportSession.open_for(support).exists()
    assert list(identified.authors(now(ticket))) == [standard.membership]


def test_the_one_that_stays_waits_when_either_did_since_the_earlier(ticket, second, support):
    answer(ticket, by=support, text="!")
    merging.merge(second, ticket, by=support)
    assert (now(ticket).status, now(ticket).status_since, now(ticket).due_at) == (
        "open",
        second.status_since,
        second.due_at,
    )
    turn = Turn.objects.get(answered_at=None)
    assert turn.ticket == ticket and not turn.is_first


def test_both_waiting_keep_one_wait(ticket, second, support):
    merging.merge(ticket, second, by=support)
    assert now(second).status_since == ticket.status_since
    assert Turn.objects.get(answered_at=None).ticket == second


def test_the_history_says_so(ticket, second, support):
    merging.merge(second, ticket, by=support)
    event = Event.objects.get(action="ticket_merged")
    assert (event.details["ticket"], event.details["into"], event.customer_id, event.by_id) == (
        second.number,
        ticket.number,
        ticket.customer_id,
        support.pk,
    )


def test_at_once_in_both_directions_one_wins(together, postgresql, ticket, second, support):
    pairs = [(ticket, second), (second, ticket)]
    answers = together(2, lambda i: merging.merge(*pairs[i], by=support))
    assert [type(answer) for answer in answers].count(merging.Unfit) == 1
    assert Ticket.objects.filter(merged_into=None).count() == 1
    assert Message.objects.filter(ticket__merged_into=None).count() == 2


def test_a_merged_one_that_somebody_opens_again_meanwhile_stays_closed(ticket, second, support, owner):
    loaded = Ticket.objects.get(pk=second.pk)
    merging.merge(second, ticket, by=support)
    loaded.reopen(by=owner)
    second.refresh_from_db()
    assert second.is_closed and not second.turns.exists()


def test_written_in_one_merged_before_while_its_place_is_merged(
    together, postgresql, ticket, second, support, owner, customer, category, hosting
):
    third = open_ticket(by=owner, customer=customer, category=category, service=hosting, subject="Third", text="?")
    merging.merge(second, ticket, by=support)
    acts = [lambda: merging.merge(ticket, third, by=support)]
    acts += [lambda n=n: reply(second, by=owner, text=f"Reply {n}") for n in range(8)]
    answers = together(len(acts), lambda i: acts[i]())
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert third.messages.count() == 3 + 8


def test_files_sent_while_it_is_given_are_the_customers(together, postgresql, category, ticket, customer, support):
    zofia = Outside(name="Zofia", email="zofia@elsewhere.example", origin=Message.Origin.MAIL)
    for _round in range(5):
        nobodys = open_ticket(customer=None, category=category, subject="S", text="T", outside=zofia, confirmed=False)
        files = [attachments.keep(SimpleUploadedFile("a.txt", b"text"), by=None) for _file in range(6)]
        acts = [lambda nobodys=nobodys: giving.give(nobodys, customer, by=support)]
        acts += [lambda f=f, n=nobodys: reply(n, outside=zofia, text="See.", files=[f]) for f in files]
        together(len(acts), lambda i, acts=acts: acts[i]())
    assert set(Attachment.objects.values_list("customer", flat=True)) == {customer.pk}
