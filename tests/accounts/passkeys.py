"""Passkeys as a second step (M3), answered by a key of software."""

import json
import re
from html import unescape

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from webauthn.helpers import bytes_to_base64url

from accounts import factors, limits, passkeys, ways
from accounts.models import Event, Passkey, User
from tests.accounts.authenticator import SoftwareKey
from tests.cast import ENGLISH, PASSWORD


@pytest.fixture
def origin(settings):
    settings.SITE_URL = "https://panel.example.com"
    return settings.SITE_URL


@pytest.fixture
def key(origin, owner):
    """A key of the owner's, registered; codes by mail are switched off."""
    return registered(owner, SoftwareKey(origin))


def registered(person, key, name="phone"):
    challenge = passkeys.new_challenge()
    row = passkeys.created(key.create(passkeys.creation_options(person, challenge)), challenge)
    factors.add_passkey(person, row, name, message_codes=False)
    key.row = row
    return key


def options_on(page):
    """What the page asks the browser for."""
    return unescape(re.search(r'data-options="([^"]+)"', page.content.decode())[1])


def text(response):
    return " ".join(response.content.decode().split())


def first_step(client):
    assert client.post("/sign-in/", {"login": "anna", "password": PASSWORD}).status_code == 302
    return options_on(client.get("/sign-in/code/"))


class TestAdding:
    def test_it_is_kept_under_its_name_and_becomes_the_preferred_way(self, client_of, owner, origin, mailbox):
        here, there = client_of(owner), client_of(owner)
        options = options_on(here.get("/security/passkeys/add/"))
        asked = json.loads(options)
        assert asked["rp"]["id"] == "panel.example.com"
        assert asked["authenticatorSelection"]["userVerification"] == "preferred"
        assert "anna@example.com" not in options and str(owner.pk) != asked["user"]["id"]
        form = {"name": "Blue key", "message_codes": "no", "answer": SoftwareKey(origin).create(options)}
        page = here.post("/security/passkeys/add/", form, follow=True)
        assert "The passkey is added." in text(page) and "Make recovery codes" in text(page)
        assert "Passkey “Blue key”" in text(here.get("/security/"))
        assert there.get("/security/").status_code == 302
        assert ways.ways_of(User.objects.get(pk=owner.pk)) == ["passkey"]
        assert "A passkey was added: Blue key." in mailbox("anna@example.com")[-1].body

    @pytest.mark.parametrize("fault", ["another challenge", "another place", "twice", "nothing", "nonsense"])
    def test_an_answer_to_something_else_adds_nothing(self, client_of, owner, origin, fault):
        browser = client_of(owner)
        options = options_on(browser.get("/security/passkeys/add/"))
        key = SoftwareKey("https://evil.example" if fault == "another place" else origin)
        asked = passkeys.creation_options(owner, passkeys.new_challenge()) if fault == "another challenge" else options
        answer = {"nothing": "", "nonsense": "{}"}[fault] if fault.startswith("no") else key.create(asked)
        if fault == "twice":
            Passkey.objects.create(
                user=owner, name="x", credential_id=bytes_to_base64url(key.id), public_key=b"", sign_count=0
            )
        browser.post("/security/passkeys/add/", {"name": "x", "message_codes": "no", "answer": answer})
        assert Passkey.objects.count() == (fault == "twice")

    def test_several_may_be_added_but_not_without_end(self, owner, origin):
        for number in range(factors.PASSKEYS_AT_MOST):
            registered(owner, SoftwareKey(origin), f"key {number}")
        with pytest.raises(factors.TooManyPasskeys):
            registered(owner, SoftwareKey(origin))
        assert owner.passkeys.count() == factors.PASSKEYS_AT_MOST

    def test_removing_one_keeps_the_others_and_anothers_cannot_be_removed(
        self, client_of, owner, stranger, key, origin
    ):
        second = registered(owner, SoftwareKey(origin), "laptop")
        browser = client_of(User.objects.get(pk=owner.pk))
        address = f"/security/passkeys/{key.row.pk}/remove/"
        assert client_of(stranger).post(address, {"confirmed": "yes"}).status_code == 404
        assert "Remove this passkey?" in text(browser.post(address))
        browser.post(address, {"confirmed": "yes"})
        assert owner.passkeys.get().pk == second.row.pk
        browser.post(f"/security/passkeys/{second.row.pk}/remove/", {"confirmed": "yes"})
        assert ways.ways_of(User.objects.get(pk=owner.pk)) == ["mail"]
        assert Event.objects.filter(action="passkey_removed").count() == 2


