"""Writing to support without signing in (M23): first the address is confirmed, and nobody learns whom we know."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.limits import Limit
from accounts.models import LimitCounter, Membership, Outbox
from tests.accounts.reading import link_in, misread
from tests.cast import ENGLISH, member, signed_in
from tests.together import meeting
from tickets import contact, jobs, limits
from tickets.conversation import Outside, answer, open_ticket
from tickets.forms import contact as forms
from tickets.models import Category, ContactRequest, Message, Ticket

pytestmark = pytest.mark.django_db

PAGE = "/contact/"
CONFIRM = "/contact/confirm/"
SENT_WORDS = "We have sent a mail to the address you gave."
TYPED = {
    "name": "Zofia Zapominalska",
    "email": "zofia@elsewhere.example",
    "account": "anna",
    "text": "I lost my phone and my mailbox.",
}


def stamp_of(page):
    return re.search(r'name="stamp" value="([^"]+)"', page.content.decode())[1]


@pytest.fixture
def form(provider, category):
    """`form(**typed)` is what a person sends who opened the page ten seconds ago."""

    def form(browser=None, **typed):
        with time_machine.travel(timezone.now() - timedelta(seconds=10)):
            page = (browser or Client(headers=ENGLISH)).get(PAGE)
        return TYPED | {"category": category.pk, "stamp": stamp_of(page)} | typed

    return form


@pytest.fixture
def send(form, anonymous):
    """`send(**typed)` fills the form in, sends it and returns the page at the end."""
    return lambda **typed: anonymous.post(PAGE, form(**typed), follow=True)


@pytest.fixture
def link(send, mailbox):
    """The link in the mail about a message that was sent."""
    send()
    return link_in(mailbox(TYPED["email"])[-1])


def confirm(link, browser=None):
    """Opens the link and presses the button."""
    browser = browser or Client(headers=ENGLISH)
    browser.get(link)
    return browser.post(CONFIRM, follow=True)


def test_the_form_is_found_where_somebody_needs_it(anonymous, provider, customer):
    for address in ("/sign-in/", "/forgotten/sent/"):
        assert f'href="{PAGE}"' in anonymous.get(address).content.decode()


@pytest.mark.parametrize("state", ["blocked", "closed"])
def test_who_is_shut_out_is_led_to_it(owner, customer, state, rf, provider):
    from accounts.views.signin import arrive

    if state == "blocked":
        owner.blocked_at = timezone.now()
    else:
        customer.closed_at = timezone.now()
        customer.save()
    request = rf.post("/sign-in/code/")
    request.session, request.user = Client().session, owner
    assert f'href="{PAGE}"' in arrive(request, owner, "mail", "/").content.decode()


def test_support_reads_it_once_the_address_is_confirmed(send, category, support, mailbox):
    page = send()
    assert page.redirect_chain == [("/contact/sent/", 302)] and SENT_WORDS in page.content.decode()
    assert TYPED["email"] not in page.content.decode()
    desk = signed_in(support)
    assert not Ticket.objects.exists() and "Zofia" not in desk.get("/desk/").content.decode()

    browser = Client(headers=ENGLISH)
    page = browser.get(link_in(mailbox(TYPED["email"])[-1]), follow=True)
    assert page.redirect_chain == [(CONFIRM, 302)]
    assert not Ticket.objects.exists(), "opening the link uses nothing up"
    page = browser.post(CONFIRM, follow=True)
    ticket = Ticket.objects.get()
    assert f"its case number is {ticket.number}" in page.content.decode()

    assert (ticket.customer, ticket.category, ticket.sender_email) == (None, category, TYPED["email"])
    message = ticket.messages.get()
    assert (message.origin, message.is_verified, message.author) == (Message.Origin.FORM, True, None)
    assert (message.author_name, message.signed_in_as) == (TYPED["name"], None)
    page = desk.get(f"/desk/{ticket.number}/").content.decode()
    for words in [TYPED["name"], TYPED["text"], "Login or customer number: anna", "not known yet"]:
        assert words in page
    assert ticket.subject == "From the contact form: Technical matters"
    assert not ContactRequest.objects.exists(), "what was confirmed lies here once"


def test_the_answer_goes_to_the_confirmed_address(link, support, mailbox):
    confirm(link)
    answer(Ticket.objects.get(), by=support, text="Here is how.")
    _asked, opened, answered = mailbox(TYPED["email"])
    assert Ticket.objects.get().number in opened.subject and "Here is how." in answered.body


def test_the_mail_carries_nothing_that_was_typed(send, mailbox):
    """Whoever names a stranger's address cannot make us write the stranger anything."""
    send(name="Buy at evil.example", account="Cheap pills", text="Click http://evil.example/")
    letter = mailbox(TYPED["email"])[-1]
    everything = letter.subject + letter.body + letter.alternatives[0][0] + str(letter.message())
    for words in ["evil", "Buy", "pills", "Click", "Technical matters"]:
        assert words not in everything
    assert letter.subject == "Confirm your message to Example Hosting"
    assert "/contact/" in letter.body and "48 hours" in letter.body
    assert Outbox.objects.get().ids == {"request": ContactRequest.objects.get().pk}


