"""Nobody learns which logins there are: the same words, status and work for every sort of login."""

import time

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import blocking, closing, recovery
from accounts.models import Outbox, User
from tests.cast import ENGLISH, PASSWORD

KINDS = ["known", "unknown", "not activated", "blocked", "closed"]


@pytest.fixture
def login(owner, customer):
    """`login(kind)` is a login of that sort."""

    def login(kind):
        if kind == "not activated":
            User.objects.filter(pk=owner.pk).update(activated_at=None)
        if kind == "blocked":
            blocking.block_user(owner, by=None)
        if kind == "closed":
            closing.close(customer, by=None)
        return "nobody" if kind == "unknown" else "anna"

    return login


@pytest.fixture
def hashed(monkeypatch):
    """Every password that is hashed: by far the longest part of the work."""
    hashed = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode

    def counting(self, password, salt, *rest, **more):
        hashed.append(password)
        return encode(self, password, salt, *rest, **more)

    monkeypatch.setattr(hasher, "encode", counting)
    return hashed


def asked(page, form):
    """(status, words without what was typed, questions to the database) of a form that is sent."""
    browser = Client(headers=ENGLISH)
    browser.get("/sign-in/")
    with CaptureQueriesContext(connection) as captured:
        answer = browser.post(page, form)
    words = answer.content.decode().replace(form.get("login") or form["who"], "TYPED")
    return answer.status_code, answer.get("Location"), without_tokens(words), len(captured)


def without_tokens(words):
    return "\n".join(line for line in words.splitlines() if "csrfmiddlewaretoken" not in line)


def test_signing_in_with_a_wrong_password(login, hashed):
    """The work: one password hashed, and as many questions."""
    seen, work = set(), []
    for kind in KINDS:
        name = login(kind)
        del hashed[:]
        status, location, words, queries = asked("/sign-in/", {"login": name, "password": "Wrong-1234!"})
        seen.add((status, location, words))
        work.append((len(hashed), queries))
    assert len(seen) == 1
    assert "Wrong login or password." in seen.pop()[2]
    assert len(set(work)) == 1, work


def test_signing_in_with_the_right_password_of_somebody_shut_out(login):
    """The second step comes first for whoever knows the password; only after it is anything told."""
    seen = {asked("/sign-in/", {"login": login(kind), "password": PASSWORD})[:2] for kind in ("known", "blocked")}
    assert seen == {(302, "/sign-in/code/")}


def test_signing_in_with_the_right_password_before_the_account_is_open(login):
    """Whoever registered has a password already: until the link is used it is as wrong as any."""
    waiting = asked("/sign-in/", {"login": login("not activated"), "password": PASSWORD})
    assert waiting == asked("/sign-in/", {"login": "anna", "password": "Wrong-1234!"})
    assert waiting[0] == 200 and "Wrong login or password." in waiting[2]


# Between the logins, of the processor's time. With the wasted hash it is about the noise of a busy machine, without
# it about four fifths.
MOST_DIFFERENCE = 0.5


def seconds_of(*names):
    """The least processor time of a wrong password for each login, by turns: so few that no limit stops them."""
    spent = {name: [] for name in names}
    browser = Client(headers=ENGLISH)
    browser.get("/sign-in/")
    for _turn in range(3):
        for name in names:
            began = time.thread_time()
            browser.post("/sign-in/", {"login": name, "password": "Wrong-1234!"})
            spent[name].append(time.thread_time() - began)
    return [min(spent[name]) for name in names]


@pytest.fixture
def as_in_production(settings, owner):
    """Passwords are hashed as in production, where nothing else takes as long."""
    settings.PASSWORD_HASHERS = ["accounts.passwords.PanelArgon2Hasher"]
    owner.set_password(PASSWORD)
    owner.save()


@pytest.mark.parametrize("kind", ["not activated", "blocked", "closed"])
def test_a_wrong_password_takes_as_long_for_every_sort_of_login(as_in_production, login, kind):
    known, unknown = seconds_of("anna", "nobody")
    (other,) = seconds_of(login(kind))
    assert abs(known - other) < MOST_DIFFERENCE * known
    assert abs(known - unknown) < MOST_DIFFERENCE * known


def test_without_the_wasted_hash_the_time_would_tell(as_in_production, monkeypatch):
    """The negative control."""
    monkeypatch.setattr("accounts.signin.make_password", lambda password: None)
    known, unknown = seconds_of("anna", "nobody")
    assert abs(known - unknown) > MOST_DIFFERENCE * known


def test_without_the_wasted_hash_an_unknown_login_would_be_quicker(login, hashed, monkeypatch):
    """The negative control."""
    monkeypatch.setattr("accounts.signin.make_password", lambda password: None)
    counts = set()
    for kind in ("known", "unknown"):
        name = login(kind)
        del hashed[:]
        asked("/sign-in/", {"login": name, "password": "Wrong-1234!"})
        counts.add(len(hashed))
    assert counts == {0, 1}


@pytest.mark.parametrize("by", ["login", "address"])
def test_a_forgotten_password(login, hashed, by):
    """The page does the same for all; who gets a mail is found out by the worker."""
    seen, work = set(), set()
    for kind in KINDS:
        name = login(kind)
        status, location, words, queries = asked(
            "/forgotten/", {"who": name if by == "login" else f"{name}@example.com"}
        )
        seen.add((status, location, words))
        work.add((len(hashed), queries))
    assert seen == {(302, "/forgotten/sent/", "")}
    assert len(work) == 1
    assert not Outbox.objects.filter(letter="recovery").exists(), "nothing was written while the person waited"


def test_links_written_while_the_person_waits_would_tell(login, monkeypatch):
    """The negative control: the worker's part done by the page."""
    monkeypatch.setattr(recovery, "ask", recovery.send_links.func)
    known, unknown = (asked("/forgotten/", {"who": login(kind)})[-1] for kind in ("known", "unknown"))
    assert known > unknown
