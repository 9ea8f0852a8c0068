"""Closing an account (M9): asked for and taken back, by the clock, by the provider; and every door afterwards."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import addresses, blocking, closing, codes, subusers
from accounts.jobs import close_customers
from accounts.models import Customer, Event, Link, Membership, Outbox, SupportSession, User
from services.models import Service
from tests.accounts.reading import code_in, link_in
from tests.cast import ENGLISH, PASSWORD, user

WEEKS = timedelta(days=14, seconds=1)


@pytest.fixture
def browser(client_of, owner):
    return client_of(owner)


def ask(browser, password=PASSWORD):
    return browser.post("/data/close/", {"current_password": password}, follow=True)


def now(customer):
    return Customer.objects.get(pk=customer.pk)


def test_the_owner_reads_what_happens_and_asks_with_the_password(browser, customer, hosting, voip, mailbox):
    assert "Closing the account" in browser.get("/data/").content.decode()
    page = browser.get("/data/close/").content.decode()
    assert "2 services will end: Hosting Garden (garden.example), Office phone" in page
    assert "Invoices stay valid" in page
    assert "This is not your password." in ask(browser, "Wrong-1234!").content.decode()
    assert now(customer).closing_at is None

    page = ask(browser).content.decode()
    assert "The account will be closed. Until then you can take it back." in page
    assert now(customer).closing_at and now(customer).closed_at is None
    assert "the account will be closed" in mailbox("anna@example.com")[-1].subject
    assert "This account will be closed on" in browser.get("/services/").content.decode()
    assert "The account will be closed on" in browser.get("/history/").content.decode()


def test_it_is_taken_back_within_two_weeks(browser, client_of, customer, administrative, mailbox):
    ask(browser)
    theirs = client_of(administrative)
    told = mailbox("adam@example.com")[-1].body
    # The page that the mail leads an administrative user to, who may not see that of closing.
    [address] = re.findall(rf"^{settings.SITE_URL}(/\S*)$", told, re.MULTILINE)
    assert "Keep the account open" in theirs.get(address).content.decode()
    theirs.post("/data/close/take-back/")
    assert now(customer).closing_at is None
    assert "stays open" in mailbox("anna@example.com")[-1].subject
    with time_machine.travel(timezone.now() + WEEKS):
        assert closing.close_due() == 0
    assert "the closing was taken back" in browser.get("/history/").content.decode()


def test_two_weeks_later_the_clock_closes_it(browser, customer, hosting):
    ask(browser)
    with time_machine.travel(timezone.now() + WEEKS - timedelta(seconds=2)):
        close_customers.func()
        assert now(customer).closed_at is None
    with time_machine.travel(timezone.now() + WEEKS):
        close_customers.func()
        assert now(customer).closed_at
        assert closing.close_due() == 0, "once"
    hosting.refresh_from_db()
    assert hosting.status == Service.Status.ENDED
    assert Event.objects.filter(action="customer_closed").count() == 1


@pytest.mark.parametrize("person", ["administrative", "standard"])
def test_only_the_owner_closes(client_of, customer, request, person):
    theirs = client_of(request.getfixturevalue(person))
    assert ask(theirs).status_code == 403
    assert now(customer).closing_at is None
    assert (theirs.post("/data/close/take-back/").status_code == 403) == (person == "standard")


def test_an_administrator_closes_with_a_reason_and_opens_again(client_of, administrator, customer, owner, mailbox):
    admin = client_of(administrator)
    url = reverse("admin:accounts_customer_close", args=[customer.pk])
    assert url in admin.get(reverse("admin:accounts_customer_change", args=[customer.pk])).content.decode()
    assert "This field is required." in admin.post(url, {"reason": ""}).content.decode()
    admin.post(url, {"reason": "Unpaid since May."})
    assert now(customer).closed_reason == "Unpaid since May."
    assert "the account is closed" in mailbox("anna@example.com")[-1].subject
    admin.post(url, {})
    assert now(customer).closed_at is None
    assert "open again" in mailbox("anna@example.com")[-1].subject
    owner.refresh_from_db()
    assert client_of(owner).get("/services/").status_code == 200


def test_who_may_not_change_customers_closes_none(client_of, customer):
    looker = user("looker", is_staff=True)
    url = reverse("admin:accounts_customer_close", args=[customer.pk])
    assert client_of(looker).post(url, {"reason": "x"}).status_code == 403
    assert now(customer).closed_at is None


@pytest.fixture(params=["closed", "blocked"])
def shut(request, customer, owner, support, mailbox):
    """`shut()` closes the customer or blocks the person, and says which."""

    def shut():
        if request.param == "closed":
            closing.close(customer, by=None, reason="Unpaid since May.")
        else:
            blocking.block_user(owner, by=None, reason="Unpaid since May.")
        return request.param

    return shut


class TestEveryDoor:
    def test_an_old_session(self, browser, shut):
        assert browser.get("/security/").status_code == 200
        shut()
        assert browser.get("/security/").status_code == 302

    def test_signing_in_tells_why_after_both_steps(self, anonymous, owner, shut, mailbox):
        state = shut()
        page = anonymous.post("/sign-in/", {"login": "anna", "password": "Wrong-1234!"}).content.decode()
        assert "Wrong login or password." in page and "Unpaid" not in page
        assert anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD})["Location"] == "/sign-in/code/"
        page = anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
        words = page.content.decode()
        assert page.status_code == 403
        assert "Unpaid since May." in words and "support@example.com" in words
        assert {"closed": "This account is closed", "blocked": "Your access is blocked"}[state] in words
        assert anonymous.get("/").status_code == 302

    def test_a_code_asked_for_before(self, anonymous, owner, shut, mailbox):
        anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD})
        code = code_in(mailbox("anna@example.com")[-1])
        shut()
        anonymous.post("/sign-in/code/", {"code": code})
        assert anonymous.get("/").status_code == 302

    def test_a_forgotten_password(self, owner, shut, run_tasks, mailbox):
        shut()
        told = len(mailbox("anna@example.com"))
        page = Client(headers=ENGLISH).post("/forgotten/", {"who": "anna"}, follow=True)
        run_tasks()
        assert "If we know this login or address" in page.content.decode()
        assert len(mailbox("anna@example.com")) == told

    @pytest.mark.parametrize("purpose", Link.Purpose.values)
    def test_links_of_every_kind(self, anonymous, owner, shut, purpose):
        membership = None
        if purpose == "invitation":
            membership = Membership.objects.create(
                user=owner,
                customer=Customer.objects.create(provider=owner.membership.customer.provider, number=3000003),
                accepted_at=None,
                blocked_at=timezone.now(),
            )
        link = Link.issue(owner, purpose, membership=membership, address="x@example.com" if "email" in purpose else "")
        url = link.url.removeprefix("http://localhost:8000")
        opened = Client(headers=ENGLISH)
        assert opened.get(url).status_code == 302
        state = shut()
        if purpose == "invitation" and state == "closed":
            return  # another customer's door, through which they may come in
        assert anonymous.get(url).status_code == 410
        if purpose != "invitation":
            page = opened.get(f"/link/{purpose}/x/").status_code
            assert page == 410

    def test_the_authorization_code_and_the_call_it_opened(self, owner, support, shut):
        _row, digits = codes.generate(owner.membership, by=owner)
        codes.check(staff=support, caller="anna", code=digits)
        assert SupportSession.open_for(support).exists()
        shut()
        assert not SupportSession.open_for(support).exists()
        with pytest.raises(codes.WrongCode):
            codes.check(staff=support, caller="1000001", code=digits)

    def test_not_me(self, owner, shut, mailbox):
        link = Link.issue(owner, Link.Purpose.NOT_ME)
        shut()
        addresses.was_not_me(Link.objects.get(pk=link.pk))
        assert not Outbox.objects.filter(letter="recovery").exists()

    def test_a_mail_tells_of_it(self, owner, shut, mailbox):
        state = shut()
        assert {"closed": "closed", "blocked": "blocked"}[state] in mailbox("anna@example.com")[-1].subject


def test_who_acts_for_another_customer_too_goes_on_there(browser, owner, customer, stranger):
    Membership.objects.create(user=owner, customer=stranger.membership.customer, role="standard")
    closing.close(customer, by=None)
    page = browser.get("/services/")
    assert page.status_code == 200
    assert page.context["request"].customer == stranger.membership.customer
    assert "Ogrody Anny" not in page.content.decode()


def test_the_second_look_of_the_middleware(browser, owner, customer):
    """A customer closed behind the verb's back shuts the door as well."""
    Customer.objects.filter(pk=customer.pk).update(closed_at=timezone.now())
    assert browser.get("/security/").status_code == 302


