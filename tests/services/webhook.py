"""A server that is told by webhook: whatever it does, the panel says what is true, and staff see what is wrong."""

import json
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from billing.models import Case
from panel.checks import webhook_address
from services import credentials, drivers, provisioning
from services.drivers import webhook
from services.models import Credential, ProvisioningJob
from services.signing import HEADER, sign
from tests.support import rack
from tests.support.jobs import do_jobs, try_again

JOBS = ProvisioningJob.objects


@pytest.fixture
def job(server, buy):
    """The job of a service that is to be set up."""
    return buy().jobs.get()


def now(job):
    """(state of the job, status of its service), as they are by now."""
    job.refresh_from_db()
    return job.state, type(job.service).objects.get(pk=job.service_id).status


def test_the_server_is_told_what_it_needs_and_sets_it_up(server, job, customer):
    do_jobs()
    asked = server.asked[0]
    assert (asked["reference"], asked["act"], asked["service"]["customer"]) == ("create:line:1", "create", 1000001)
    assert asked["asked"] | {"product": "hosting", "months": 12, "domain": "new-1.example"} == asked["asked"]
    assert asked["answer_to"].endswith(f"/provisioning/webhook/{job.pk}/")
    assert now(job) == ("done", "active")
    assert (job.service.jobs.get().answered["remote_id"], Credential.objects.get().password) == ("vm-1", "Secret-1!")
    assert "Secret" not in json.dumps(job.answered)


@pytest.mark.parametrize("mood", ["fails", "talks_garbage", "talks_for_ever", "drops", "hangs", "drips"])
def test_what_goes_wrong_once_is_told_to_staff_and_tried_again(server, job, mood, monkeypatch):
    monkeypatch.setattr(webhook.WebhookDriver, "TIMEOUT_SECONDS", 0.3)
    server.moods = [mood]
    do_jobs()
    assert now(job) == ("waiting", "pending")
    case = Case.objects.get()
    assert (case.reason, case.closed_at, bool(job.error)) == ("driver_failed", None, True)
    assert "Secret" not in job.error + json.dumps(job.answered)
    monkeypatch.setattr(webhook.WebhookDriver, "TIMEOUT_SECONDS", 10)
    try_again()
    assert now(job) == ("done", "active")
    case.refresh_from_db()
    assert (len(server.accounts), case.closed_at is None, job.error) == (1, False, "")


def test_what_the_server_refuses_is_not_tried_again(server, job):
    server.moods = ["refuses"]
    assert [do_jobs(), try_again()] == [1, 0]
    assert now(job) == ("failed", "pending")
    assert "no room on any server" in job.error


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 60_000,
        b'{"remote_id": 5}',
        b'{"remote_id": "a\\u0000b"}',
        b'{"remote_id": "' + b"x" * 121 + b'"}',
        b'{"configuration": {"A": ["b"]}}',
        b'{"configuration": {"": "b"}}',
        b'{"configuration": ' + json.dumps({f"n{n}": "" for n in range(31)}).encode() + b"}",
        b'{"accounts": {}}',
        b'{"accounts": ["x"]}',
        b'{"accounts": [{"kind": "root", "login": "x"}]}',
        b'{"accounts": [{"kind": "ftp", "login": ""}]}',
    ],
)
def test_garbage_sets_nothing_up(server, job, answer, monkeypatch):
    monkeypatch.setattr(rack.Handler, "well", lambda self, asked: self.say(200, answer))
    do_jobs()
    assert now(job) == ("waiting", "pending")
    assert "makes no sense" in job.error


def call(job, content, *, secret=rack.SECRET, at=None, header=None, raw=None):
    """The status of a callback, rightly signed unless told otherwise."""
    body = raw if raw is not None else json.dumps({"reference": job.reference} | content).encode()
    header = sign(secret, body, int(at or time.time())) if header is None else header
    browser = Client(enforce_csrf_checks=True, headers={HEADER: header} if header else {})
    address = f"/provisioning/webhook/{job.pk}/"
    return browser.post(address, body, content_type="application/json").status_code


@pytest.fixture
def accepted(server, job):
    """The server has taken the job over and will tell."""
    server.moods = ["accepts"]
    do_jobs()
    assert now(job) == ("accepted", "pending")
    return job


DONE = {"state": "done", "remote_id": "vm-7", "accounts": [{"kind": "ftp", "login": "u7", "password": "Secret-7!"}]}
FAILED = {"state": "failed", "error": "no room"}


def test_the_server_tells_later_that_it_is_done(accepted):
    assert [call(accepted, DONE), call(accepted, DONE)] == [200, 200]
    assert now(accepted) == ("done", "active")
    assert (Credential.objects.get().password, "Secret" in json.dumps(accepted.answered)) == ("Secret-7!", False)
    assert call(accepted, FAILED) == 409
    assert now(accepted) == ("done", "active")


@pytest.mark.parametrize("reference", ["a\x00b", "\ud800", "x" * 5000, {}, [1], 7, None], ids=ascii)
def test_a_reference_that_is_none_is_refused(accepted, reference):
    assert call(accepted, DONE | {"reference": reference}) in (400, 404)
    assert now(accepted) == ("accepted", "pending")


def test_the_server_tells_later_that_it_failed_and_after_all_did_it(accepted):
    assert call(accepted, FAILED) == 200
    assert now(accepted) == ("failed", "pending")
    assert (accepted.error, Case.objects.get().reason) == ("no room", "driver_failed")
    assert call(accepted, DONE) == 200
    assert now(accepted) == ("done", "active")


