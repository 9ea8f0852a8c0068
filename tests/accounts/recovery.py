"""Forgotten login or password (M5)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import addresses, blocking, limits, recovery
from accounts.models import Link, OneTimeCode, Outbox, User
from tests.accounts.reading import code_in, link_in, links_in
from tests.cast import ENGLISH, PASSWORD, user
from tests.together import meeting

NEW = "Another-5678!"


@pytest.fixture
def ask(anonymous, run_tasks):
    """Asks on the page and lets the worker do its part; returns the page."""

    def ask(who, client=anonymous):
        page = client.post("/forgotten/", {"who": who}, follow=True)
        run_tasks()
        return page

    return ask


def test_a_mail_lets_the_person_in_again(anonymous, owner, ask, mailbox):
    ask("anna")
    page = anonymous.get(link_in(mailbox("anna@example.com")[-1]), follow=True)
    assert page.redirect_chain == [("/new-password/", 302)]
    anonymous.post("/new-password/", {"password": NEW, "repeated": NEW})
    assert "changed" in mailbox("anna@example.com")[-1].subject

    assert "Wrong login" in anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD}).content.decode()
    anonymous.post("/sign-in/", {"login": "anna", "password": NEW})
    assert anonymous.get("/data/").status_code == 302, "a new password never goes round the second step"
    anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
    assert anonymous.get("/data/").status_code == 200


def test_whoever_sets_a_new_password_comes_in_however_often_others_guessed(anonymous, owner, ask, mailbox):
    for number in range(10):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/sign-in/", {"login": "anna", "password": "x"})
    assert "or set a new password" in anonymous.post("/sign-in/", {"login": "anna", "password": NEW}).content.decode()
    ask("anna")
    anonymous.get(link_in(mailbox("anna@example.com")[-1]))
    anonymous.post("/new-password/", {"password": NEW, "repeated": NEW})
    assert anonymous.post("/sign-in/", {"login": "anna", "password": NEW})["Location"] == "/sign-in/code/"
    assert Client().post("/sign-in/", {"login": "anna", "password": NEW}).status_code == 200, "elsewhere it waits"


@pytest.mark.parametrize("typed", ["anna", "ANNA", "anna@example.com", " Anna@Example.com "])
def test_the_mail_names_every_login_at_the_address(owner, ask, mailbox, typed):
    second = user("anna-private")
    User.objects.filter(pk=second.pk).update(email="Anna@example.com")
    ask(typed)
    (mail,) = [*mailbox("anna@example.com"), *mailbox("Anna@example.com")]
    assert "Login anna." in mail.body
    assert "Login anna-private." in mail.body
    assert len(links_in(mail)) == 2


@pytest.mark.parametrize("likeness", ["ı", "ſ"])
def test_a_look_alike_address_gets_no_link_of_the_other(ask, mailbox, likeness):
    """To PostgreSQL both letters are another's capitals: one mail for "the same" address would go to a thief."""
    letter = {"ı": "i", "ſ": "s"}[likeness]
    victim, thief = user("victim"), user("a-thief")
    User.objects.filter(pk=victim.pk).update(email=f"{letter}rena@example.com")
    User.objects.filter(pk=thief.pk).update(email=f"{likeness}rena@example.com")
    ask("victim")
    assert ["Login victim." in mail.body for mail in mailbox(f"{letter}rena@example.com")] == [True]
    ask(f"{likeness}rena@example.com")
    assert not any("victim" in mail.body for mail in mailbox(f"{likeness}rena@example.com"))
    assert not any("a-thief" in mail.body for mail in mailbox(f"{letter}rena@example.com"))


@pytest.mark.parametrize("who", ["anna", "nobody", "nobody@example.com", "blocked", "waiting"])
def test_the_page_answers_alike_whoever_is_asked_for(owner, ask, who):
    blocking.block_user(user("blocked"), by=None)
    User.objects.filter(pk=user("waiting").pk).update(activated_at=None)
    page = ask(who)
    assert page.redirect_chain == [("/forgotten/sent/", 302)]
    assert who not in page.content.decode().replace(f'"{who}', "")
    assert "If we know this login or address" in page.content.decode()


def test_after_an_alarm_the_mail_does_not_say_that_nothing_is_to_be_done(owner, ask, mailbox):
    addresses.was_not_me(Link.issue(owner, Link.Purpose.NOT_ME))
    alarm = mailbox("anna@example.com")[-1]
    assert "every session was ended" in alarm.body and "do nothing" not in alarm.body
    assert link_in(alarm, "password")
    ask("anna")
    asked = mailbox("anna@example.com")[-1]
    assert "do nothing" in asked.body and "every session was ended" not in asked.body


def test_the_page_says_what_to_do_when_no_mail_comes(anonymous, provider):
    page = anonymous.get("/forgotten/sent/").content.decode()
    for words in ("spam folder", "our notifications come", "copy it into the browser", "support@example.com"):
        assert words in page


def test_a_blocked_person_gets_no_link(owner, ask, mailbox):
    blocking.block_user(owner, by=None)
    ask("anna")
    assert "blocked" in mailbox("anna@example.com")[-1].subject
    assert not Link.objects.filter(user=owner).exists()


