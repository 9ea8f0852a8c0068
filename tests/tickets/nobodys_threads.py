"""A thread of nobody's: words from an address that is no customer's, before support knows whose it is."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.cast import signed_in
from tickets.conversation import Outside, answer, open_ticket, reply
from tickets.models import Message

pytestmark = pytest.mark.django_db

ZOFIA = Outside(name="Zofia", email="zofia@elsewhere.example", origin=Message.Origin.MAIL, quoted="> Earlier words")


@pytest.fixture
def letter(category):
    return open_ticket(outside=ZOFIA, customer=None, category=category, subject="Lost access", text="Please help.")


def test_support_sees_who_wrote_that_nobody_vouches_for_them_and_what_was_quoted(letter, support):
    client = signed_in(support)
    assert "Zofia" in client.get(reverse("tickets:desk")).content.decode()
    page = client.get(reverse("tickets:desk_thread", args=[letter.number])).content.decode()
    for words in ["zofia@elsewhere.example", "Unverified sender", "not known yet", "Quoted text", "Earlier words"]:
        assert words in page


def test_what_a_known_person_wrote_in_the_panel_is_not_called_unverified(ticket, owner, support):
    for client, address in [(signed_in(owner), "tickets:thread"), (signed_in(support), "tickets:desk_thread")]:
        page = client.get(reverse(address, args=[ticket.number])).content.decode()
        assert "Since Monday." in page and "Unverified sender" not in page and "Quoted text" not in page


def test_the_confirmation_and_the_answer_go_to_the_address_it_came_from(letter, support, mailbox):
    answer(letter, by=support, text="Here is how.")
    first, second = mailbox(ZOFIA.email)
    assert letter.number in first.subject
    assert "Here is how." in second.body
    assert "/messages/" not in first.body + second.body + first.alternatives[0][0] + second.alternatives[0][0]


def test_no_customer_sees_it(letter, owner, stranger):
    for person in (owner, stranger):
        client = signed_in(person)
        assert letter.number not in client.get(reverse("tickets:list")).content.decode()
        assert client.get(reverse("tickets:thread", args=[letter.number])).status_code == 404


def test_another_mail_of_theirs_puts_it_back_into_the_queue(letter, support):
    answer(letter, by=support, text="Here is how.")
    reply(letter, outside=ZOFIA, text="Thank you.")
    letter.refresh_from_db()
    assert letter.status == letter.Status.OPEN
    last = letter.messages.last()
    assert (last.author_name, last.author, last.is_verified) == ("Zofia", None, False)


@pytest.mark.parametrize("language", ["pl", "en"])
def test_they_are_written_to_in_their_own_language_not_in_that_of_support(category, support, mailbox, language):
    form = Outside(name="Zofia", email=ZOFIA.email, origin=Message.Origin.FORM, is_verified=True, language=language)
    ticket = open_ticket(outside=form, customer=None, category=category, subject="Lost access", text="Please help.")
    with translation.override("pl" if language == "en" else "en"):
        answer(ticket, by=support, text="Here is how.")
    words = {"pl": ["Otrzymaliśmy Twoją wiadomość", "Odpowiedź"], "en": ["We have your message", "Answer"]}[language]
    assert all(word in mail.subject for word, mail in zip(words, mailbox(ZOFIA.email), strict=True))
