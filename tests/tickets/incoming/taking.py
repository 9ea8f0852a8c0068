"""A mail becomes a reply, a new thread, or a refusal with its reason."""

import pytest
from django.urls import reverse

from accounts.models import Outbox
from tests.cast import signed_in
from tests.support.readers import reply_address
from tests.tickets.incoming.conftest import letter, proof
from tickets import giving, known_addresses, limits
from tickets.incoming import take
from tickets.models import IncomingMail, Message, Ticket

pytestmark = pytest.mark.django_db

GENERAL = "support@example.com"


def test_an_answer_by_mail_lands_in_the_thread_as_the_person_who_wrote_it(ticket, owner, answer_address):
    row = take(letter(f"Anna <{owner.email}>", answer_address).as_bytes(), recipients=[answer_address])
    message = ticket.messages.last()
    assert (message.text, message.author, message.is_verified) == ("It works now.", owner, True)
    assert row.message == message and row.state == "taken"
    page = signed_in(owner).get(reverse("tickets:thread", args=[ticket.number])).content.decode()
    assert "It works now." in page and "Unverified" not in page


def test_a_mail_never_counts_as_written_signed_in(ticket, owner, answer_address):
    take(letter(owner.email, answer_address).as_bytes(), recipients=[answer_address])
    assert ticket.messages.last().signed_in_as is None


@pytest.mark.parametrize(
    "words",
    [
        None,
        proof("garden.example", server="mx.attacker.example"),
        proof("garden.example", result="fail"),
        proof("attacker.example"),
        "mx.panel.example; dmarc=none header.from=garden.example",
        "mx.panel.example (dmarc=pass header.from=garden.example); none",
        "mx.panel.example; spf=pass smtp.mailfrom=dmarc=pass@attacker.example; dmarc=fail header.from=garden.example",
        'mx.panel.example; spf=pass smtp.mailfrom="; dmarc=pass header.from=garden.example; "@attacker.example; '
        "dmarc=fail header.from=garden.example",
        "mx.panel.example; dkim=pass header.i=dmarc=pass@attacker.example",
    ],
    ids=[
        *["none", "another server's", "failed", "of another domain", "no policy", "in a comment"],
        *["in the sender", "in a sender within quotes", "in a signature"],
    ],
)
def test_without_the_word_of_our_own_mail_server_it_is_nobody_s(ticket, owner, answer_address, words):
    owner.email = "anna@garden.example"
    owner.save()
    mail = letter(owner.email, answer_address, proved=False)
    if words:
        mail["Authentication-Results"] = words
    take(mail.as_bytes(), recipients=[answer_address])
    message = ticket.messages.last()
    assert (message.author, message.is_verified) == (None, False)


def test_of_two_words_the_upper_one_counts(ticket, owner, answer_address):
    mail = letter(owner.email, answer_address, proved=False)
    domain = owner.email.rpartition("@")[2]
    mail["Authentication-Results"] = proof(domain, result="fail")
    mail["Authentication-Results"] = proof(domain)
    take(mail.as_bytes(), recipients=[answer_address])
    assert not ticket.messages.last().is_verified


def test_somebody_else_s_answer_is_shown_as_unverified(ticket, stranger, answer_address):
    take(letter(stranger.email, answer_address).as_bytes(), recipients=[answer_address])
    message = ticket.messages.last()
    assert (message.author, message.is_verified, message.author_email) == (None, False, stranger.email)


@pytest.mark.parametrize("change", [lambda a: a.replace("reply+", "reply+9"), lambda a: a.replace("-", "-a", 1)])
def test_a_guessed_address_reaches_no_thread(ticket, owner, answer_address, change):
    take(letter(owner.email, change(answer_address)).as_bytes(), recipients=[change(answer_address)])
    assert ticket.messages.count() == 1
    assert Ticket.objects.exclude(pk=ticket.pk).count() == 1


