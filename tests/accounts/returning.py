"""Restoring access: begun by an administrator, told, stopped by whoever has a second step, done after three days."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts import addresses, keys, returning, signin
from accounts.jobs import restore_access
from accounts.models import (
    AccessReturn,
    AuthenticatorApp,
    Event,
    Link,
    Outbox,
    Passkey,
    RecoveryCode,
    TrustedBrowser,
    User,
)
from accounts.sessions import SessionStore
from tests.accounts.reading import code_in, link_in
from tests.cast import PASSWORD, user

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WAIT = timedelta(hours=72)
NOTE = "Notarised letter, called back at the number of the contract."


@pytest.fixture
def locked(owner):
    """The owner with an app, a passkey and a recovery code, and without codes by message."""
    AuthenticatorApp.objects.create(user=owner, seed=keys.encrypt(SEED), last_step=0)
    Passkey.objects.create(user=owner, name="Key", credential_id="a2V5", public_key=b"", sign_count=0)
    RecoveryCode.objects.create(user=owner, code_mac="x")
    owner.second_step, owner.message_codes = User.Way.APP, False
    owner.phone = owner.confirmed_phone = "+48600100200"
    owner.save()
    return owner


@pytest.fixture
def begin(client_of, administrator, locked):
    """`begin(note)` begins in the administration and returns the page that follows."""
    admin = client_of(administrator)
    url = reverse("admin:accounts_user_restore", args=[locked.pk])
    return lambda note=NOTE: admin.post(url, {"note": note}, follow=True).content.decode()


def later(hours=72, seconds=1):
    return time_machine.travel(timezone.now() + timedelta(hours=hours, seconds=seconds), tick=False)


def by_password(anonymous):
    return anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD}, follow=True).content.decode()


def test_the_person_is_told_on_every_way(begin, client_of, administrator, locked, mailbox):
    page = client_of(administrator).get(reverse("admin:accounts_user_change", args=[locked.pk]))
    assert reverse("admin:accounts_user_restore", args=[locked.pk]) in page.content.decode()
    assert "The person was told." in begin()
    mail = mailbox("anna@example.com")[-1]
    assert "is being restored" in mail.subject and "/link/not-me/" in link_in(mail)
    assert Outbox.objects.filter(letter="return_started", channel="sms", address="+48600100200").exists()
    event = Event.objects.get(action="return_started")
    assert event.details["note"] == NOTE and event.by_staff and event.user_id == locked.pk


def test_after_three_days_the_password_and_a_code_by_mail_open_the_account(begin, anonymous, locked, mailbox):
    TrustedBrowser.objects.create(user=locked, expires_at=timezone.now() + timedelta(days=30))
    begin()
    with later():
        restore_access.func()
        assert "restored" in mailbox("anna@example.com")[-1].subject
        assert "code of six digits" in by_password(anonymous)
        anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
        page = anonymous.get("/history/").content.decode()
    assert "The access of anna was restored" in page and NOTE in page
    for model in (AuthenticatorApp, Passkey, RecoveryCode, TrustedBrowser):
        assert not model.objects.exists(), model


def test_before_that_nothing_has_changed(begin, anonymous, locked):
    begin()
    with later(seconds=-60):
        restore_access.func()
        assert "code of six digits" not in by_password(anonymous)
    assert AuthenticatorApp.objects.exists() and AccessReturn.objects.waiting().exists()


def test_the_password_is_asked_as_ever(begin, anonymous, locked):
    begin()
    with later():
        restore_access.func()
        page = anonymous.post("/sign-in/", {"login": "anna", "password": "Wrong-1234!"}).content.decode()
    assert "Wrong login or password." in page


def test_every_session_ends(begin, client_of, locked):
    browser = client_of(locked)
    begin()
    assert browser.get("/security/").status_code == 200
    returning_row = AccessReturn.objects.get()
    AccessReturn.objects.update(due_at=timezone.now())
    assert returning.finish(returning_row)
    assert browser.get("/security/").status_code == 302


def test_who_has_a_second_step_stops_it(begin, client_of, locked):
    begin()
    client_of(locked)
    with later():
        assert returning.finish_due() == 0
    assert AuthenticatorApp.objects.exists()
    assert Event.objects.filter(action="return_cancelled", user_id=locked.pk).exists()


def test_a_trusted_browser_stops_nothing(begin, locked, rf):
    """Its owner may be the thief of the laptop: only a second step counts."""
    begin()
    request = rf.get("/")
    request.session = SessionStore()
    signin.open_session(request, locked, way="trust")
    assert AccessReturn.objects.waiting().exists()


def test_the_link_in_the_mail_stops_it(begin, anonymous, locked, mailbox):
    begin()
    anonymous.get(link_in(mailbox("anna@example.com")[-1]), follow=True)
    anonymous.post("/not-me/")
    with later():
        assert returning.finish_due() == 0
    assert Passkey.objects.exists()


def test_without_that_the_link_would_stop_nothing(begin, locked, monkeypatch):
    """The negative control."""
    begin()
    monkeypatch.setattr(addresses, "cancel_return", lambda user: None)
    addresses.was_not_me(Link.objects.filter(purpose="not-me").latest("pk"))
    with later():
        assert returning.finish_due() == 1


def test_an_address_changed_by_the_provider_stops_it(begin, client_of, administrator, locked):
    begin()
    form = {"login": "anna", "email": "other@example.com", "name": "Anna", "language": "en", "blocked_reason": ""}
    client_of(administrator).post(reverse("admin:accounts_user_change", args=[locked.pk]), form)
    assert User.objects.get(pk=locked.pk).email == "other@example.com"
    with later():
        assert returning.finish_due() == 0


def test_without_a_note_on_the_identity_nothing_begins(begin):
    assert "This field is required." in begin("")
    assert not AccessReturn.objects.exists()


def test_nobody_does_it_for_themselves(client_of, administrator):
    AuthenticatorApp.objects.create(user=administrator, seed=keys.encrypt(SEED), last_step=0)
    url = reverse("admin:accounts_user_restore", args=[administrator.pk])
    assert client_of(administrator).post(url, {"note": NOTE}).status_code == 403
    with pytest.raises(PermissionDenied):
        returning.start(administrator, by=administrator, note=NOTE)
    assert not AccessReturn.objects.exists()


@pytest.mark.parametrize("who", ["support", "looker"])
def test_support_and_who_may_not_change_people_begin_nothing(client_of, locked, support, who):
    person = support if who == "support" else user("looker", is_staff=True)
    answer = client_of(person).post(reverse("admin:accounts_user_restore", args=[locked.pk]), {"note": NOTE})
    assert answer.status_code in (302, 403, 404)
    assert not AccessReturn.objects.exists()


def test_who_gets_codes_by_message_needs_it_not(begin, locked):
    User.objects.filter(pk=locked.pk).update(message_codes=True)
    assert "Nothing was begun" in begin()
    assert not AccessReturn.objects.exists()


def test_twice_begins_once(begin):
    begin()
    assert "Nothing was begun" in begin()
    assert AccessReturn.objects.count() == 1


def test_who_is_blocked_meanwhile_gets_nothing(begin, locked):
    begin()
    User.objects.filter(pk=locked.pk).update(blocked_at=timezone.now())
    with later():
        assert returning.finish_due() == 0
    assert AuthenticatorApp.objects.exists() and not AccessReturn.objects.waiting().exists()


def test_the_page_of_the_second_step_says_whom_to_ask(anonymous, locked):
    page = by_password(anonymous)
    assert "Lost your app, your passkeys and your recovery codes? Write to support@example.com" in page


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_stopped_while_the_clock_does_it_is_one_or_the_other(locked, administrator, together):
    row = returning.start(locked, by=administrator, note=NOTE)
    AccessReturn.objects.update(due_at=timezone.now())
    acts = [lambda: signin.cancel_return(locked), lambda: returning.finish(row)]
    together(2, lambda number: acts[number]())
    done = AccessReturn.objects.get()
    assert (done.cancelled_at is None) != (done.done_at is None)
    assert AuthenticatorApp.objects.exists() == (done.done_at is None)
