"""Whether support has helped: asked once for a closing by support, answered by mail or page, read at the desk."""

import pytest

from accounts.models import Event, Outbox
from tickets import opinions
from tickets.conversation import Outside, answer, open_ticket, reply
from tickets.models import Message, Opinion, Ticket

pytestmark = pytest.mark.django_db


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def answered(ticket, support):
    answer(ticket, by=support, text="Restarted.")
    return now(ticket)


@pytest.fixture
def closed(answered, support):
    opinions.close_and_ask(answered, by=support)
    return now(answered)


@pytest.fixture
def link(closed, owner, mailbox):
    """The path of the address in the mail."""
    letter = next(letter for letter in mailbox(owner.email) if "Did we help?" in letter.subject)
    return "/messages/opinion/" + letter.body.partition("/messages/opinion/")[2].split()[0]


def test_support_closes_and_whoever_asked_is_asked(client_of, support, answered, owner, mailbox):
    client_of(support).post(f"/desk/{answered.number}/close/")
    letters = [letter for letter in mailbox(owner.email) if "Did we help?" in letter.subject]
    assert len(letters) == 1 and answered.number in letters[0].subject
    assert "Restarted." not in letters[0].body


def test_answer_and_close_asks_too(client_of, support, ticket):
    words = {"text": "Done.", "last_seen": ticket.messages.last().pk, "then": "close"}
    client_of(support).post(f"/desk/{ticket.number}/reply/", words)
    assert Opinion.objects.get().ticket == ticket


def test_once_for_a_closing(closed, support):
    opinions.close_and_ask(closed, by=support)
    assert Opinion.objects.count() == 1
    closed.reopen(by=support)
    opinions.close_and_ask(now(closed), by=support)
    assert Opinion.objects.count() == 2


def test_not_after_closing_by_the_customer_nor_without_an_answer_nor_strangers(
    client_of, owner, support, ticket, answered, category, customer
):
    client_of(owner).post(f"/messages/{ticket.number}/close/")
    unanswered = open_ticket(by=owner, customer=customer, category=category, subject="S", text="T")
    outside = Outside(name="Who", email="who@example.net", origin=Message.Origin.MAIL)
    nobodys = open_ticket(customer=None, category=category, subject="S", text="T", outside=outside, confirmed=False)
    answer(nobodys, by=support, text="!")
    for other in (unanswered, nobodys):
        opinions.close_and_ask(now(other), by=support)
        assert now(other).is_closed
    assert not Opinion.objects.exists()


def test_opening_the_address_changes_nothing_and_its_button_does(link, anonymous, closed):
    for _scanner in range(2):
        page = anonymous.get(link).content.decode()
        assert "Did we help?" in page and closed.subject not in page and "Since Monday." not in page
    assert Opinion.objects.get().answered_at is None
    page = anonymous.post(link, {"helped": "yes", "sentence": "Quick <b>and</b> kind."}).content.decode()
    assert "Thank you for your answer." in page
    opinion = Opinion.objects.get()
    assert (opinion.helped, opinion.sentence) == (True, "Quick <b>and</b> kind.")
    event = Event.objects.get(action="opinion_given")
    assert event.customer_id == closed.customer_id and event.by_id is None


def test_another_answer_replaces_the_first_and_history_has_one_line(link, anonymous):
    anonymous.post(link, {"helped": "yes", "sentence": "Fine."})
    anonymous.post(link, {"helped": "no", "sentence": "It came back."})
    assert (Opinion.objects.get().helped, Opinion.objects.get().sentence) == (False, "It came back.")
    assert Event.objects.filter(action="opinion_given").count() == 1


@pytest.mark.parametrize("words", [{}, {"helped": "perhaps"}, {"helped": "yes", "sentence": "x" * 1001}])
def test_what_makes_no_sense_is_refused(link, anonymous, words):
    anonymous.post(link, words)
    assert Opinion.objects.get().answered_at is None