def test_nor_does_the_page_behind_its_link(link):
    browser = Client(headers=ENGLISH)
    page = browser.get(link, follow=True).content.decode()
    assert "Confirm it only if you wrote it." in page
    assert not any(words in page for words in TYPED.values())


def test_in_polish_the_mail_and_the_thread_are_polish(form, mailbox, support, category):
    polish = Client(headers={"Accept-Language": "pl"})
    polish.post(PAGE, form(polish))
    letter = mailbox(TYPED["email"])[-1]
    assert letter.subject == "Potwierdź swoją wiadomość – Example Hosting"
    confirm(link_in(letter))
    assert Ticket.objects.get().subject == "Z formularza kontaktowego: Sprawy techniczne"


# Who has the address or login that is typed.
MEANT = {
    "nobody": "nobody@elsewhere.example",
    "customer": "anna@example.com",
    "capitals": "ANNA@example.com",
    "blocked": "adam@example.com",
    "invited": "stefan@example.com",
    "contact": "tech@garden.example",
    "staff": "sylwia@example.com",
}


@pytest.fixture
def everybody(owner, administrative, standard, contact, support):
    administrative.blocked_at = timezone.now()
    administrative.save()
    standard.activated_at = None
    standard.save()


def answers_to_everybody(form):
    """(page, status, statements without their values) of a message sent in the name of each."""
    seen = []
    for number, email in enumerate(MEANT.values()):
        browser = Client(headers=ENGLISH, REMOTE_ADDR=f"203.0.113.{number}")
        sent = form(browser, email=email, account=email.partition("@")[0])
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post(PAGE, sent, follow=True)
        statements = [re.findall(r"^\w+|(?:accounts|tickets)_\w+", query["sql"].strip()) for query in queries]
        page = re.sub(r'(nonce|value)="[^"]+"', "", answer.content.decode())
        seen.append((page, answer.status_code, statements))
    return seen


def test_everybody_gets_the_same_whoever_is_meant(everybody, form):
    """The same page, by the same statements, and a mail of the same kind: nothing looks the address up."""
    seen = answers_to_everybody(form)
    assert seen == [seen[0]] * len(seen)
    asked = {name for statement in seen[0][2] for name in statement}
    assert "tickets_contactrequest" in asked
    assert not asked & {"accounts_user", "accounts_contact", "accounts_customer", "accounts_membership"}
    letters = Outbox.objects.order_by("letter").values_list("letter", "user", "language").distinct()
    assert list(letters) == [("contact_request", None, "en")]
    assert {row.address for row in Outbox.objects.all()} == set(MEANT.values())


def test_a_form_that_looked_the_address_up_would_be_noticed(everybody, form, monkeypatch):
    """The negative control: a mail to people we know only."""
    real = contact.ask

    def to_people_we_know(*, email, **more):
        if Membership.objects.filter(user__email=email).exists():
            real(email=email, **more)

    monkeypatch.setattr(contact, "ask", to_people_we_know)
    seen = answers_to_everybody(form)
    assert any(one != seen[0] for one in seen)


