"""Switching mails off by one click (RFC 8058): what does it, what does not, and what cannot be switched off."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import notify, one_click, views
from accounts.models import Contact, Event, Outbox, User
from accounts.views import unsubscribing as page
from tests.cast import ENGLISH
from tickets import conversation
from tickets.models import Category

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ADDRESS = re.compile(r"http://localhost:8000(/unsubscribe/[\w.-]+/)")


@pytest.fixture
def category(db):
    return Category.objects.create(name_pl="Inne", name_en="Other")


@pytest.fixture
def answered(owner, support, customer, category, contact):
    """`answered()` lets support answer a message of the owner's that names the contact person as its sender."""

    def answered():
        ticket = conversation.open_ticket(
            by=owner, customer=customer, category=category, subject="Slow", text="Slow.", sender=contact
        )
        conversation.answer(ticket, by=support, text="Better now.")

    return answered


@pytest.fixture
def outsider():
    """A mail program, or a browser in which nobody is signed in; it would be refused without a CSRF token."""
    return Client(headers=ENGLISH, enforce_csrf_checks=True)


def link_of(message):
    return ADDRESS.search(message.message()["List-Unsubscribe"])[1]


def muted(person):
    return User.objects.get(pk=person.pk).muted


class TestAPerson:
    @pytest.fixture
    def link(self, answered, mailbox):
        answered()
        message = mailbox("anna@example.com")[-1]
        assert "answered your message" in message.body
        return link_of(message)

    def test_the_mail_says_how_in_its_headers_and_its_text(self, link, mailbox):
        message = mailbox("anna@example.com")[-1]
        headers = message.message()
        assert headers["List-Unsubscribe"] == f"<http://localhost:8000{link}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert f"Switch such e-mails off: http://localhost:8000{link}" in message.body
        assert link in message.alternatives[0].content
        assert "anna" not in link and "example.com" not in link

    def test_a_mail_program_switches_off_without_session_or_token(self, link, outsider, owner, answered, mailbox):
        answer = outsider.post(link, ONE_CLICK)
        assert answer.status_code == 200, "no redirect (RFC 8058, 3.2)"
        assert "You no longer get these e-mails: Answers to your messages." in answer.content.decode()
        assert muted(owner) == ["ticket_answered"]
        count = len(mailbox("anna@example.com"))
        answered()
        later = mailbox("anna@example.com")[count:]
        assert not any("answered your message" in message.body for message in later)

    def test_the_history_tells_of_it_once(self, link, outsider, owner, client_of):
        outsider.post(link, ONE_CLICK)
        outsider.post(link, ONE_CLICK)
        assert Event.objects.filter(action="mails_switched_off", user_id=owner.pk).count() == 1
        words = client_of(owner).get("/history/").content.decode()
        assert "E-mails were switched off from one of them: Answers to your messages." in words

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_a_scanner_that_opens_it_changes_nothing(self, link, outsider, owner, method):
        for _time in range(10):
            assert getattr(outsider, method)(link).status_code == 200
        assert muted(owner) == []
        assert "Switch these e-mails off" in outsider.get(link).content.decode()

    @pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "yes"}, {"x": "One-Click"}])
    def test_another_post_changes_nothing(self, link, outsider, owner, body):
        assert outsider.post(link, body).status_code == 200
        assert muted(owner) == []

    def test_it_is_switched_on_again_on_the_same_page(self, link, outsider, owner, client_of):
        outsider.post(link, ONE_CLICK)
        words = outsider.get(link).content.decode()
        assert "Switch these e-mails on again" in words and "/data/edit/" in words
        assert "Switched on again." in outsider.post(link, {"switch": "on"}).content.decode()
        assert muted(owner) == []

    def test_it_speaks_the_persons_language_until_another_is_chosen_on_it(self, link, outsider, owner):
        User.objects.filter(pk=owner.pk).update(language="pl")
        assert "Twoje powiadomienia" in outsider.get(link).content.decode()
        outsider.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert "E-mails you get" in outsider.get(link).content.decode()

    def test_it_switches_one_letter_of_one_person(self, link, outsider, owner, stranger):
        outsider.post(link, ONE_CLICK)
        assert "ticket_opened" not in muted(owner) and muted(stranger) == []
        forged = link.replace(f".u{owner.pk}.", f".u{stranger.pk}.")
        assert outsider.post(forged, ONE_CLICK).status_code == 404
        other = link.replace("ticket_answered", "ticket_opened")
        assert outsider.post(other, ONE_CLICK).status_code == 404
        assert muted(stranger) == []

    def test_a_mail_that_waits_already_does_not_go_out(self, link, outsider, answered, mailbox):
        answered()
        outsider.post(link, ONE_CLICK)
        mailbox("anna@example.com")
        row = Outbox.objects.filter(letter="ticket_answered", user__login="anna").latest("pk")
        assert row.state == "dropped"

    def test_without_the_hmac_anybody_could_silence_anybody(self, link, outsider, stranger, monkeypatch):
        """The negative control."""
        monkeypatch.setattr(one_click.keys, "same", lambda one, other: True)
        outsider.post(f"/unsubscribe/ticket_answered.u{stranger.pk}.x/", ONE_CLICK)
        assert muted(stranger) == ["ticket_answered"]

    def test_were_opening_enough_a_scanner_would_silence(self, link, outsider, owner, monkeypatch):
        """The negative control of the scanner."""

        class Careless(page.Subscription):
            is_on = property(lambda self: self.switch(False))

        monkeypatch.setattr(views.unsubscribing, "Subscription", Careless)
        outsider.get(link)
        assert muted(owner) == ["ticket_answered"]