def test_an_address_in_capitals_is_the_same(ticket, owner, answer_address):
    take(letter(owner.email, answer_address.upper()).as_bytes(), recipients=[answer_address.upper()])
    assert ticket.messages.count() == 2


def test_who_lost_the_service_is_no_longer_the_customer_s_in_its_thread(ticket, standard):
    address = reply_address(ticket, user=standard)
    take(letter(standard.email, address, "One").as_bytes(), recipients=[address])
    assert ticket.messages.last().author == standard
    standard.membership.grants.all().delete()
    take(letter(standard.email, address, "Two").as_bytes(), recipients=[address])
    assert (ticket.messages.last().author, ticket.messages.last().is_verified) == (None, False)


def test_the_same_mail_twice_makes_one_message(ticket, owner, answer_address):
    mail = letter(owner.email, answer_address).as_bytes()
    first, second = take(mail, recipients=[answer_address]), take(mail, recipients=[GENERAL])
    assert first == second
    assert ticket.messages.count() == 2


def test_another_mail_under_the_same_message_id_is_not_lost(ticket, owner, answer_address):
    for text in ("One", "Two"):
        mail = letter(owner.email, answer_address, text, message_id="<1@scanner>")
        take(mail.as_bytes(), recipients=[answer_address])
    assert ticket.messages.count() == 3


def test_a_customer_s_mail_begins_a_thread_of_theirs(owner, customer, mailbox):
    take(letter(owner.email, GENERAL, subject="No mail since noon").as_bytes(), recipients=[GENERAL])
    ticket = Ticket.objects.get()
    assert (ticket.customer, ticket.opened_by, ticket.subject) == (customer, owner, "No mail since noon")
    assert ticket.number in mailbox(owner.email)[0].subject


def test_a_contact_person_s_mail_begins_a_thread_of_the_customer_once_support_gave_it_one(contact, customer, support):
    """Anybody's address can be named as a contact person's; what they write to support is no business of the namer."""
    take(letter(contact.email, GENERAL).as_bytes(), recipients=[GENERAL])
    ticket = Ticket.objects.get()
    assert (ticket.customer, known_addresses.customers_of(ticket)) == (None, [customer.number])
    giving.give(ticket, customer, by=support)
    take(letter(contact.email, GENERAL).as_bytes(), recipients=[GENERAL])
    ticket = Ticket.objects.latest("pk")
    assert (ticket.customer, ticket.sender_contact, ticket.opened_by) == (customer, contact, None)


def test_who_names_somebody_s_address_does_not_keep_them_from_their_own_threads(owner, customer, stranger):
    stranger.membership.customer.contacts.create(name="Anna", email=owner.email, kind="technical")
    take(letter(owner.email, GENERAL).as_bytes(), recipients=[GENERAL])
    assert Ticket.objects.get().customer == customer


def test_an_address_of_two_customers_begins_a_thread_of_nobody_s(owner, stranger):
    stranger.email = owner.email
    stranger.save()
    take(letter(owner.email, GENERAL).as_bytes(), recipients=[GENERAL])
    assert Ticket.objects.get().customer is None
    assert Message.objects.get().is_verified


def test_a_standard_sub_user_asks_about_the_one_service_they_have(standard, customer, hosting):
    take(letter(standard.email, GENERAL).as_bytes(), recipients=[GENERAL])
    ticket = Ticket.objects.get()
    assert (ticket.customer, ticket.service, ticket.opened_by) == (customer, hosting, standard)