@pytest.mark.parametrize(("seconds", "works"), [(48 * 3600 - 1, True), (48 * 3600 + 1, False)])
def test_the_link_lives_48_hours_and_then_everything_is_erased(link, seconds, works):
    early, written_at = Client(headers=ENGLISH), ContactRequest.objects.get().created_at
    with time_machine.travel(written_at + timedelta(hours=47)):
        early.get(link)
    with time_machine.travel(written_at + timedelta(seconds=seconds), tick=False):
        assert Client(headers=ENGLISH).get(link).status_code == (302 if works else 410)
        assert early.get(CONFIRM).status_code == (200 if works else 410)
        jobs.forget_unconfirmed_messages.call()
        assert ContactRequest.objects.exists() == works
        assert early.post(CONFIRM).status_code == (302 if works else 410)
    assert Ticket.objects.exists() == works


def test_a_mail_that_waited_too_long_is_not_sent(send, mailbox):
    send()
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        assert mailbox(TYPED["email"]) == []
    assert Outbox.objects.get().state == "dropped"


def test_scanners_use_nothing_up_and_the_secret_leaves_the_address(link):
    for number in range(10):
        scanner = Client(headers={"User-Agent": f"scanner {number}"})
        scanner.get(link, follow=True)
        scanner.head(link)
        assert scanner.post(link).status_code == 405
    browser = Client(headers=ENGLISH)
    page = browser.get(link)
    assert (page.status_code, page["Location"]) == (302, CONFIRM)
    assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]
    assert browser.post(CONFIRM).status_code == 302


def test_it_works_once(link):
    confirm(link)
    browser = Client(headers=ENGLISH)
    assert browser.get(link).status_code == 410
    assert browser.post(CONFIRM).status_code == 410
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("part", ["selector", "mac"])
def test_a_changed_letter_opens_nothing(link, part):
    head, _slash, mac = link.rstrip("/").rpartition("/")
    wrong = f"{misread(head)}/{mac}/" if part == "selector" else f"{head}/{misread(mac)}/"
    assert Client().get(wrong).status_code == 410


def test_the_secret_is_nowhere_in_the_database_nor_in_the_log(link, caplog):
    from panel.logs import WithoutSecrets

    secret = link.rstrip("/").rpartition("/")[2]
    rows = [*ContactRequest.objects.values(), *Outbox.objects.values()]
    assert len(rows) == 2 and secret not in str(rows)
    line = logging.makeLogRecord({"msg": f"Forbidden: {link}"})
    assert secret not in WithoutSecrets().format(line)


def test_the_link_of_another_row_does_not_fit(send, form, anonymous, mailbox):
    send()
    anonymous.post(PAGE, form(email="other@elsewhere.example"))
    mine, other = (link_in(mailbox(address)[-1]) for address in (TYPED["email"], "other@elsewhere.example"))
    mixed = "/".join([*mine.split("/")[:-2], *other.split("/")[-2:]])
    assert Client().get(mixed).status_code == 410


def test_a_mistake_is_said_beside_the_field_and_what_was_typed_stays(form, anonymous):
    page = anonymous.post(PAGE, form(email="zofia", category="")).content.decode()
    assert "Enter a valid email address." in page and "This field is required." in page
    for words in ("Zofia Zapominalska", "anna", "I lost my phone"):
        assert words in page
    assert not ContactRequest.objects.exists() and not Outbox.objects.exists()


def test_a_machine_is_asked_once_more_and_a_person_loses_nothing(form, anonymous):
    """Whoever fills in what nobody sees, or is faster than anybody types."""
    page = anonymous.post(PAGE, form(homepage="http://evil.example"))
    assert "send it once more" in page.content.decode() and "evil" not in page.content.decode()
    assert TYPED["text"] in page.content.decode()

    quick = form() | {"stamp": stamp_of(anonymous.get(PAGE))}
    page = anonymous.post(PAGE, quick)
    assert "send it once more" in page.content.decode()
    assert stamp_of(page) == quick["stamp"], "a moment later the same stamp is old enough"
    assert not ContactRequest.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=limits.QUICKEST_SECONDS + 2)):
        assert anonymous.post(PAGE, quick).status_code == 302
    assert ContactRequest.objects.count() == 1