class TestAnAddressWithoutALogin:
    @pytest.fixture
    def link(self, answered, mailbox):
        answered()
        return link_of(mailbox("tech@garden.example")[-1])

    def test_leaves_a_whole_kind(self, link, outsider, answered, mailbox, owner):
        assert "You get these e-mails: Messages." in outsider.get(link).content.decode()
        outsider.post(link, ONE_CLICK)
        count, owners = len(mailbox("tech@garden.example")), len(mailbox("anna@example.com"))
        answered()
        assert len(mailbox("tech@garden.example")) == count
        assert len(mailbox("anna@example.com")) == owners + 2, "everybody else goes on reading"
        outsider.post(link, {"switch": "on"})
        answered()
        assert len(mailbox("tech@garden.example")) == count + 1

    def test_the_customer_reads_of_it_among_the_contacts(self, link, outsider, client_of, owner):
        assert "Wants no e-mails" not in client_of(owner).get("/contacts/").content.decode()
        outsider.post(link, ONE_CLICK)
        assert "Wants no e-mails about: Messages" in client_of(owner).get("/contacts/").content.decode()

    def test_the_history_tells_of_the_contact_person_once(self, link, outsider, client_of, owner, stranger):
        for _ in range(2):
            outsider.post(link, ONE_CLICK)
        words = "Contact person Tomasz Techniczny switched e-mails off from one of them: Messages."
        assert client_of(owner).get("/history/").content.decode().count(words) == 1
        assert words not in client_of(stranger).get("/history/").content.decode()

    def test_it_holds_for_the_address_in_other_letters_and_after_the_contact_is_gone(self, link, outsider):
        outsider.post(link, ONE_CLICK)
        Contact.objects.all().delete()
        assert notify.mail("ticket_answered", address="TECH@Garden.example", language="en", message=1) is None
        assert notify.mail("ticket_answered", address="other@garden.example", language="en", message=1)

    def test_invoices_go_on_to_the_owner_whom_they_are_owed_to(self, link, owner):
        address = one_click.address(Outbox(letter="invoice", user=owner, address=owner.email))
        assert page.Subscription.find(address.rsplit("/", 2)[1]) is None
        bare = one_click.address(Outbox(letter="invoice", address="saldo@example.com"))
        assert page.Subscription.find(bare.rsplit("/", 2)[1]).words == "Invoices and payments"


def security_letters():
    return [letter.name for letter in notify.LETTERS.values() if not letter.kind]


def test_letters_about_security_have_no_kind_and_no_tick():
    names = set(security_letters())
    assert {"signed_in", "sign_in_code", "password_changed", "recovery", "code_used", "email_moved"} <= names
    assert not any(notify.LETTERS[name].optional for name in names)


@pytest.mark.parametrize("name", ["signed_in", "password_changed", "codes_ended", "closed", "recovery"])
def test_a_security_letter_cannot_be_left_even_with_a_right_token(owner, outsider, name):
    for row in (Outbox(letter=name, user=owner, address=owner.email), Outbox(letter=name, address="a@example.com")):
        path = one_click.address(row).removeprefix("http://localhost:8000")
        assert outsider.post(path, ONE_CLICK).status_code == 404
    assert muted(owner) == []


def test_a_security_mail_has_no_such_header(owner, mailbox):
    notify.mail("blocked", to=owner)
    message = mailbox("anna@example.com")[-1].message()
    assert message["List-Unsubscribe"] is None and message["List-Unsubscribe-Post"] is None


def test_a_person_who_is_gone_is_no_page(owner, outsider):
    path = one_click.address(Outbox(letter="ticket_answered", user=owner, address="")).removeprefix(
        "http://localhost:8000"
    )
    assert outsider.get(path).status_code == 200
    User.objects.filter(pk=owner.pk).update(blocked_at=timezone.now())
    assert outsider.post(path, ONE_CLICK).status_code == 200, "who is blocked may still say no"


def test_two_switches_at_once_keep_both(owner, outsider):
    """The row is read under a lock: a stale copy in another request does not undo it."""
    first, second = (
        page.Subscription.find(one_click.token(name, f"u{owner.pk}")) for name in ("ticket_answered", "ticket_opened")
    )
    first.switch(False)
    second.switch(False)
    assert set(muted(owner)) == {"ticket_answered", "ticket_opened"}


def test_the_form_puts_letters_under_their_kinds(client_of, owner):
    words = client_of(owner).get("/data/edit/").content.decode()
    assert words.index("Invoices and payments") < words.index("When the balance is low")
    assert words.index("When the balance is low") < words.index("Answers to your messages")
