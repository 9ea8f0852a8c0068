"""Many write in one thread at the same moment, by page and by mail: nothing is lost, doubled or out of order."""

from dataclasses import dataclass
from threading import Event as Signal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models

from accounts.keys import new_selector
from accounts.models import Event, Outbox
from tests.cast import signed_in
from tests.support.readers import reply_address
from tests.tickets.incoming.conftest import letter
from tests.together import LONGEST_WAIT_SECONDS
from tickets import conversation
from tickets.conversation import Outside, answer, open_ticket, reply
from tickets.incoming import take, taking
from tickets.models import Attachment, IncomingMail, Message, ReadMark, Ticket

# Threads at a time, each with a connection of its own: as many as a whole panel has.
AT_ONCE = 40 if connection.vendor == "postgresql" else 6
# What each of them sends one after another. On SQLite writers queue anyway.
EACH = 6 if connection.vendor == "postgresql" else 2
# Anybody's last message is older than this.
LATER = 10**12


@dataclass(frozen=True)
class Sending:
    """One thing that is sent: its text, and the call that sends it."""

    text: str
    call: callable
    is_staff: bool = False


@pytest.fixture
def writers(owner, administrative, standard):
    return [owner, administrative, standard]


@pytest.fixture
def by_page(ticket):
    """`by_page(person, text)` sends a reply from the page of the thread."""

    def by_page(person, text, **more):
        browser, form = signed_in(person), {"text": text, "key": new_selector()} | more
        return Sending(text, lambda: browser.post(f"/messages/{ticket.number}/reply/", form).status_code)

    return by_page


@pytest.fixture
def by_mail(ticket):
    """`by_mail(person, text)` answers by mail."""

    def by_mail(person, text):
        address = reply_address(ticket, user=person)
        raw = letter(person.email, address, text, message_id=f"<{new_selector()}@mail.example>").as_bytes()
        return Sending(text, lambda: take(raw, recipients=[address]).state)

    return by_mail


@pytest.fixture
def by_staff(ticket, support):
    """`by_staff(text)` answers at the desk, whoever wrote meanwhile."""

    def by_staff(text, **more):
        browser, form = signed_in(support), {"text": text, "key": new_selector(), "last_seen": LATER} | more
        return Sending(text, lambda: browser.post(f"/desk/{ticket.number}/reply/", form).status_code, is_staff=True)

    return by_staff