@pytest.mark.parametrize("stamp", ["", "made-up", "a:1vABCD:forged"])
def test_without_a_stamp_of_ours_it_is_asked_again_with_one(form, anonymous, stamp):
    page = anonymous.post(PAGE, form(stamp=stamp))
    assert "send it once more" in page.content.decode() and not ContactRequest.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        assert anonymous.post(PAGE, form(stamp=stamp_of(page))).status_code == 302


def test_the_same_form_sent_twice_comes_once(form, anonymous, mailbox):
    sent = form()
    assert [anonymous.post(PAGE, sent).status_code for _time in range(5)] == [302] * 5
    assert ContactRequest.objects.count() == 1
    assert len(mailbox(TYPED["email"])) == 1
    assert LimitCounter.objects.get(name="contact-ip").count == 1, "a second press costs nothing"


def test_one_address_gets_three_mails_an_hour_and_ten_a_day(send, form, anonymous, mailbox):
    def sent(times, **typed):
        return [anonymous.post(PAGE, form(**typed)).status_code for _time in range(times)]

    assert sent(4) == [302, 302, 302, 200]
    page = anonymous.post(PAGE, form(email="ZOFIA@elsewhere.example")).content.decode()
    assert "Too many messages" in page and TYPED["text"] in page
    total = 3
    for hour in range(1, 6):
        with time_machine.travel(timezone.now() + timedelta(hours=hour, minutes=1)):
            total += sent(4).count(302)
    assert total == 10
    assert Outbox.objects.filter(letter="contact_request").count() == 10


