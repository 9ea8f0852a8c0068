"""Where am I signed in: the list of sessions, ending one, ending the others (M8)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import recovery
from accounts.models import Event, User, UserSession
from accounts.sessions import SessionStore, digest
from tests.accounts.reading import code_in
from tests.cast import ENGLISH, PASSWORD

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605 Version/17.0 Safari/604"


def text(response):
    return " ".join(response.content.decode().split())


def table(client):
    """The rows of the list."""
    page = client.get("/security/").content.decode().split("Where you are signed in</caption>")[1].split("</table>")[0]
    return [re.sub(r"\s+", " ", row) for row in page.split("<tr>")[2:]]


def signed_in_with(user_agent, address, mailbox):
    browser = Client(headers=ENGLISH | {"User-Agent": user_agent}, REMOTE_ADDR=address)
    browser.post("/sign-in/", {"login": "anna", "password": PASSWORD})
    browser.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
    assert browser.get("/").status_code == 200
    return browser


@pytest.fixture
def desk(owner, mailbox):
    return signed_in_with(FIREFOX, "192.0.2.1", mailbox)


@pytest.fixture
def phone(owner, mailbox):
    return signed_in_with(SAFARI, "2001:db8::7", mailbox)


def key_of(client):
    return digest(client.session.session_key)


def test_the_list_tells_device_address_and_times(desk, phone):
    rows = table(desk)
    assert len(rows) == 2
    here = next(row for row in rows if "This session" in row)
    there = next(row for row in rows if "This session" not in row)
    assert "Firefox 128, Windows" in here and "192.0.2.1" in here and "/end/" not in here
    assert "Safari 17, iOS" in there and "2001:db8::7" in there and key_of(phone) in there


def test_one_is_ended_from_its_next_request(desk, phone):
    page = desk.post(f"/security/sessions/{key_of(phone)}/end/", follow=True)
    assert "The session has been ended." in text(page)
    assert phone.get("/").status_code == 302
    assert desk.get("/").status_code == 200
    assert len(table(desk)) == 1
    assert Event.objects.get(action="session_closed").details == {"browser": "Safari 17, iOS, 2001:db8::7"}


def test_anothers_session_cannot_be_ended(desk, client_of, stranger):
    assert client_of(stranger).post(f"/security/sessions/{key_of(desk)}/end/").status_code == 404
    assert desk.get("/").status_code == 200


def test_without_looking_whose_it_is_a_stranger_could(desk, client_of, stranger, monkeypatch):
    monkeypatch.setattr(User, "sessions", UserSession.objects.all())
    client_of(stranger).post(f"/security/sessions/{key_of(desk)}/end/")
    assert desk.get("/").status_code == 302


def test_the_present_one_ends_by_signing_out_only(desk):
    assert desk.post(f"/security/sessions/{key_of(desk)}/end/").status_code == 404
    desk.post("/sign-out/")
    assert not UserSession.objects.filter(user__isnull=False).exists(), "the row went with the session"


def test_the_others_end_together(desk, phone):
    desk.post("/security/end-other-sessions/")
    assert phone.get("/").status_code == 302
    assert len(table(desk)) == 1


def test_only_sessions_that_would_open_are_listed(desk, phone, owner, client_of, stranger):
    client_of(stranger)
    waiting = Client(headers=ENGLISH)
    waiting.post("/sign-in/", {"login": "anna", "password": PASSWORD})
    assert len(table(desk)) == 2, "neither strangers nor who waits for the second step"
    UserSession.objects.filter(pk=key_of(phone)).update(seen_at=timezone.now() - timedelta(minutes=61))
    assert len(table(desk)) == 1
    UserSession.objects.filter(pk=key_of(phone)).update(seen_at=timezone.now())
    assert len(table(desk)) == 2
    UserSession.objects.filter(pk=key_of(phone)).update(began_at=timezone.now() - timedelta(hours=13))
    assert len(table(desk)) == 1


def test_a_changed_password_empties_the_list(desk, phone, owner, client_of):
    recovery.change_password(User.objects.get(pk=owner.pk), PASSWORD, by=owner)
    assert len(table(client_of(User.objects.get(pk=owner.pk)))) == 1


def test_last_use_is_written_once_a_minute_and_follows_the_person(desk, owner):
    before = UserSession.objects.get(pk=key_of(desk)).seen_at
    with CaptureQueriesContext(connection) as captured:
        desk.get("/data/")
    assert not [query for query in captured if query["sql"].startswith(("UPDATE", "INSERT"))]
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        desk.get("/data/", REMOTE_ADDR="192.0.2.77")
        row = UserSession.objects.get(pk=key_of(desk))
        assert row.seen_at > before and row.ip == "192.0.2.77"


def test_the_table_holds_nothing_to_sign_in_with(desk):
    key = desk.session.session_key
    rows = [str(value) for row in UserSession.objects.values_list() for value in row]
    assert not any(key in value for value in rows)
    thief = Client(headers=ENGLISH)
    thief.cookies[settings.SESSION_COOKIE_NAME] = key_of(desk)
    assert thief.get("/").status_code == 302


def test_keys_kept_in_the_open_would_let_a_thief_in(owner, client_of, monkeypatch):
    monkeypatch.setattr("accounts.sessions.digest", lambda key: key)
    client_of(owner)
    thief = Client(headers=ENGLISH)
    thief.cookies[settings.SESSION_COOKIE_NAME] = UserSession.objects.get(user=owner).pk
    assert thief.get("/").status_code == 200


def test_an_ended_session_is_not_written_back_by_a_request_under_way(desk):
    store = SessionStore(desk.session.session_key)
    store["seen"] = 0
    UserSession.objects.filter(pk=key_of(desk)).delete()
    with pytest.raises(UpdateError):
        store.save()
    assert desk.get("/").status_code == 302
