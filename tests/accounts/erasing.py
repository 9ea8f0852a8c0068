"""What becomes of data after an account is closed: told before, done by the clock, and nothing found afterwards."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import closing, codes, erasing, exports, history, retention, subusers
from accounts.history import Action, record
from accounts.jobs import erase_closed
from accounts.models import (
    Consent,
    Contact,
    Customer,
    Erasure,
    Event,
    Membership,
    Outbox,
    Passkey,
    User,
    VatCheck,
)
from services.models import Service
from tests.cast import PASSWORD, member
from tickets.attachments import keep
from tickets.conversation import open_ticket
from tickets.models import Attachment, Category, Message, Ticket

WARSAW = ZoneInfo("Europe/Warsaw")
CLOSED = datetime(2026, 5, 4, 12, tzinfo=WARSAW)
SOON, CLAIMS = date(2026, 8, 2), date(2029, 12, 31)
# Every word that says whom the data are about.
PERSONAL = [
    "Ogrody",
    "5252344078",
    "Anna",
    "anna",
    "Tomasz",
    "garden.example",
    "Zażółć",
    "Noise",
    "192.0.2.7",
    "Gdańsk",
]


def words_of_the_database():
    """Every text that any row holds, but for what works behind the pages."""
    skipped = {"sessions", "django_tasks_db", "admin", "contenttypes", "auth"}
    found = [model for model in apps.get_models() if model._meta.app_label not in skipped]
    return "\n".join(str(row) for model in found for row in model._base_manager.values_list())


@pytest.fixture
def thread(customer, owner, hosting):
    """A thread with a file."""
    category = Category.objects.create(name_pl="Inne", name_en="Other")
    file = keep(ContentFile(b"the contents", name="letter of Anna.txt"), by=owner)
    return open_ticket(
        by=owner, customer=customer, category=category, subject="Noise", text="Zażółć.", service=hosting, files=[file]
    )


@pytest.fixture
def account(customer, owner, standard, hosting, voip, contact, thread, client_of, run_tasks, mailbox):
    """A customer with something of everything, closed in May."""
    with time_machine.travel(CLOSED, tick=False):
        browser = client_of(owner)
        browser.post("/data/export/", {"current_password": PASSWORD})
        run_tasks()
        customer.street, customer.city = "Lipowa 1", "Gdańsk"
        customer.save()
        hosting.configuration = {"Host": "garden.example"}
        hosting.save()
        VatCheck.objects.create(customer=customer, number="PL5252344078", is_valid=True, name="Ogrody Anny")
        Passkey.objects.create(user=owner, name="Anna's key", credential_id="a2V5", public_key=b"", sign_count=0)
        Consent.objects.create(user=owner, kind="mailing", version="1", text="News.", given_how="page", ip="192.0.2.7")
        codes.generate(owner.membership, by=owner)
        mailbox("anna@example.com")
        closing.close(customer, by=None, reason="Anna asked.")
    return customer


@pytest.fixture
def on():
    """`on(day)` runs the job on that day."""

    def on(day):
        with time_machine.travel(datetime.combine(day, datetime.min.time(), WARSAW) + timedelta(hours=3), tick=False):
            return erasing.run()

    return on


def test_the_owner_reads_what_is_kept_how_long_and_why(client_of, owner, hosting):
    with time_machine.travel(CLOSED - closing.COOLING_OFF, tick=False):
        page = client_of(owner).get("/data/close/").content.decode()
    assert "Erased after 2 August 2026:" in page and "contact persons" in page
    assert "Kept until 31 December 2029, afterwards only without names, addresses and texts:" in page
    assert "your messages and our answers" in page and "art. 118 of the Civil Code" in page
    assert "of people who act for no other customer:" in page
    assert "Tax Ordinance" not in page, "there are no books"


def test_what_is_read_is_what_is_done(account):
    told = "\n".join(thing for part in retention.plan(account, CLOSED.date()) for thing in part.things)
    for fate in retention.find(retention.Term.SOON, retention.Term.PERSON, retention.Term.CLAIMS):
        assert str(fate.words) in told


def test_the_last_mail_says_it_too(account, mailbox):
    [mail] = [mail for mail in mailbox("anna@example.com") if "the account is closed" in mail.subject]
    [line] = [line for line in mail.body.splitlines() if "Erased after 2 August 2026:" in line]
    assert "contact persons" in line
    assert "until 31 December 2029" in mail.body


def test_the_administrator_who_closes_reads_it(client_of, administrator, customer):
    page = client_of(administrator).get(reverse("admin:accounts_customer_close", args=[customer.pk]))
    assert "What becomes of its data" in page.content.decode() and "contact persons" in page.content.decode()


def test_nothing_is_erased_up_to_the_last_day(account, on):
    assert on(SOON) == 0
    assert not Erasure.objects.exists() and Contact.objects.exists()


def test_after_ninety_days_the_account_is_gone_and_the_conversation_stays(account, owner, on):
    [file] = Attachment.objects.all()
    assert on(SOON + timedelta(days=1)) == 1
    for model in (Contact, Membership, Passkey):
        assert not model.objects.exists(), model
    person = User.objects.get(pk=owner.pk)
    assert (person.login, person.email, person.name) == (f"erased:{owner.pk}", "", "")
    assert person.blocked_at and not person.has_usable_password()
    assert Consent.objects.get().ip is None
    assert Service.objects.get(domain="garden.example").configuration == {}
    assert Message.objects.get().text == "Zażółć."
    assert file.file.storage.exists(file.file.name)
    assert Event.objects.filter(action="data_erased", customer_id=account.pk).count() == 1


def test_files_that_were_put_together_go_from_the_disk(account, on):
    [export] = exports.DataExport.objects.all()
    assert export.file.storage.exists(export.file.name)
    on(SOON + timedelta(days=1))
    assert not exports.DataExport.objects.exists()
    assert not export.file.storage.exists(export.file.name)


def test_at_the_end_nothing_says_whom_it_was_about(account, thread, on):
    [file] = Attachment.objects.all()
    events = Event.objects.filter(customer_id=account.pk).count()
    assert all(word in words_of_the_database() for word in PERSONAL), "the control: now it is all there"
    on(CLAIMS + timedelta(days=1))
    text = words_of_the_database()
    assert [word for word in PERSONAL if word in text] == []
    assert Ticket.objects.get().subject == Message.objects.get().text == retention.NOTHING
    assert not Attachment.objects.exists() and not file.file.storage.exists(file.file.name)
    # Two terms are over and written down; of the rest each entry keeps its number, time and action.
    assert Event.objects.filter(customer_id=account.pk).count() == events + 3
    assert VatCheck.objects.count() == 0, "without other books its proof is not needed longer"


def test_without_the_entry_in_the_registry_the_words_would_stay(account, on, monkeypatch):
    """The negative control."""
    left = [fate for fate in retention.FATES if fate.model is not Message]
    monkeypatch.setattr(retention, "FATES", left)
    on(CLAIMS + timedelta(days=1))
    assert "Zażółć" in words_of_the_database()


def test_a_second_run_finds_nothing_to_do(account, on):
    on(CLAIMS + timedelta(days=1))
    before = words_of_the_database()
    assert on(CLAIMS + timedelta(days=2)) == 0
    assert words_of_the_database() == before


def test_who_is_interrupted_goes_on_where_it_stopped(account, on, monkeypatch):
    monkeypatch.setattr(retention, "CHUNK", 1)
    steps, whole = [], erasing.step

    def killed(erasure, fate, key):
        if len(steps) == 4:
            raise SystemExit
        steps.append(fate)
        return whole(erasure, fate, key)

    monkeypatch.setattr(erasing, "step", killed)
    with pytest.raises(SystemExit):
        on(SOON + timedelta(days=1))
    monkeypatch.setattr(erasing, "step", whole)
    assert on(SOON + timedelta(days=2)) >= 1
    assert not Membership.objects.exists() and not Passkey.objects.exists()
    assert not Erasure.objects.filter(finished_at=None).exists()


def test_what_fails_for_one_is_said_and_does_not_hold_up_another(account, stranger, on, monkeypatch):
    other = stranger.membership.customer
    with time_machine.travel(CLOSED, tick=False):
        closing.close(other, by=None)
    whole = erasing.step

    def broken(erasure, fate, key):
        if erasure.customer_id == account.pk:
            raise OSError("no such disk")
        return whole(erasure, fate, key)

    monkeypatch.setattr(erasing, "step", broken)
    assert on(SOON + timedelta(days=1)) == 1
    assert Erasure.objects.get(customer=account).error == "OSError: no such disk"
    assert Erasure.objects.get(customer=other).finished_at
    monkeypatch.setattr(erasing, "step", whole)
    on(SOON + timedelta(days=2))
    assert Erasure.objects.get(customer=account).error == ""


def test_who_acts_for_somebody_else_stays_who_they_are(account, owner, stranger, on):
    Membership.objects.create(user=owner, customer=stranger.membership.customer, role="standard")
    on(CLAIMS + timedelta(days=1))
    person = User.objects.get(pk=owner.pk)
    assert person.login == "anna" and person.is_active
    assert Passkey.objects.filter(user=owner).exists()
    assert Membership.objects.get(user=owner).customer == stranger.membership.customer


def test_other_customers_and_staff_are_untouched(account, stranger, administrator, support, on):
    record(Action.SIGNED_IN, customer=stranger.membership.customer, user=stranger, by=stranger)
    on(CLAIMS + timedelta(days=1))
    for person in (stranger, administrator, support):
        assert User.objects.get(pk=person.pk).login == person.login
    assert Customer.objects.get(number=2000002).name == "Obcy sp. z o.o."
    assert Event.objects.filter(by_name="Olga Other").exists()


def test_a_person_whom_the_last_customer_let_go_is_erased_after_a_while(customer, owner, on):
    with time_machine.travel(CLOSED, tick=False):
        person = member(customer, "zofia", "Zofia Leaves", "standard")
        subusers.remove(person.membership, by=owner, editor=owner.membership)
    assert on(SOON) == 0
    assert on(SOON + timedelta(days=1)) == 1
    assert User.objects.get(pk=person.pk).name == ""
    assert Erasure.objects.get().person_id == person.pk
    assert User.objects.get(pk=owner.pk).login == "anna"


def test_an_account_that_was_opened_again_is_left_alone(account, administrator, on):
    closing.reopen(account, by=administrator)
    assert on(CLAIMS + timedelta(days=1)) == 0
    assert Contact.objects.exists()


def test_what_is_erased_is_not_opened_again(account, client_of, administrator, on):
    on(SOON + timedelta(days=1))
    url = reverse("admin:accounts_customer_close", args=[account.pk])
    page = client_of(administrator).post(url, {}, follow=True).content.decode()
    assert "it cannot be opened again" in page
    assert Customer.objects.get(pk=account.pk).closed_at


def test_opening_again_between_two_steps_stops_it(account, on, monkeypatch):
    whole = erasing.begin

    def opened_meanwhile(customer, term):
        Customer.objects.filter(pk=customer.pk).update(closed_at=None)
        return whole(customer, term)

    monkeypatch.setattr(erasing, "begin", opened_meanwhile)
    assert on(SOON + timedelta(days=1)) == 0
    assert Contact.objects.exists()


def test_nobody_comes_in_as_an_erased_person(account, owner, anonymous, on, mailbox, run_tasks):
    on(SOON + timedelta(days=1))
    sent = Outbox.objects.count()
    login = User.objects.get(pk=owner.pk).login
    page = anonymous.post("/sign-in/", {"login": login, "password": PASSWORD})
    assert "Wrong login or password." in page.content.decode()
    anonymous.post("/forgotten/", {"who": login})
    run_tasks()
    assert Outbox.objects.count() == sent


def test_the_clock_runs_it_and_the_administration_shows_the_figures(account, client_of, administrator):
    with time_machine.travel(datetime.combine(SOON + timedelta(days=1), datetime.min.time(), WARSAW), tick=False):
        erase_closed.func()
        admin = client_of(administrator)
        page = admin.get(reverse("admin:accounts_erasure_changelist")).content.decode()
        assert "1000001" in page and "data of the account" in page
        row = Erasure.objects.get(customer=account)
        page = admin.get(reverse("admin:accounts_erasure_change", args=[row.pk])).content.decode()
    assert "contact persons: 1" in page


def test_the_history_is_still_shut_to_everybody_else(account, on):
    on(CLAIMS + timedelta(days=1))
    with pytest.raises(Exception, match="never changed or deleted"), history.transaction.atomic():
        Event.objects.all().delete()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_opening_again_while_it_begins_is_one_or_the_other(customer, owner, administrator, together):
    long_ago = timezone.now() - timedelta(days=100)
    for _round in range(5):
        Erasure.objects.all().delete()
        Customer.objects.filter(pk=customer.pk).update(closed_at=long_ago)
        fresh = Customer.objects.get(pk=customer.pk)

        def reopen(fresh=fresh):
            try:
                closing.reopen(fresh, by=administrator)
            except closing.Erased:
                return

        def begin(fresh=fresh):
            try:
                erasing.begin(fresh, retention.Term.SOON)
            except erasing.NotDue:
                return

        together(2, lambda number, acts=(reopen, begin): acts[number]())
        is_open = Customer.objects.get(pk=customer.pk).closed_at is None
        assert is_open != Erasure.objects.exists()
    assert connection.vendor == "postgresql"