class TestSigningIn:
    @pytest.mark.parametrize("counts", [True, False])
    def test_it_opens_the_account(self, anonymous, owner, origin, mailbox, counts):
        key = registered(owner, SoftwareKey(origin, counts=counts))
        for _time in range(2):
            options = first_step(anonymous)
            assert anonymous.post("/sign-in/code/", {"code": key.get(options)})["Location"] == "/"
            assert anonymous.get("/").status_code == 200
            anonymous.post("/sign-out/")
        assert "Second step: Passkey" in mailbox("anna@example.com")[-1].body

    def test_without_the_password_it_opens_nothing(self, anonymous, owner, key):
        options = passkeys.request_options(owner, passkeys.new_challenge())
        assert anonymous.post("/sign-in/code/", {"code": key.get(options)})["Location"] == "/sign-in/"
        assert anonymous.get("/").status_code == 302

    def test_the_challenge_belongs_to_its_session(self, anonymous, owner, key):
        thief = Client(headers=ENGLISH)
        options = first_step(anonymous)
        first_step(thief)
        assert "not recognised" in text(thief.post("/sign-in/code/", {"code": key.get(options)}))
        assert thief.get("/").status_code == 302

    def test_an_answer_works_once(self, owner, origin):
        key = registered(owner, SoftwareKey(origin, counts=False))
        challenge = passkeys.new_challenge()
        answer = key.get(passkeys.request_options(owner, challenge))
        assert factors.check_passkey(owner, answer, challenge)
        assert not factors.check_passkey(owner, answer, challenge)

    def test_without_using_challenges_up_it_would_work_twice(self, owner, origin, monkeypatch):
        monkeypatch.setattr(passkeys, "use_challenge", lambda challenge: None)
        key = registered(owner, SoftwareKey(origin, counts=False))
        challenge = passkeys.new_challenge()
        answer = key.get(passkeys.request_options(owner, challenge))
        assert factors.check_passkey(owner, answer, challenge) and factors.check_passkey(owner, answer, challenge)

    def test_a_copy_of_a_key_is_noticed_by_its_counter(self, owner, key):
        for count, right in [(10, True), (10, False), (11, True)]:
            key.count = count - 1
            challenge = passkeys.new_challenge()
            answer = key.get(passkeys.request_options(owner, challenge))
            assert factors.check_passkey(owner, answer, challenge) is right

    def test_anothers_key_opens_nothing(self, owner, stranger, origin, key):
        others = registered(stranger, SoftwareKey(origin))
        challenge = passkeys.new_challenge()
        answer = others.get(passkeys.request_options(owner, challenge))
        assert not factors.check_passkey(owner, answer, challenge)

    @pytest.mark.parametrize(
        "place", ["https://evil.example", "http://panel.example.com", "https://panel.example.com:8443"]
    )
    def test_a_key_used_on_another_site_opens_nothing(self, owner, key, place):
        key.origin = place
        challenge = passkeys.new_challenge()
        answer = key.get(passkeys.request_options(owner, challenge))
        assert not factors.check_passkey(owner, answer, challenge)

    def test_a_forged_signature_opens_nothing(self, owner, key, origin):
        forger = SoftwareKey(origin)
        forger.id = key.id
        forger.count = 100
        challenge = passkeys.new_challenge()
        assert not factors.check_passkey(owner, forger.get(passkeys.request_options(owner, challenge)), challenge)

    def test_no_answer_says_so(self, anonymous, owner, key):
        first_step(anonymous)
        assert "Your browser gave no answer." in text(anonymous.post("/sign-in/code/", {"code": ""}))


ANSWERS = some.one_of(
    some.text(max_size=60),
    some.recursive(
        some.none() | some.booleans() | some.integers() | some.text(max_size=20),
        lambda inner: (
            some.lists(inner, max_size=3)
            | some.dictionaries(
                some.sampled_from(
                    [
                        "id",
                        "rawId",
                        "type",
                        "response",
                        "clientDataJSON",
                        "authenticatorData",
                        "signature",
                        "attestationObject",
                    ]
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=12,
    ).map(json.dumps),
)


@pytest.mark.slow
@hypothesis_settings(max_examples=150)
@given(answer=ANSWERS)
def test_no_answer_whatever_breaks_the_page(owner, key, monkeypatch, answer):
    """Also where the credential is a known one and only the rest is nonsense."""
    monkeypatch.setattr(limits.Limit, "charge", lambda limit, key: 1)
    try:
        known = json.loads(answer)
    except ValueError:
        known = None
    texts = [answer]
    if isinstance(known, dict):
        texts.append(
            json.dumps(known | {"id": key.row.credential_id, "rawId": key.row.credential_id, "type": "public-key"})
        )
    for candidate in texts:
        assert not passkeys.is_right(owner, candidate, passkeys.new_challenge())
        with pytest.raises(passkeys.WrongAnswer):
            passkeys.created(candidate, passkeys.new_challenge())