@pytest.fixture
def everything(writers, by_page, by_mail, by_staff):
    """Half of all sendings by page, a third by mail, a sixth by support, mixed."""
    made = []
    for number in range(AT_ONCE * EACH):
        person = writers[number // 6 % len(writers)]
        if number % 6 < 3:
            made.append(by_page(person, f"page {number}"))
        elif number % 6 < 5:
            made.append(by_mail(person, f"mail {number}"))
        else:
            made.append(by_staff(f"staff {number}"))
    return made


def send(together, sendings):
    """Sends all, AT_ONCE at a time; returns every answer."""
    hands = min(AT_ONCE, len(sendings))
    answers = together(hands, lambda i: [sending.call() for sending in sendings[i::hands]])
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    return [one for answer in answers for one in answer]


def assert_in_order(ticket):
    """By number as by time, and whose turn it is as the last message says."""
    written = list(ticket.messages.order_by("pk").values_list("created_at", "is_staff"))
    assert [at for at, _staff in written] == sorted(at for at, _staff in written)
    ticket.refresh_from_db()
    assert ticket.updated_at == written[-1][0]
    assert ticket.status == (Ticket.Status.ANSWERED if written[-1][1] else Ticket.Status.OPEN)
    answers = [at for at, is_staff in written if is_staff]
    assert ticket.last_staff_message_at == (answers[-1] if answers else None)


@pytest.mark.django_db(transaction=True)
def test_everything_that_is_sent_at_once_is_there_once_and_in_order(together, ticket, owner, contact, everything):
    Ticket.objects.filter(pk=ticket.pk).update(sender_contact=contact)
    assert set(send(together, everything)) == {302, "taken"}
    there = list(ticket.messages.exclude(text="Since Monday.").values_list("text", flat=True))
    assert sorted(there) == sorted(sending.text for sending in everything)
    assert_in_order(ticket)

    answers = [sending for sending in everything if sending.is_staff]
    letters = Outbox.objects.filter(letter="ticket_answered").values_list("ids", "address")
    told = {(ids["message"], address) for ids, address in letters}
    assert len(told) == len(letters), "one a reader"
    answered = ticket.messages.filter(is_staff=True).values_list("pk", flat=True)
    assert len(answered) == len(answers)
    assert {(pk, address) for pk in answered for address in (owner.email, contact.email)} <= told
    written = Event.objects.filter(action__in=["ticket_replied", "ticket_answered"])
    assert written.count() == len(everything)
    assert IncomingMail.objects.filter(state="taken").count() == sum("mail" in sending.text for sending in everything)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_or_mail_sent_many_times_at_once_comes_once(
    together, owner, standard, by_page, by_mail, by_staff
):
    different = [by_page(owner, "From the page."), by_mail(standard, "By mail."), by_staff("From the desk.")]
    answers = send(together, different * (AT_ONCE // 3))
    assert set(answers) == {302, "taken"}, "whoever pressed twice reads that it is sent"
    assert sorted(Message.objects.values_list("text", flat=True)) == sorted(
        ["Since Monday.", *(sending.text for sending in different)]
    )
    told = list(Outbox.objects.filter(letter="ticket_answered").values_list("address", flat=True))
    assert len(told) == len(set(told)), "one a reader"
    assert {owner.email} <= set(told) <= {owner.email, standard.email}, "and who wrote after it is not told of it"
    assert Event.objects.filter(action="ticket_replied").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_new_thread_sent_many_times_at_once_is_one(together, owner, category):
    form = {"category": category.pk, "subject": "Twice", "text": "Twice.", "key": new_selector()}
    browsers = [signed_in(owner) for _number in range(6)]
    answers = together(6, lambda number: browsers[number].post("/messages/new/", form))
    assert {answer["Location"] for answer in answers} == {f"/messages/{Ticket.objects.get().number}/"}
    assert Message.objects.count() == Outbox.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_uploaded_goes_with_the_first(together, owner, ticket, by_page):
    browser = signed_in(owner)
    browser.post("/messages/files/", {"file": SimpleUploadedFile("log.txt", b"words")})
    sending = by_page(owner, "With a file.", attachment=Attachment.objects.get().token)
    assert set(send(together, [sending] * 6)) == {302}
    assert ticket.messages.get(text="With a file.").attachments.get().name == "log.txt"


def test_without_its_key_a_form_is_sent_as_often_as_it_comes(db, ticket, by_page, owner):
    """The negative control of the key, and what scripts of customers may rely on."""
    for _time in range(2):
        by_page(owner, "Again.", key="").call()
    assert ticket.messages.filter(text="Again.").count() == 2


def test_what_is_written_in_the_same_form_afterwards_is_another_message(db, ticket, owner, by_page):
    """A browser that goes back shows the old form with its old key."""
    key = new_selector()
    for text in ("First.", "Second.", "First."):
        by_page(owner, text, key=key).call()
    file = SimpleUploadedFile("log.txt", b"words")
    by_page(owner, "First.", key=key, files=[file]).call()
    assert [row.text for row in ticket.messages.all()] == ["Since Monday.", "First.", "Second.", "First."]
    assert ticket.messages.last().attachments.count() == 1


def test_the_key_of_one_person_says_nothing_about_another(db, ticket, owner, standard, by_page):
    key = new_selector()
    for person in (owner, standard):
        by_page(person, "The same.", key=key).call()
    assert [row.author for row in ticket.messages.filter(text="The same.")] == [owner, standard]


def test_a_second_press_after_an_answer_at_the_desk_is_no_newer_message(db, ticket, support, by_staff):
    """Or else a member of staff would be asked to read the thread again, and send it a second time."""
    form = by_staff("Here is how.", last_seen=ticket.messages.get().pk)
    assert [form.call(), form.call()] == [302, 302]
    assert ticket.messages.filter(is_staff=True).count() == 1


def test_every_page_with_a_form_brings_a_key_of_its_own(db, ticket, owner, support):
    pages = [(owner, "/messages/new/"), (owner, f"/messages/{ticket.number}/"), (support, f"/desk/{ticket.number}/")]
    keys = [signed_in(person).get(address).context["form"]["key"].value() for person, address in pages * 2]
    assert len(set(keys)) == 6 and all(len(key) == 22 for key in keys)


@pytest.fixture
def overtaken(monkeypatch, ticket, owner, support, together):
    """`overtaken()`: support's answer is written, and waits with the status until a reply has been through."""

    def overtaken():
        arrived, through, move = Signal(), Signal(), conversation.move

        def slow(moved, status, *, at):
            if status == Ticket.Status.ANSWERED:
                arrived.set()
                through.wait(LONGEST_WAIT_SECONDS)
            move(moved, status, at=at)

        monkeypatch.setattr(conversation, "move", slow)

        def one(i):
            if i == 0:
                return answer(ticket, by=support, text="Answer.")
            arrived.wait(LONGEST_WAIT_SECONDS)
            reply(ticket, by=owner, text="Question.")
            through.set()

        together(2, one)

    return overtaken


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_reply_waits_until_the_answer_before_it_is_whole(overtaken, ticket):
    overtaken()
    assert_in_order(ticket)
    assert ticket.status == Ticket.Status.OPEN


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_question_would_leave_the_queue(overtaken, ticket, monkeypatch):
    """The negative control of `locked`."""
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **kwargs: rows)
    overtaken()
    with pytest.raises(AssertionError):
        assert_in_order(ticket)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_its_digest_the_same_mail_would_come_many_times(together, ticket, owner, by_mail, monkeypatch):
    """The negative control of the unique key of a mail."""
    monkeypatch.setattr(taking, "keys", lambda mail: [new_selector(), new_selector()])
    send(together, [by_mail(owner, "By mail.")] * 4)
    assert ticket.messages.filter(text="By mail.").count() == 4


@pytest.mark.django_db(transaction=True)
def test_who_reads_while_answers_come_has_read_what_came_last(together, ticket, owner, by_staff):
    """Many tabs and many answers at once: a last look takes the mark away, and no late tab brings it back."""
    tabs = [signed_in(owner) for _number in range(AT_ONCE // 2)]
    looks = [Sending("", lambda tab=tab: tab.get(f"/messages/{ticket.number}/").status_code) for tab in tabs]
    answers = [by_staff(f"Answer {number}.") for number in range(AT_ONCE // 2)]
    sendings = [one for pair in zip(looks, answers, strict=True) for one in pair]
    assert set(send(together, sendings)) == {200, 302}
    signed_in(owner).get(f"/messages/{ticket.number}/")
    ticket.refresh_from_db()
    assert ReadMark.objects.get().read_at == ticket.last_staff_message_at
    assert not Ticket.objects.marked_new_for(owner).get().is_new


def test_a_tab_that_is_behind_takes_no_mark_back(db, ticket, owner, support):
    answer(ticket, by=support, text="One.")
    behind = Ticket.objects.get()
    answer(ticket, by=support, text="Two.")
    Ticket.objects.get().mark_read(user=owner)
    behind.mark_read(user=owner)
    assert not Ticket.objects.marked_new_for(owner).get().is_new


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_in_a_thread_of_nobodys_too(together, category, support):
    zofia = Outside(name="Zofia", email="zofia@elsewhere.example", origin=Message.Origin.MAIL, is_verified=True)
    ticket = open_ticket(outside=zofia, customer=None, category=category, subject="Lost", text="Since Monday.")
    calls = [
        lambda i: reply(ticket, outside=zofia, text=f"mail {i}"),
        lambda i: answer(ticket, by=support, text=f"staff {i}"),
    ]
    answers = together(20, lambda i: calls[i % 2](i).pk)
    assert len(set(answers)) == 20 and ticket.messages.count() == 21
    assert_in_order(ticket)
    assert Outbox.objects.filter(letter="ticket_answered", address=zofia.email).count() == 10