def test_without_the_look_at_the_door_a_closed_person_would_come_in(anonymous, owner, customer, mailbox, monkeypatch):
    """The negative control."""
    closing.close(customer, by=None)
    monkeypatch.setattr(User, "is_closed", False)
    anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD})
    anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
    assert anonymous.get("/security/").status_code == 200


def test_invitations_of_a_closed_customer_are_dead(browser, customer, stranger, anonymous, mailbox):
    form = {"login": "olga", "name": "O", "email": "olga@example.com", "language": "en", "role": "standard"}
    browser.post("/users/add/", form)
    link = link_in(mailbox("olga@example.com")[-1])
    closing.close(customer, by=None)
    assert anonymous.get(link).status_code == 410


def test_a_letter_that_waits_is_not_sent_once_the_opposite_happened(customer, owner, mailbox):
    closing.ask(customer, by=owner)
    closing.take_back(customer, by=owner)
    closing.ask(customer, by=owner)
    subjects = [mail.subject for mail in mailbox("anna@example.com")]
    assert not [subject for subject in subjects if "stays open" in subject]
    assert len(subjects) == 2


def test_closed_and_opened_again_before_the_mail_goes(customer, owner, administrator, mailbox):
    closing.close(customer, by=administrator)
    closing.reopen(customer, by=administrator)
    assert ["the account is open again" in mail.subject for mail in mailbox("anna@example.com")] == [True]


