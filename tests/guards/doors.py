"""Every way into a session: who may open one is listed here, and every door that must not is tried."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import codes, factors, one_click, passkeys
from accounts.models import Link, Membership, UserSession
from tests.accounts.authenticator import SoftwareKey
from tests.accounts.reading import code_in
from tests.cast import PASSWORD

ROOT = Path(settings.BASE_DIR)
APPS = ["accounts", "billing", "panel", "services", "tickets"]
# What makes a session somebody's, wherever it is imported from.
OPENERS = {"login", "alogin", "django_login", "update_session_auth_hash", "aupdate_session_auth_hash"}
NAMES = {"SESSION_KEY", "HASH_SESSION_KEY", "BACKEND_SESSION_KEY", "force_login"}

# The whole list: one function opens a session, one lets an open one go on, one door leads to the first.
ALLOWED = {
    ("accounts/signin.py", "open_session", "django_login"),
    ("accounts/signin.py", "keep_session", "update_session_auth_hash"),
    ("accounts/sessions.py", "create_model_instance", "SESSION_KEY"),
    ("accounts/sessions.py", "create_model_instance", "HASH_SESSION_KEY"),
    ("accounts/views/signin.py", "arrive", "signin.open_session"),
    ("accounts/views/signin.py", "sign_in", "arrive"),
    ("accounts/views/second_step.py", "finish", "arrive"),
}
OUR_OPENERS = {"signin.open_session", "arrive"}


def uses(source):
    """(function, what) of everything in a module that opens a session or writes whose it is."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            for part in ast.walk(node):
                name = ast.unparse(part.func if isinstance(part, ast.Call) else part)
                last = name.rpartition(".")[2]
                if isinstance(part, ast.Call) and (name in OUR_OPENERS or last in OPENERS):
                    yield node.name, name if name in OUR_OPENERS else last
                elif isinstance(part, ast.Name | ast.Attribute) and last in NAMES:
                    yield node.name, last


def everywhere():
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return {
        (path.relative_to(ROOT).as_posix(), function, what)
        for path in paths
        for function, what in uses(path.read_text("utf-8"))
    }


def test_nothing_else_opens_a_session():
    assert everywhere() == ALLOWED


@pytest.mark.parametrize(
    "planted",
    [
        "def door(request):\n    login(request, user)",
        "def door(request):\n    auth.login(request, user)",
        "def door(request):\n    signin.open_session(request, user, way='mail')",
        "def door(request):\n    request.session[SESSION_KEY] = 1",
        "def door(request):\n    request.session[auth.SESSION_KEY] = 1",
    ],
)
def test_a_planted_door_is_seen(planted):
    assert {function for function, _what in uses(planted)} == {"door"}


def somebody_is_in(browser):
    key = browser.session.session_key
    return (
        bool(key) and UserSession.objects.filter(user__isnull=False).exists() and browser.get("/").status_code == 200
    )


def password(browser, world):
    browser.post("/sign-in/", {"login": "anna", "password": PASSWORD})


def activation(browser, world):
    person = world["subuser"]
    browser.get(Link.issue(person, Link.Purpose.ACTIVATION).url.removeprefix(settings.SITE_URL))
    browser.post("/activate/", {"password": "Another-5678!", "repeated": "Another-5678!"})
    person.refresh_from_db()
    assert person.activated_at


def registration(browser, world):
    browser.get(Link.issue(world["owner"], Link.Purpose.REGISTRATION).url.removeprefix(settings.SITE_URL))
    browser.post("/confirm/")


def reset(browser, world):
    browser.get(Link.issue(world["owner"], Link.Purpose.PASSWORD).url.removeprefix(settings.SITE_URL))
    browser.post("/new-password/", {"password": "Another-5678!", "repeated": "Another-5678!"})
    world["owner"].refresh_from_db()
    assert world["owner"].check_password("Another-5678!")


