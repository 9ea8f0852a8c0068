"""Password, second step, other sessions, and the history (M7, M8)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts import blocking, history, recovery, signin
from accounts.models import Event, Link, Outbox, User, UserSession
from accounts.signin import end_everything
from accounts.sms import memory
from tests.cast import ENGLISH, PASSWORD

NEW = "Another-5678!"


def test_a_changed_password_ends_the_other_sessions(client_of, owner, mailbox):
    here, there = client_of(owner), client_of(owner)
    form = {"current_password": PASSWORD, "password": NEW, "repeated": NEW}
    page = here.post("/security/password/", form, follow=True)
    assert "The password is changed." in page.content.decode()
    assert there.get("/security/").status_code == 302
    assert "was changed" in mailbox("anna@example.com")[-1].subject


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"current_password": "Wrong-1234!"}, "This is not your password."),
        ({"password": PASSWORD, "repeated": PASSWORD}, "choose another"),
        ({"repeated": "x"}, "differ"),
        ({"password": "weak", "repeated": "weak"}, "still needs"),
    ],
)
def test_a_password_change_is_refused(client_of, owner, change, words):
    form = {"current_password": PASSWORD, "password": NEW, "repeated": NEW} | change
    assert words in client_of(owner).post("/security/password/", form).content.decode()
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_other_sessions_end_and_this_one_goes_on(client_of, owner):
    here, there = client_of(owner), client_of(owner)
    here.post("/security/end-other-sessions/")
    assert here.get("/security/").status_code == 200
    assert there.get("/security/").status_code == 302


def test_ending_everything_twice_ends_what_began_between(client_of, owner):
    first, second = User.objects.get(pk=owner.pk), User.objects.get(pk=owner.pk)
    end_everything(first)
    between = client_of(User.objects.get(pk=owner.pk))
    assert between.get("/security/").status_code == 200
    end_everything(second)
    assert between.get("/security/").status_code == 302


@pytest.mark.parametrize(
    "end",
    [
        lambda owner: blocking.sign_out_everywhere(User.objects.get(pk=owner.pk), by=None),
        lambda owner: UserSession.objects.filter(user=owner).delete(),
    ],
    ids=["all", "this one"],
)
def test_a_request_under_way_brings_no_ended_session_back(client_of, owner, monkeypatch, end):
    """A thief who sends one after the other always has one under way when the owner ends the session."""
    thief, ends_others = client_of(owner), signin.end_other_sessions
    monkeypatch.setattr("accounts.signin.end_other_sessions", lambda user: (end(owner), ends_others(user)))
    thief.post("/security/end-other-sessions/")
    assert thief.get("/security/").status_code == 302


def test_codes_by_sms_are_chosen_with_the_password(client_of, owner):
    browser = client_of(owner)
    form = {"second_step": "sms", "current_password": PASSWORD}
    assert "Add your phone number" in browser.post("/security/second-step/", form).content.decode()
    User.objects.filter(pk=owner.pk).update(phone="+48600700800")
    assert "Confirm your phone number" in browser.post("/security/second-step/", form).content.decode()
    User.objects.filter(pk=owner.pk).update(confirmed_phone="+48600700800")
    wrong = browser.post("/security/second-step/", form | {"current_password": "x"})
    assert "This is not your password." in wrong.content.decode()
    browser.post("/security/second-step/", form)
    owner.refresh_from_db()
    assert owner.second_step == "sms"
    assert browser.get("/security/").status_code == 200


def test_the_code_comes_by_sms(anonymous, owner, deliver):
    memory.outbox.clear()
    User.objects.filter(pk=owner.pk).update(phone="+48600700800", confirmed_phone="+48600700800", second_step="sms")
    anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD})
    assert "••• 800" in anonymous.get("/sign-in/code/").content.decode()
    deliver()
    (message,) = memory.outbox
    assert message["number"] == "+48600700800"
    code = message["text"].split("code is ")[1][:6]
    assert anonymous.post("/sign-in/code/", {"code": code}).status_code == 302


def test_codes_by_sms_are_for_countries_where_messages_are_sent(client_of, owner):
    User.objects.filter(pk=owner.pk).update(phone="+442079460958")
    page = client_of(owner).post("/security/second-step/", {"second_step": "sms", "current_password": PASSWORD})
    assert "We send no text messages to the country" in page.content.decode()
    owner.refresh_from_db()
    assert owner.second_step == "mail"


def test_the_code_comes_by_mail_where_no_sms_can(anonymous, owner, settings, mailbox):
    User.objects.filter(pk=owner.pk).update(phone="+48600700800", confirmed_phone="+48600700800", second_step="sms")
    settings.SMS_BACKEND = ""
    anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD})
    assert "one-time code" in mailbox("anna@example.com")[-1].subject


def test_own_passwords_are_tried_twenty_times_a_day(client_of, owner):
    browser, start = client_of(owner), timezone.now()
    form = {"current_password": "Wrong-1234!", "password": NEW, "repeated": NEW}
    for number in range(20):
        with time_machine.travel(start + timedelta(minutes=number)):
            assert "This is not your password." in browser.post("/security/password/", form).content.decode()
    with time_machine.travel(start + timedelta(minutes=30)):
        page = browser.post("/security/password/", form | {"current_password": PASSWORD}).content.decode()
    assert "Too many wrong passwords." in page


def test_a_new_password_gives_back_what_a_thief_in_an_old_session_used_up(client_of, owner):
    """Otherwise the owner, in again by a link, could do nothing that needs the password for a day."""
    thief, start = client_of(owner), timezone.now()
    for number in range(20):
        with time_machine.travel(start + timedelta(minutes=number)):
            thief.post("/password-again/", {"current_password": "Wrong-1234!"})
    with time_machine.travel(start + timedelta(minutes=30)):
        assert "Too many" in thief.post("/password-again/", {"current_password": PASSWORD}).content.decode()
        recovery.set_password(Link.issue(owner, Link.Purpose.PASSWORD), NEW)
        owner.refresh_from_db()
        page = client_of(owner).post("/password-again/", {"current_password": NEW})
        assert page.status_code == 302


def test_a_strangers_phone_gets_ten_codes_whatever_accounts_name_it(owner, standard):
    User.objects.update(phone="+48600700800", confirmed_phone="+48600700800", second_step="sms")
    for login in ["anna", "stefan"] * 7:
        page = Client(headers=ENGLISH).post("/sign-in/", {"login": login, "password": PASSWORD})
    assert "Too many tries" in page.content.decode()
    assert Outbox.objects.filter(channel="sms").count() == 10


def test_where_no_sms_are_sent_none_are_offered(client_of, owner, settings):
    settings.SMS_BACKEND = ""
    browser = client_of(owner)
    assert "Change the way" not in browser.get("/security/").content.decode()
    assert browser.get("/security/second-step/").status_code == 302


def test_staff_have_the_same_page(client_of, support):
    page = client_of(support).get("/security/").content.decode()
    assert "Change the password" in page
    assert "Authorization code" not in page


class TestHistory:
    def test_it_reads_as_sentences(self, client_of, owner):
        page = client_of(owner).get("/history/").content.decode()
        assert "Signed in." in page
        assert "Anna Owner" in page

    def test_a_standard_sub_user_reads_their_own_only(self, client_of, owner, standard):
        history.record(history.Action.CONTACT_ADDED, customer=owner.membership.customer, by=owner, name="Tomasz")
        assert "Tomasz" in client_of(owner).get("/history/").content.decode()
        page = client_of(standard).get("/history/").content.decode()
        assert "Tomasz" not in page
        assert "Signed in." in page

    def test_others_read_none_of_it(self, client_of, owner, stranger):
        history.record(history.Action.CONTACT_ADDED, customer=owner.membership.customer, by=owner, name="Tomasz")
        assert "Tomasz" not in client_of(stranger).get("/history/").content.decode()

    @pytest.mark.parametrize(
        "change",
        [
            lambda: Event.objects.update(by_name="nobody"),
            lambda: Event.objects.all().delete(),
            lambda: Event.objects.first().delete(),
        ],
    )
    def test_the_database_refuses_to_change_or_delete(self, owner, change):
        history.record(history.Action.SIGNED_IN, user=owner)
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            change()
        assert Event.objects.get().action == "signed_in"

    def test_the_one_way_round_lets_retention_delete_but_nobody_change(self, owner):
        history.record(history.Action.SIGNED_IN, user=owner)
        with history.unlocked():
            with pytest.raises(DatabaseError), transaction.atomic():
                Event.objects.update(by_name="nobody")
            Event.objects.all().delete()
        history.record(history.Action.SIGNED_IN, user=owner)
        with pytest.raises(DatabaseError), transaction.atomic():
            Event.objects.all().delete()

    def test_what_is_deleted_takes_no_history_along(self, client_of, owner, standard):
        client_of(owner).post(f"/users/{standard.membership.pk}/remove/", {"confirmed": "yes"})
        User.objects.filter(pk=standard.pk).delete()
        assert "User stefan was removed." in client_of(owner).get("/history/").content.decode()