def test_who_never_confirmed_gets_that_link_again(owner, ask, mailbox):
    User.objects.filter(pk=owner.pk).update(activated_at=None)
    ask("anna")
    assert link_in(mailbox("anna@example.com")[-1], "registration")


def test_the_spellings_of_one_mailbox_share_its_allowance(db):
    for spelling in ["anna@example.com", "anna@ｅxample.com", "anna@exam\u00adple.com"]:
        limits.charge_unasked("test", spelling)
    with pytest.raises(limits.TooMany):
        limits.charge_unasked("test", "ANNA@EXAMPLE.COM")
    limits.charge_unasked("test", "anna@example.org")


def test_an_address_gets_three_mails_an_hour(owner, ask, mailbox):
    for _number in range(5):
        ask("anna")
    assert Outbox.objects.filter(letter="recovery").count() == 3


def test_registering_does_not_tell_whether_such_mails_went_there(owner, terms, ask):
    for _number in range(3):
        ask("anna")
    form = {"login": "somebody", "email": "anna@example.com", "language": "en", "accepted": "on"}
    page = Client(headers=ENGLISH).post("/register/", form | {"password": NEW, "repeated": NEW})
    assert page.status_code == 302, "a refusal would say that anna reads mail at this address"


@pytest.mark.parametrize(("seconds", "status"), [(3599, 200), (3601, 410)])
def test_the_link_lives_one_hour(anonymous, owner, ask, mailbox, seconds, status):
    ask("anna")
    link = link_in(mailbox("anna@example.com")[-1])
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
        assert anonymous.get(link, follow=True).status_code == status


def test_a_scanner_uses_nothing_up(anonymous, owner, ask, mailbox):
    ask("anna")
    link = link_in(mailbox("anna@example.com")[-1])
    for _number in range(10):
        Client().get(link, follow=True)
        Client().head(link)
    assert anonymous.get(link, follow=True).status_code == 200


def test_a_newer_link_ends_the_older(anonymous, owner, ask, mailbox):
    ask("anna")
    older = link_in(mailbox("anna@example.com")[-1])
    ask("anna")
    assert anonymous.get(older).status_code == 410
    assert anonymous.get(link_in(mailbox("anna@example.com")[-1])).status_code == 302


def test_a_changed_password_ends_links_and_sessions(anonymous, client_of, owner, ask, mailbox):
    browser = client_of(owner)
    ask("anna")
    link = link_in(mailbox("anna@example.com")[-1])
    anonymous.get(link)
    recovery.change_password(owner, NEW, by=owner)
    assert anonymous.post("/new-password/", {"password": PASSWORD, "repeated": PASSWORD}).status_code == 410
    assert browser.get("/data/").status_code == 302


def test_what_is_refused_says_why_beside_the_field(anonymous, owner, ask, mailbox):
    ask("anna")
    anonymous.get(link_in(mailbox("anna@example.com")[-1]))
    page = anonymous.post("/new-password/", {"password": "short", "repeated": "short"})
    assert "The password still needs: at least 8 characters" in page.content.decode()
    page = anonymous.post("/new-password/", {"password": NEW, "repeated": PASSWORD})
    assert "The two passwords differ." in page.content.decode()
    assert anonymous.post("/new-password/", {"password": NEW, "repeated": NEW}).status_code == 302


def test_the_secret_leaves_the_address(anonymous, owner, ask, mailbox):
    ask("anna")
    page = anonymous.get(link_in(mailbox("anna@example.com")[-1]))
    assert page["Location"] == "/new-password/"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "no-store"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_link_posted_twice_at_once_works_once(owner, together):
    link = Link.issue(owner, Link.Purpose.PASSWORD)
    results = together(20, lambda number: recovery.set_password(Link.objects.get(pk=link.pk), NEW))
    assert sorted(results) == [False] * 19 + [True]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_links_and_codes_issued_at_once_one_lives(owner, together):
    together(8, lambda number: Link.issue(owner, Link.Purpose.PASSWORD))
    together(8, lambda number: OneTimeCode.issue(owner, "sign-in", "mail"))
    for model in (Link, OneTimeCode):
        assert (model.objects.count(), model.objects.filter(ended_at=None).count()) == (8, 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Link, OneTimeCode])
def test_without_the_lock_two_issued_at_once_would_live(owner, together, monkeypatch, model):
    """The negative control: each has ended what there was before either makes its own."""
    both_ended, manager = meeting(), type(model.objects)
    create, about = manager.create, {Link: ["password"], OneTimeCode: ["sign-in", "mail"]}[model]
    monkeypatch.setattr("accounts.models.security.hold", lambda user: None)
    monkeypatch.setattr(manager, "create", lambda rows, **fields: both_ended() or create(rows, **fields))
    together(2, lambda number: model.issue(owner, *about))
    assert model.objects.filter(ended_at=None).count() == 2


def test_no_link_without_an_open_browser(owner):
    assert Client(headers=ENGLISH).get("/new-password/").status_code == 410