def test_mails_about_a_customer_without_a_name_do_not_begin_with_the_number(customer, owner, mailbox):
    Customer.objects.filter(pk=customer.pk).update(name="")
    closing.ask(customer, by=owner)
    mail = mailbox("anna@example.com")[-1]
    assert mail.subject == f"Customer {customer.number}: the account will be closed"
    assert f"the account of customer {customer.number} at" in mail.body


def test_closing_twice_is_harmless(customer, owner, mailbox):
    closing.close(customer, by=None, reason="First.")
    closing.close(now(customer), by=None, reason="Second.")
    assert now(customer).closed_reason == "First."
    assert Event.objects.filter(action="customer_closed").count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_taken_back_while_the_clock_closes_is_one_or_the_other(customer, owner, together):
    for _round in range(5):
        Customer.objects.filter(pk=customer.pk).update(closed_at=None, closing_at=timezone.now())
        fresh = Customer.objects.get(pk=customer.pk)
        acts = [closing.close_due, lambda fresh=fresh: closing.take_back(fresh, by=owner)]
        together(2, lambda number, acts=acts: acts[number]())
        after = now(customer)
        assert after.closing_at is None
    assert Event.objects.filter(action__in=["customer_closed", "closing_taken_back"]).count() == 5


def test_who_has_handed_over_meanwhile_does_not_close(browser, customer, owner, administrative, monkeypatch):
    """Two windows of the same person: the account belongs to somebody else when the password is typed."""
    subusers.hand_over(administrative.membership, by=owner, editor=owner.membership)
    monkeypatch.setattr(Membership, "is_owner", True)
    assert ask(browser).status_code == 403
    assert now(customer).closing_at is None
