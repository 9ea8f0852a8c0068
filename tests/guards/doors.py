"""Every way into a session: who may open one is listed here, and every door that must not is tried."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from accounts import codes, factors
from accounts.models import Link, UserSession
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
    second_step_alone,
    authorization_code,
    switching,
    administration,
    once_more,
]


@pytest.fixture
def world(owner, standard, administrator, terms):
    standard.activated_at = None
    standard.save()
    return {"owner": owner, "subuser": standard, "administrator": administrator}


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