def test_one_computer_sends_ten_an_hour(form, anonymous):
    answers = [anonymous.post(PAGE, form(email=f"z{number}@elsewhere.example")).status_code for number in range(11)]
    assert answers == [302] * 10 + [200]
    elsewhere = Client(headers=ENGLISH, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post(PAGE, form()).status_code == 302


def test_a_flood_from_everywhere_is_an_alarm(form, monkeypatch, caplog):
    monkeypatch.setattr(limits, "CONTACT_ALL", Limit("test-contact-all", 2, 3600))
    for number in range(3):
        browser = Client(headers=ENGLISH, REMOTE_ADDR=f"203.0.113.{number}")
        assert browser.post(PAGE, form(email=f"z{number}@elsewhere.example")).status_code == 302
    assert [record.levelname for record in caplog.records if "test-contact-all" in record.getMessage()] == ["CRITICAL"]


@pytest.mark.parametrize(("field", "length"), [("name", 151), ("account", 151), ("text", 10_001)])
def test_how_long_it_may_be(form, anonymous, field, length):
    assert anonymous.post(PAGE, form(**{field: "x" * length})).status_code == 200
    assert anonymous.post(PAGE, form(**{field: "x" * (length - 1)})).status_code == 302


def test_what_hides_or_turns_words_round_is_left_out_of_the_name(send):
    send(name="Zofia\u202e\u200b\nMaj", account="an\u202ena")
    row = ContactRequest.objects.get()
    assert (row.name, row.account) == ("Zofia Maj", "anna")


def test_a_category_that_is_not_offered_or_goes_meanwhile(form, anonymous, category, mailbox):
    hidden = Category.objects.create(name_pl="Stare", name_en="Old", is_active=False)
    assert anonymous.post(PAGE, form(category=hidden.pk)).status_code == 200
    extra = Category.objects.create(name_pl="Nowe", name_en="New", position=9)
    anonymous.post(PAGE, form(category=extra.pk))
    extra.delete()
    confirm(link_in(mailbox(TYPED["email"])[-1]))
    assert Ticket.objects.get().category == category


# --- Whose it may be: the confirmed address is a hint for support, and no power for the writer.


def confirmed(form, mailbox, email):
    Client(headers=ENGLISH).post(PAGE, form(email=email, account=""))
    confirm(link_in(mailbox(email)[-1]))
    return Ticket.objects.get(sender_email=email)


def test_the_address_of_a_customers_person_gives_the_writer_nothing(form, mailbox, owner, customer, contact):
    for email in (owner.email, contact.email):
        ticket = confirmed(form, mailbox, email)
        assert ticket.customer is None and ticket.opened_by is None
        assert ticket.number not in signed_in(owner).get("/messages/").content.decode()
        assert signed_in(owner).get(f"/messages/{ticket.number}/").status_code == 404


def test_support_is_told_the_customers_number_and_no_more(form, mailbox, owner, customer, contact, stranger, support):
    Membership.objects.create(user=owner, customer=stranger.membership.customer, role="administrative")
    page = signed_in(support).get(f"/desk/{confirmed(form, mailbox, owner.email).number}/").content.decode()
    assert "customer numbers 1000001, 2000002" in page
    for words in ("Anna Owner", "Ogrody Anny", "Obcy", "Hosting Garden", "Tomasz", "Owner"):
        assert words not in page
    page = signed_in(support).get(f"/desk/{confirmed(form, mailbox, contact.email).number}/").content.decode()
    assert "customer number 1000001" in page and "Tomasz" not in page


def test_who_was_invited_and_has_not_accepted_is_not_known(form, mailbox, standard, support):
    Membership.objects.filter(pk=standard.membership.pk).update(accepted_at=None, blocked_at=timezone.now())
    page = signed_in(support).get(f"/desk/{confirmed(form, mailbox, standard.email).number}/").content.decode()
    assert "Address known at" not in page


def test_an_address_nobody_vouches_for_is_no_hint(owner, category, support):
    """Anybody may put it into a From line: then the number would be told to whoever asks."""
    words = {"name": "Anna", "email": owner.email, "origin": Message.Origin.MAIL}
    for proved in (False, True):
        outside = Outside(**words, is_verified=proved)
        ticket = open_ticket(outside=outside, customer=None, category=category, subject="S", text="T")
        page = signed_in(support).get(f"/desk/{ticket.number}/").content.decode()
        assert ("Address known at" in page) == proved


def test_of_two_addresses_that_only_capitals_make_one_each_is_its_own(form, mailbox, customer, support):
    """For the database "mıke" and "mike" may be the same; they are two people."""
    mike = member(customer, "mike", "Mike", "standard")
    ticket = confirmed(form, mailbox, "mike@example.com")
    mike.email = "mıke@example.com"
    mike.save()
    assert "Address known at" not in signed_in(support).get(f"/desk/{ticket.number}/").content.decode()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_confirmed_eight_times_at_once_it_is_one_thread(link, together):
    browsers = [Client(headers=ENGLISH) for _number in range(8)]
    for browser in browsers:
        browser.get(link)
    pages = together(8, lambda number: browsers[number].post(CONFIRM))
    assert sorted(page.status_code for page in pages) == [302] + [410] * 7
    assert Ticket.objects.count() == Message.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_confirmations_would_be_two_threads(link, together, monkeypatch):
    """The negative control: both have found what is to be confirmed before either takes it away."""
    both_found, delete, pk = meeting(), ContactRequest.delete, ContactRequest.objects.get().pk
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows.all())
    monkeypatch.setattr(ContactRequest, "delete", lambda row: both_found() or delete(row))
    together(2, lambda number: contact.confirm(pk))
    assert Ticket.objects.count() == 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_form_sent_eight_times_at_once_is_one_mail(form, together):
    sent = form()
    pages = together(8, lambda number: Client(headers=ENGLISH).post(PAGE, sent))
    assert {page.status_code for page in pages} <= {200, 302}
    assert ContactRequest.objects.count() == Outbox.objects.count() == 1


def test_the_stamp_is_signed_for_this_form_only(form, anonymous):
    from django.core.signing import TimestampSigner

    with time_machine.travel(timezone.now() - timedelta(seconds=10)):
        other = TimestampSigner(salt="another page").sign("x" * 22)
    assert anonymous.post(PAGE, form(stamp=other)).status_code == 200
    assert forms.SIGNER.salt != TimestampSigner().salt


def test_an_address_too_long_for_any_mail_is_refused_beside_its_field(form, anonymous):
    page = anonymous.post(PAGE, form(email=f"{'a' * 200}@{'b' * 60}.example"))
    assert "at most 254 characters" in page.content.decode()
    assert not ContactRequest.objects.exists()
