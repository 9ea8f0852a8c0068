"""Drivers that repeat what they were told in confidence: it reaches neither the log nor any row that people read."""

import pytest

from accounts import keys
from accounts.models import BackgroundTask, Event
from billing.models import Case
from services import availability, confidence, drivers, provisioning, registrars, usage
from services.domain_names import parse
from services.drivers import Accepted, Account, Done, Driver, DriverError
from services.models import Credential, ProvisioningJob
from tests.support.jobs import do_jobs, try_again

PASSWORD, AUTHINFO, KEY = 'New"Sécret\\5678', "Code/of the name", "not-a-secret-of-name-servers-0123456789"
ODD = ["{0}", "{0!r}", "{1}", "{2}"]


class Indiscreet(Driver):
    """Fails, or answers, as `answer` says."""

    answer = None

    def perform(self, job):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def usage(self, since):
        raise self.answer


@pytest.fixture(autouse=True)
def all_of_the_log(caplog):
    caplog.set_level("DEBUG")


@pytest.fixture
def driver(monkeypatch, products, settings):
    settings.POWERDNS_KEY = KEY
    monkeypatch.setitem(drivers.DRIVERS, "indiscreet", Indiscreet)
    products["hosting"].driver = "indiscreet"
    products["hosting"].save()
    return Indiscreet


@pytest.fixture
def account(hosting):
    row = Credential(service=hosting, kind="ftp", login="garden")
    row.password = "Old-Secret-1234"
    row.save()
    return row


@pytest.fixture
def job(driver, account, owner):
    """The job that is to set PASSWORD."""
    account.next_password, account.changes = PASSWORD, 1
    account.save()
    asked = {"credential": account.pk, "change": 1}
    return provisioning.ask(account.service, "password", reference="password:1", by=owner, **asked)


def everything(caplog):
    """What the log says, and all rows that a failure is kept in, as they are written out."""
    models = (ProvisioningJob, Case, Event, BackgroundTask)
    return caplog.text + "".join(str(row) for model in models for row in model.objects.values())


def leaks(text, *more):
    secrets = (PASSWORD, AUTHINFO, KEY, "Old-Secret-1234", *more)
    return [form for secret in secrets for form in confidence.written(secret) if form in text]


@pytest.mark.parametrize("kind", [DriverError, ValueError, KeyError])
@pytest.mark.parametrize("words", ODD, ids=["plain", "quoted", "key", "old"])
def test_an_error_that_repeats_a_secret_gives_nothing_away(driver, job, kind, words, caplog):
    said = words.format(PASSWORD, KEY, "Old-Secret-1234")
    driver.answer = kind(f"cannot set {said} for garden")
    do_jobs()
    job.refresh_from_db()
    assert job.failures == 1 and job.error
    assert leaks(everything(caplog)) == []
    assert ("for garden" in job.error) == (kind is DriverError)


def test_a_mistake_says_where_it_was_made(driver, job, caplog):
    driver.answer = ValueError(PASSWORD)
    do_jobs()
    job.refresh_from_db()
    assert "ValueError at " in job.error and "confidence.py" in job.error and "perform" in job.error
    assert job.error in caplog.text


def test_an_error_about_the_note_of_an_error_does_not_bring_it_along(driver, job, caplog, monkeypatch):
    """The log prints what an exception was raised upon, too."""

    def full(job, words, **rest):
        raise OSError("the disk is full")

    driver.answer = ValueError(PASSWORD)
    monkeypatch.setattr(provisioning, "fail", full)
    with pytest.raises(OSError, match="the disk") as found:
        do_jobs()
    assert found.value.__context__ is None
    assert leaks(everything(caplog)) == []


def test_a_password_that_was_overtaken_meanwhile_is_not_told_either(driver, job, account, monkeypatch, caplog):
    def slow(self, job):
        row = Credential.objects.get(pk=account.pk)
        row.next_password, row.changes = "Newest-Secret-9", 2
        row.save()
        raise DriverError(f"{PASSWORD} is too old")

    monkeypatch.setattr(driver, "perform", slow)
    do_jobs()
    assert leaks(everything(caplog), "Newest-Secret-9") == []


@pytest.mark.parametrize("outcome", [Done, Accepted])
def test_an_answer_is_kept_without_secrets(driver, job, outcome, caplog):
    driver.answer = outcome(answer={"said": [f"set to {PASSWORD}"], "with": {"key": KEY}, "count": 1})
    do_jobs()
    job.refresh_from_db()
    assert job.answered == {"said": ["set to …"], "with": {"key": "…"}, "count": 1}
    assert leaks(everything(caplog)) == []


def test_a_password_of_the_servers_own_making_is_not_kept_in_its_answer(driver, hosting, caplog):
    made = Account("ftp", "u1", "Made-By-Server-1")
    driver.answer = Done(accounts=(made,), answer={"stdout": "useradd u1 Made-By-Server-1"})
    provisioning.ask(hosting, "extend", reference="extend:0", by=None, until="2030-01-01")
    do_jobs()
    assert hosting.credentials.get().password == "Made-By-Server-1"
    assert leaks(everything(caplog), "Made-By-Server-1") == []


def test_an_authinfo_of_a_registrar_is_not_kept(monkeypatch, domain, owner, caplog):
    domain.registration.authinfo = keys.encrypt(AUTHINFO)
    domain.registration.save()
    answers = [ValueError(AUTHINFO), DriverError(f"<code>{AUTHINFO}</code>"), Done(authinfo="Given-Out-1")]

    def authinfo(self, job):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Done(authinfo=answer.authinfo, answer={"raw": f"<code>{answer.authinfo}</code>"})

    monkeypatch.setattr(registrars.REGISTRARS["null"], "authinfo", authinfo)
    provisioning.ask(domain, "authinfo", reference="authinfo:1", by=owner)
    do_jobs(), try_again(), try_again()
    assert ProvisioningJob.objects.get().state == "done"
    assert leaks(everything(caplog), "Given-Out-1") == []


@pytest.mark.parametrize("error", [DriverError(f"401 with {KEY}"), ValueError(KEY)], ids=["known", "mistake"])
def test_a_registrar_that_is_asked_which_names_are_free_gives_no_key_away(
    settings, products, monkeypatch, caplog, error
):
    settings.POWERDNS_KEY = KEY

    def availability_of(self, names):
        raise error

    monkeypatch.setattr(registrars.REGISTRARS["null"], "availability", availability_of)
    [name] = parse("free.pl", ["pl"])
    assert availability.of([(name, products["domain"])]) == {name: availability.State.UNKNOWN}
    assert "cannot say which names are free" in caplog.text
    assert leaks(caplog.text) == []


@pytest.mark.parametrize("permanent", [False, True])
def test_a_driver_that_is_asked_for_usage_gives_no_key_away(driver, permanent, caplog):
    driver.answer = DriverError(f"401 with {KEY}", permanent=permanent)
    with pytest.raises(Exception, match="401 with …") as found:
        usage.ask_driver.call("indiscreet")
    assert leaks(str(found.getrepr())) == []


def test_without_the_cleaning_it_would_be_kept(driver, job, monkeypatch, caplog):
    """The negative control."""
    monkeypatch.setattr(confidence, "cleaned", lambda said, secrets: said)
    driver.answer = DriverError(PASSWORD)
    do_jobs()
    assert leaks(everything(caplog)) != []
