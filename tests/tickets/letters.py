"""The mails about messages: what they say, and that they are dropped for who may no longer read."""

from email.utils import parseaddr

import pytest

from accounts.models import Outbox
from tests.support.readers import reply_address
from tickets import reply_addresses
from tickets.conversation import answer, open_ticket, reply
from tickets.incoming.quoting import MARK
from tickets.models import ReplyAddress

pytestmark = pytest.mark.django_db


def test_the_writer_gets_a_confirmation_with_the_case_number(ticket, owner, mailbox):
    letter = mailbox(owner.email)[0]
    assert ticket.number in letter.subject and "Slow pages" in letter.subject
    assert f"/messages/{ticket.number}/" in letter.body
    assert ticket.number in letter.alternatives[0][0]


def test_in_polish_for_who_reads_polish(owner, customer, category, support, mailbox):
    owner.language = "pl"
    owner.save()
    open_ticket(by=owner, customer=customer, category=category, subject="Wolne strony", text="Od wczoraj.")
    assert Outbox.objects.get().language == "pl"
    assert mailbox(owner.email)


def test_text_is_not_turned_into_markup_in_the_plain_part(owner, customer, category, support, mailbox):
    ticket = open_ticket(by=owner, customer=customer, category=category, subject="A & B <c>", text="?")
    answer(ticket, by=support, text='5 > 3 & "so"')
    letter = mailbox(owner.email)[-1]
    assert "A & B <c>" in letter.subject
    assert '5 > 3 & "so"' in letter.body


def test_the_contact_named_as_sender_gets_the_answer(owner, customer, category, contact, support, mailbox):
    ticket = open_ticket(by=owner, customer=customer, category=category, subject="S", text="T", sender=contact)
    answer(ticket, by=support, text="Here it is.")
    assert "Here it is." in mailbox(contact.email)[0].body


def test_a_contact_removed_meanwhile_gets_nothing(owner, customer, category, contact, support, mailbox):
    ticket = open_ticket(by=owner, customer=customer, category=category, subject="S", text="T", sender=contact)
    answer(ticket, by=support, text="Here it is.")
    contact.delete()
    assert mailbox("tech@garden.example") == []
    assert Outbox.objects.get(address="tech@garden.example").state == "dropped"


def test_who_lost_the_service_or_was_blocked_gets_nothing(
    ticket, standard, customer, category, hosting, support, mailbox
):
    mine = open_ticket(by=standard, customer=customer, category=category, service=hosting, subject="S", text="T")
    answer(mine, by=support, text="Secret.")
    standard.membership.grants.all().delete()
    assert mailbox(standard.email) == []


def test_an_answer_finds_its_place_beside_the_earlier_mails_and_says_where_to_answer(ticket, owner, support, mailbox):
    answer(ticket, by=support, text="Try now.")
    answer(ticket, by=support, text="And now?")
    opened, first, second = (letter.message() for letter in mailbox(owner.email))
    assert "References" not in opened and "In-Reply-To" not in opened
    assert first["In-Reply-To"] == opened["Message-ID"]
    assert second["References"].split() == [opened["Message-ID"], first["Message-ID"]]
    address = reply_address(ticket, user=owner)
    assert parseaddr(second["Reply-To"]) == ("Example Hosting", address)


def test_a_mail_that_may_be_answered_begins_with_the_line_and_says_so(ticket, owner, support, mailbox):
    answer(ticket, by=support, text="Try now.")
    for letter in mailbox(owner.email):
        assert letter.body.startswith(f"{MARK}\n")
        seen = letter.alternatives[0][0].partition("<body")[2]
        assert seen.index(MARK) < seen.index("Example Hosting")
    assert "Answer this e-mail or reply in the panel" in letter.body
    assert "Answer this e-mail or reply in the panel" in letter.alternatives[0][0]


def test_the_line_is_in_the_reader_s_language(ticket, owner, support, mailbox):
    owner.language = "pl"
    owner.save()
    answer(ticket, by=support, text="Proszę.")
    assert mailbox(owner.email)[-1].body.startswith("— Odpowiedź napisz powyżej tej linii —\n")


def test_without_a_domain_for_answers_they_go_to_the_provider(ticket, owner, support, mailbox, settings):
    settings.REPLY_DOMAIN = ""
    answer(ticket, by=support, text="Try now.")
    letter = mailbox(owner.email)[-1]
    assert letter.message()["Reply-To"] == "support@example.com"
    assert MARK not in letter.body and "Answer this e-mail" not in letter.body
    assert letter.message()["In-Reply-To"]


def test_everybody_who_wrote_gets_the_answer_in_their_language(ticket, owner, standard, support, mailbox):
    standard.language = "pl"
    standard.save()
    reply(ticket, by=standard, text="Mine too.")
    answer(ticket, by=support, text="Fixed.")
    assert "odpowiada na Twoje zgłoszenie" in mailbox(standard.email)[0].body
    assert mailbox(owner.email)[-1].message()["Reply-To"] != mailbox(standard.email)[0].message()["Reply-To"]


def test_one_mailbox_gets_an_answer_once(ticket, owner, administrative, contact, support, mailbox):
    administrative.email = owner.email.upper()
    administrative.save()
    reply(ticket, by=administrative, text="Mine too.")
    answer(ticket, by=support, text="Fixed.")
    assert Outbox.objects.filter(letter="ticket_answered").count() == 1


def test_who_wrote_and_may_no_longer_read_gets_no_answer(ticket, owner, standard, support, mailbox):
    reply(ticket, by=standard, text="Mine too.")
    standard.membership.grants.all().delete()
    answer(ticket, by=support, text="Secret.")
    assert mailbox(standard.email) == []


def test_the_references_of_a_very_long_thread_stay_short(ticket, owner, support, mailbox):
    for number in range(30):
        answer(ticket, by=support, text=f"Part {number}")
    letters = [letter.message() for letter in mailbox(owner.email)]
    references = letters[-1]["References"].split()
    assert len(references) <= ReplyAddress.MAILS_KEPT
    assert references[0] == letters[0]["Message-ID"] and references[-1] == letters[-2]["Message-ID"]


@pytest.mark.parametrize(
    "planted", ["<a b@c.example>", "<a@b>\r\nBcc: x@y.example", "a@b.example", "<>", "<" + "x" * 300 + ">"]
)
def test_no_message_id_of_others_becomes_anything_but_one(ticket, owner, support, mailbox, planted):
    row = reply_addresses.row_for(ticket, user=owner)
    reply_addresses.remember(row, planted)
    answer(ticket, by=support, text="Here.")
    letter = mailbox(owner.email)[-1].message()
    assert planted not in letter["References"] and letter["Bcc"] is None