def not_me(browser, world):
    browser.get(Link.issue(world["owner"], Link.Purpose.NOT_ME).url.removeprefix(settings.SITE_URL))
    browser.post("/not-me/")


def another_address(browser, world):
    """A new address confirmed, and the older one taken back."""
    for purpose, page in [("email", "/data/email/confirm/"), ("email-back", "/data/email/back/")]:
        link = Link.issue(world["owner"], purpose, address="other@example.com")
        browser.get(link.url.removeprefix(settings.SITE_URL))
        assert browser.post(page).status_code == 302
        world["owner"].refresh_from_db()
    assert world["owner"].email == "other@example.com"


def invitation(browser, world):
    link = Link.issue(world["owner"], Link.Purpose.INVITATION, membership=world["invited"])
    browser.get(link.url.removeprefix(settings.SITE_URL))
    assert browser.post("/invitation/", {"answer": "yes"})["Location"].startswith("/sign-in/")


def passkey(browser, world):
    """Without the password, and with it but in another session than that which asked."""
    key, owner = world["key"], world["owner"]
    for browser_that_asked in (browser, Client()):
        challenge = passkeys.new_challenge()
        answer = key.get(passkeys.request_options(owner, challenge))
        if browser_that_asked is not browser:
            browser_that_asked.post("/sign-in/", {"login": "anna", "password": PASSWORD})
        browser.post("/sign-in/code/", {"answer": answer, "way": "passkey"})


def one_click_in_a_mail(browser, world):
    browser.post(f"/unsubscribe/{one_click.token('signed_in', 'u' + str(world['owner'].pk))}/")


def second_step_alone(browser, world):
    code = factors.new_recovery_codes(world["owner"])[0]
    for form in ({"code": code}, {"code": code, "way": "recovery"}):
        browser.post("/sign-in/code/", form)
    browser.post("/sign-in/way/", {"way": "recovery"})


def authorization_code(browser, world):
    _row, digits = codes.generate(world["owner"].membership, by=world["owner"])
    browser.post("/desk/caller/", {"caller": "anna", "code": digits})
    browser.post("/sign-in/code/", {"code": digits})


def switching(browser, world):
    browser.post("/switch/", {"membership": world["owner"].membership.pk})


def administration(browser, world):
    browser.post("/admin/login/", {"username": "aleks", "password": PASSWORD})
    browser.get("/admin/")


def once_more(browser, world):
    browser.post("/password-again/", {"current_password": PASSWORD})


DOORS = [
    password,
    activation,
    registration,
    reset,
    not_me,
    another_address,
    invitation,
    passkey,
    one_click_in_a_mail,
    second_step_alone,
    authorization_code,
    switching,
    administration,
    once_more,
]


@pytest.fixture
def world(owner, standard, administrator, stranger, terms):
    standard.activated_at = None
    standard.save()
    invited = Membership.objects.create(
        user=owner, customer=stranger.membership.customer, accepted_at=None, blocked_at=timezone.now()
    )
    key, challenge = SoftwareKey(settings.SITE_URL), passkeys.new_challenge()
    row = passkeys.created(key.create(passkeys.creation_options(owner, challenge)), challenge)
    row.user, row.name = owner, "key"
    row.save()
    return {"owner": owner, "subuser": standard, "administrator": administrator, "invited": invited, "key": key}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_no_door_alone_leads_in(anonymous, world, door):
    door(anonymous, world)
    assert not somebody_is_in(anonymous)
    assert not UserSession.objects.filter(user__isnull=False).exists()


def test_both_steps_do(anonymous, world, mailbox):
    password(anonymous, world)
    anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
    assert somebody_is_in(anonymous)


def test_a_door_left_open_is_noticed(anonymous, world, monkeypatch):
    monkeypatch.setattr("accounts.trust.is_trusted", lambda request, user: True)
    password(anonymous, world)
    assert somebody_is_in(anonymous)