def test_a_forged_address_leads_nowhere(link, anonymous, closed):
    other = Opinion.objects.create(ticket=closed)
    forged = link.replace(str(Opinion.objects.first().pk), str(other.pk), 1)
    for address in (forged, "/messages/opinion/1.x/", "/messages/opinion/x/", f"/messages/opinion/{'9' * 30}.x/"):
        assert anonymous.get(address).status_code == 404
        assert anonymous.post(address, {"helped": "yes"}).status_code == 404


def test_the_blocked_and_the_closed_are_not_heard(link, anonymous, owner, customer):
    owner.blocked_at = owner.created_at
    owner.save()
    assert anonymous.post(link, {"helped": "yes"}).status_code == 404
    owner.blocked_at = None
    owner.save()
    customer.closed_at = owner.created_at
    customer.save()
    assert anonymous.post(link, {"helped": "yes"}).status_code == 404


def test_who_does_not_see_it_any_more_is_not_heard(link, anonymous, owner):
    owner.membership.blocked_at = owner.created_at
    owner.membership.save()
    assert anonymous.get(link).status_code == anonymous.post(link, {"helped": "no"}).status_code == 404


def test_an_old_address_changes_nothing_once_it_is_open_again(link, anonymous, closed, support):
    anonymous.post(link, {"helped": "yes"})
    closed.reopen(by=support)
    assert anonymous.post(link, {"helped": "no"}).status_code == 404
    now(closed).close(by=support)
    Opinion.objects.create(ticket=closed)
    assert anonymous.post(link, {"helped": "no"}).status_code == 404
    assert Opinion.objects.order_by("pk").first().helped


def test_on_the_page_of_the_thread_for_whoever_sees_it(client_of, closed, owner, standard, stranger):
    page = client_of(standard).get(f"/messages/{closed.number}/").content.decode()
    assert "Did we help?" in page
    client_of(stranger).post(f"/messages/{closed.number}/opinion/", {"helped": "no"})
    assert Opinion.objects.get().answered_at is None
    words = {"helped": "no", "sentence": "It came back."}
    page = client_of(owner).post(f"/messages/{closed.number}/opinion/", words, follow=True).content.decode()
    assert "Thank you for your answer." in page and "You said: no." in page
    assert Event.objects.get(action="opinion_given").by_id == owner.pk


def test_on_the_page_the_answer_is_chosen_before_it_is_sent(client_of, closed, owner):
    page = client_of(owner).get(f"/messages/{closed.number}/").content.decode()
    assert page.count('type="radio" name="helped"') == 2 and " checked" not in page
    opinions.answer(Opinion.objects.get(), helped=False, sentence="It came <back>.")
    page = client_of(owner).get(f"/messages/{closed.number}/").content.decode()
    assert page.count(" checked") == 1 and 'value="It came &lt;back&gt;."' in page


def test_answering_keeps_the_way_back_to_the_list(client_of, closed, owner):
    answer = client_of(owner).post(f"/messages/{closed.number}/opinion/?back=q%3Dslow%26row%3D3", {"helped": "yes"})
    assert "back=q%3Dslow%26row%3D3" in answer.url


def test_no_question_while_it_is_open(client_of, closed, owner):
    reply(closed, by=owner, text="It came back.")
    assert "Did we help?" not in client_of(owner).get(f"/messages/{closed.number}/").content.decode()
    client_of(owner).post(f"/messages/{closed.number}/opinion/", {"helped": "no"})
    assert Opinion.objects.get().answered_at is None


def test_the_mail_is_left_out_when_the_question_has_fallen_away(closed, owner, mailbox):
    reply(closed, by=owner, text="It came back.")
    assert not [letter for letter in mailbox(owner.email) if "Did we help?" in letter.subject]


def test_whoever_switched_it_off_gets_no_mail(answered, support, owner):
    owner.muted = ["opinion_asked"]
    owner.save()
    opinions.close_and_ask(answered, by=support)
    assert not Outbox.objects.filter(letter="opinion_asked").exists()


def test_support_reads_it_beside_the_thread(client_of, closed, support):
    opinions.answer(Opinion.objects.get(), helped=False, sentence="Nobody <called>.")
    page = client_of(support).get(f"/desk/{closed.number}/").content.decode()
    assert "The customer says that we did not help." in page and "Nobody &lt;called&gt;." in page