def test_a_stranger_s_mail_is_nobody_s_and_confirmed_a_few_times_only(mailbox):
    for number in range(limits.CONFIRMATIONS.most + 1):
        take(letter("zofia@elsewhere.example", GENERAL, f"Help {number}").as_bytes(), recipients=[GENERAL])
    assert set(Ticket.objects.values_list("customer", flat=True)) == {None}
    assert len(mailbox("zofia@elsewhere.example")) == limits.CONFIRMATIONS.most


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto-Submitted": "auto-replied"}, "automatic"),
        ({"Precedence": "bulk"}, "automatic"),
        ({"List-Id": "<news.example>"}, "automatic"),
    ],
)
def test_automatic_answers_and_lists_are_refused_and_answered_by_nothing(
    ticket, owner, answer_address, mailbox, headers, reason
):
    before = len(mailbox(owner.email))
    row = take(letter(owner.email, answer_address, **headers).as_bytes(), recipients=[answer_address])
    assert (row.state, row.reason, row.message) == ("refused", reason, None)
    assert ticket.messages.count() == 1
    assert len(mailbox(owner.email)) == before


def test_a_notice_without_a_sender_is_refused(ticket, owner, answer_address):
    row = take(letter(owner.email, answer_address).as_bytes(), recipients=[answer_address], envelope_from="")
    assert row.reason == "automatic"


def test_what_came_from_the_panel_itself_is_refused(ticket, answer_address):
    assert take(letter(answer_address, answer_address).as_bytes(), recipients=[answer_address]).reason == "loop"


def test_a_blocked_person_s_mail_is_refused(ticket, owner, answer_address, support):
    owner.blocked_at = ticket.created_at
    owner.save()
    assert take(letter(owner.email, answer_address).as_bytes(), recipients=[answer_address]).reason == "blocked"
    assert ticket.messages.count() == 1


def test_a_closed_customer_s_threads_take_no_mail(ticket, owner, customer, answer_address):
    customer.closed_at = ticket.created_at
    customer.save()
    row = take(letter("zofia@elsewhere.example", answer_address).as_bytes(), recipients=[answer_address])
    assert row.reason == "blocked"


def test_a_flood_is_refused_and_kept_for_support_to_see():
    mails = [letter("zofia@elsewhere.example", GENERAL, f"Help {n}").as_bytes() for n in range(21)]
    rows = [take(mail, recipients=[GENERAL]) for mail in mails]
    assert [row.reason for row in rows] == [""] * 20 + ["too_many"]
    with rows[-1].raw.open() as kept:
        assert kept.read() == mails[-1]


def test_who_is_vouched_for_is_not_shut_out_by_others_under_their_address():
    first = take(letter("zofia@elsewhere.example", GENERAL).as_bytes(), recipients=[GENERAL])
    ticket = first.message.ticket
    address = reply_address(ticket, address=ticket.sender_email)
    for number in range(limits.MAILS_OF_STRANGERS.most):
        take(letter(ticket.sender_email, GENERAL, f"Spam {number}", proved=False).as_bytes(), recipients=[GENERAL])
    assert take(letter(ticket.sender_email, address).as_bytes(), recipients=[address]).message.ticket == ticket


def test_a_flood_of_others_in_a_customer_s_thread_is_refused_as_early(answer_address):
    mails = [letter("zofia@elsewhere.example", answer_address, f"Spam {n}").as_bytes() for n in range(21)]
    rows = [take(mail, recipients=[answer_address]) for mail in mails]
    assert [row.reason for row in rows] == [""] * 20 + ["too_many"]


def test_a_sender_and_a_subject_in_letters_of_their_own_are_read():
    raw = "From: Żółta Łódź <zofia@żółw.example>\nSubject: Zażółć\nMessage-ID: <1@a.example>\n\nHelp\n".encode()
    ticket = take(raw, recipients=[GENERAL]).message.ticket
    assert (ticket.sender_name, ticket.sender_email) == ("Żółta Łódź", "zofia@żółw.example")
    assert ticket.subject == "Zażółć"


def test_another_spelling_of_an_address_is_no_other_mailbox(provider):
    spelled = ["zofia@żółw.example", "zofia@xn--w-uga1v8h.example"]
    for number in range(limits.CONFIRMATIONS.most * 2):
        raw = f"From: {spelled[number % 2]}\nSubject: Help\n\nHelp {number}\n".encode()
        assert take(raw, recipients=[GENERAL]).message
    assert Outbox.objects.filter(letter="ticket_opened").count() == limits.CONFIRMATIONS.most