def test_a_word_that_was_heard_does_not_count_again_after_a_repeat(server, accepted):
    at = time.time()
    call(accepted, FAILED, at=at)
    provisioning.repeat(JOBS.all(), by=None)
    server.moods = ["accepts"]
    do_jobs()
    assert call(accepted, FAILED, at=at) == 200
    assert now(accepted) == ("accepted", "pending")
    assert call(accepted, FAILED, at=at + 1) == 200
    assert now(accepted) == ("failed", "pending")


def test_a_lost_callback_is_asked_after(server, accepted):
    assert do_jobs() == 0
    try_again()
    assert now(accepted) == ("done", "active")
    assert len(server.accounts) == 1


def test_a_callback_that_is_faster_than_our_note_counts(server, job, monkeypatch):
    """It comes while we are still reading that the job was accepted."""

    def tell_at_once(self, asked):
        told.append(asked)
        self.say(202, {})

    told = []
    monkeypatch.setattr(rack.Handler, "well", tell_at_once)
    perform = webhook.WebhookDriver.perform

    def slow(self, claimed):
        outcome = perform(self, claimed)
        assert call(claimed, DONE) == 200
        return outcome

    monkeypatch.setattr(webhook.WebhookDriver, "perform", slow)
    do_jobs()
    assert (now(job), len(told)) == (("done", "active"), 1)


@pytest.mark.parametrize(
    "forged",
    [
        {"header": ""},
        {"header": "t=1,v1="},
        {"header": "v1=abc"},
        {"header": "t=x,v1=abc"},
        {"header": "nonsense"},
        {"header": "t=99999999999,v1=ą"},
        {"secret": "another-secret-0123456789abcdef-0123456789"},
        {"secret": ""},
        {"at": 1_000_000_000},
        {"at": 9_000_000_000},
        {"raw": b""},
        {"raw": b"[]"},
        {"raw": b"\xff\x00"},
        {"raw": b"[" * 60_000},
    ],
    ids=str,
)
def test_what_is_not_signed_just_now_by_the_server_is_refused(accepted, forged):
    assert call(accepted, DONE, **forged) == 400
    assert now(accepted) == ("accepted", "pending")


@pytest.mark.parametrize("content", [{}, {"state": "perhaps"}, {"state": "done", "remote_id": 5}, {"state": ["done"]}])
def test_what_makes_no_sense_changes_nothing(accepted, content):
    assert call(accepted, content) == 400
    assert now(accepted) == ("accepted", "pending")


def test_our_own_question_is_no_answer(server, accepted):
    """Both sides sign with the same secret: who sends our words back has said nothing."""
    assert call(accepted, server.asked[0]) == 400
    assert now(accepted) == ("accepted", "pending")


def test_a_callback_is_about_one_job(accepted, buy):
    other = buy(2).jobs.get()
    raw = json.dumps({"reference": accepted.reference} | DONE).encode()
    assert call(other, {}, raw=raw) == 404
    assert call(other, DONE) == 409, "it was not asked yet"
    JOBS.filter(pk=accepted.pk).update(driver="manual")
    assert call(accepted, DONE) == 404
    assert now(accepted) == ("accepted", "pending")


def test_a_flood_is_cut_off(accepted):
    assert call(accepted, {}, raw=b"x" * 70_000) == 413


def test_without_a_secret_nobody_is_believed(accepted, settings):
    settings.PROVISIONING_WEBHOOK_SECRET = ""
    assert call(accepted, DONE, secret="") == 400


@pytest.mark.parametrize("secret", ["", "short"])
def test_an_address_without_a_secret_stops_the_start(settings, secret):
    settings.PROVISIONING_WEBHOOK_URL, settings.PROVISIONING_WEBHOOK_SECRET = "https://rack.example/", secret
    with pytest.raises(ImproperlyConfigured, match="PROVISIONING_WEBHOOK_SECRET"):
        drivers.refuse_half_configured()
    settings.PROVISIONING_WEBHOOK_SECRET = rack.SECRET
    drivers.refuse_half_configured()


def test_a_short_secret_stops_the_start_also_where_nobody_is_asked(settings):
    """Usage is believed by it, and callbacks."""
    settings.PROVISIONING_WEBHOOK_URL, settings.PROVISIONING_WEBHOOK_SECRET = "", "short"
    with pytest.raises(ImproperlyConfigured, match="PROVISIONING_WEBHOOK_SECRET"):
        drivers.refuse_half_configured()
    settings.PROVISIONING_WEBHOOK_SECRET = ""
    drivers.refuse_half_configured()


@pytest.mark.parametrize(
    ("address", "is_clear"),
    [
        ("http://rack.example/jobs", True),
        ("http://127.0.0.1.evil.example/", True),
        ("https://rack.example/jobs", False),
        ("http://127.0.0.1:9000/jobs", False),
        ("http://localhost/", False),
        ("", False),
    ],
)
def test_passwords_do_not_go_over_the_wire_in_clear(settings, address, is_clear):
    settings.PROVISIONING_WEBHOOK_URL = address
    assert [fault.id for fault in webhook_address(None)] == ["panel.E015"] * is_clear


def test_a_new_password_is_sent_and_kept_nowhere(server, job, client_of, owner):
    do_jobs()
    account = Credential.objects.get()
    asked = credentials.change(account, "Wanted-1!", by=owner)
    do_jobs()
    asked.refresh_from_db(), account.refresh_from_db()
    told = server.asked[-1]
    assert (told["act"], told["account"]["login"], told["account"]["password"]) == ("password", "u1", "Wanted-1!")
    assert (asked.state, account.password) == ("done", "Wanted-1!")
    assert "Wanted" not in json.dumps([asked.asked, asked.answered, asked.error])


def test_without_an_address_it_has_failed_for_good(job, settings):
    settings.PROVISIONING_WEBHOOK_URL = ""
    do_jobs()
    assert (now(job), job.error) == (("failed", "pending"), "PROVISIONING_WEBHOOK_URL is not set")