def test_a_stranger_s_words_are_sent_to_nobody_whose_address_they_forge(mailbox):
    mail = letter("victim@elsewhere.example", GENERAL, subject="Pay at evil.example", proved=False)
    ticket = take(mail.as_bytes(), recipients=[GENERAL]).message.ticket
    (sent,) = mailbox("victim@elsewhere.example")
    assert ticket.number in sent.subject and ticket.number in sent.body
    assert "evil.example" not in sent.message().as_string()


@pytest.mark.parametrize("sender", [f"{'a' * 200}@{'b' * 60}.example", f"a@{'.'.join(['b' * 60] * 5)}.example"])
def test_an_address_too_long_for_any_mail_is_none(sender):
    row = take(
        letter("zofia@elsewhere.example", GENERAL).as_bytes().replace(b"zofia@elsewhere.example", sender.encode())
    )
    assert (row.state, row.reason) == ("refused", "no_sender")


def test_a_null_character_in_a_recipient_loses_no_mail():
    assert take(letter("zofia@elsewhere.example", GENERAL).as_bytes(), recipients=["a\0b@mail.panel.example"]).message


def test_attachments_come_along_and_what_is_too_much_is_named(ticket, owner, answer_address):
    mail = letter(owner.email, answer_address)
    for number in range(12):
        mail.add_attachment(b"x" * 10, maintype="application", subtype="octet-stream", filename=f"../../{number}.bin")
    take(mail.as_bytes(), recipients=[answer_address])
    message = ticket.messages.last()
    assert [file.name for file in message.attachments.all()] == [f"{n}.bin" for n in range(10)]
    assert message.left_out == ["10.bin", "11.bin"]
    page = signed_in(owner).get(reverse("tickets:thread", args=[ticket.number])).content.decode()
    assert "10.bin, 11.bin" in page


def test_an_empty_file_is_named_among_those_left_out(ticket, owner, answer_address):
    mail = letter(owner.email, answer_address)
    mail.add_attachment(b"", maintype="application", subtype="pdf", filename="scan.pdf")
    take(mail.as_bytes(), recipients=[answer_address])
    assert ticket.messages.last().left_out == ["scan.pdf"]
    page = signed_in(owner).get(reverse("tickets:thread", args=[ticket.number])).content.decode()
    assert "These files came with the mail and could not be kept: scan.pdf" in " ".join(page.split())


def test_a_very_long_text_is_cut_and_comes_whole_as_a_file(ticket, owner, answer_address):
    take(letter(owner.email, answer_address, "word " * 10_000).as_bytes(), recipients=[answer_address])
    message = ticket.messages.last()
    assert len(message.text) <= 20_000
    with message.attachments.get().file.open() as whole:
        assert whole.read().count(b"word") == 10_000


def test_html_only_becomes_plain_words(ticket, owner, answer_address):
    mail = letter(owner.email, answer_address)
    mail.set_content(
        "<style>p{}</style><p>It <b>works</b>.</p><script>alert(1)</script><blockquote>Old</blockquote>",
        subtype="html",
    )
    take(mail.as_bytes(), recipients=[answer_address])
    message = ticket.messages.last()
    assert (message.text, message.quoted) == ("It works.", "> Old")


def test_more_than_a_hundred_parts_are_refused(owner):
    mail = letter(owner.email, GENERAL)
    for number in range(120):
        mail.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=str(number))
    assert take(mail.as_bytes(), recipients=[GENERAL]).reason == "too_many_parts"
    assert not Message.objects.exists()


def test_bytes_that_are_no_mail_are_kept(db):
    row = take(bytes(range(256)) * 10, recipients=[GENERAL])
    assert row.state == "refused"
    assert IncomingMail.objects.get().raw
