"""A driver that fails: the money and the date stay, staff hear of it once, and a later success closes the case."""

import pytest

from billing import gateway_reports
from billing.models import Case, Receivable
from services import drivers, expiry, overtaking, provisioning, running
from services.drivers import Done, Driver, DriverError
from services.models import ProvisioningJob
from tests.billing.conftest import begin, buyer, company, order, prices, report  # noqa: F401  a shop for one renewal
from tests.support.jobs import do_jobs, try_again


class Stubborn(Driver):
    """Does what `answer` says; `told` are the days it has understood."""

    answer = None
    told = []

    def extend(self, job):
        if self.answer:
            raise self.answer
        self.told.append(job.asked["until"])
        return Done()


@pytest.fixture
def driver(monkeypatch, products):
    """The driver of all hosting."""
    monkeypatch.setitem(drivers.DRIVERS, "stubborn", Stubborn)
    monkeypatch.setattr(Stubborn, "answer", None)
    monkeypatch.setattr(Stubborn, "told", [])
    products["hosting"].driver = "stubborn"
    products["hosting"].save()
    return Stubborn


@pytest.fixture
def job(driver, buyer, hosting, order, begin, report):  # noqa: F811  the fixtures of billing
    """The job that a paid order has made."""
    gateway_reports.apply(report(begin(buyer, order(buyer, hosting))), gateway="sandbox")
    hosting.refresh_from_db()
    return ProvisioningJob.objects.get()


def test_a_payment_leaves_the_driver_to_the_worker(driver, job, hosting):
    assert (job.act, job.driver, job.state, driver.told) == ("extend", "stubborn", "waiting", [])
    assert [do_jobs(), do_jobs()] == [1, 0]
    job.refresh_from_db()
    assert (job.state, job.attempts, job.claimed_by, job.next_at) == ("done", 1, "", None)
    assert (driver.told, Case.objects.count()) == ([hosting.ends_on.isoformat()], 0)


@pytest.mark.parametrize("error", [DriverError("it is down"), ValueError("a bug")], ids=str)
def test_a_driver_that_fails_takes_nothing_back(driver, job, error, hosting):
    driver.answer, ends_on = error, hosting.ends_on
    assert [do_jobs(), do_jobs(), try_again()] == [1, 0, 1]
    job.refresh_from_db(), hosting.refresh_from_db()
    assert (job.state, job.attempts, job.failures, hosting.ends_on) == ("waiting", 2, 2, ends_on)
    assert (str(error) if isinstance(error, DriverError) else "ValueError at ") in job.error
    assert Receivable.objects.get().state == "paid"
    case = Case.objects.get()
    assert (case.reason, case.times, case.customer, case.closed_at) == ("driver_failed", 2, hosting.customer, None)
    assert case.details["service"] == str(hosting)


def test_the_success_of_a_later_try_closes_the_case(driver, job):
    driver.answer = DriverError("it is down")
    do_jobs()
    driver.answer = None
    try_again()
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts, job.failures) == ("done", "", 2, 0)
    assert Case.objects.get().closed_at is not None


def test_what_can_never_work_is_not_tried_again(driver, job):
    driver.answer = DriverError("no such account", permanent=True)
    assert [do_jobs(), try_again()] == [1, 0]
    job.refresh_from_db()
    assert (job.state, job.error, job.next_at) == ("failed", "no such account", None)
    assert Case.objects.get().reason == "driver_failed"


def test_after_many_failures_it_has_failed_for_good(driver, job):
    driver.answer = DriverError("it is down")
    do_jobs()
    while try_again():
        pass
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", provisioning.POLICY.attempts)


def test_the_pauses_grow(driver, job):
    driver.answer = DriverError("it is down")
    pauses = []
    do_jobs()
    for _n in range(5):
        job.refresh_from_db()
        pauses.append((job.next_at - job.tried_at).total_seconds())
        try_again()
    assert pauses == sorted(pauses) and pauses[-1] > 8 * pauses[0]


def test_a_driver_that_no_version_knows(products, job):
    ProvisioningJob.objects.update(driver="gone")
    do_jobs()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "gone" in Case.objects.get().details["error"]


def test_an_act_that_a_driver_does_not_know_is_told_to_staff(driver, hosting):
    job = provisioning.ask(hosting, "suspend", reference="x", by=None)
    do_jobs()
    job.refresh_from_db(), hosting.refresh_from_db()
    assert (job.state, hosting.status) == ("failed", "active")
    assert "cannot do this" in Case.objects.get().details["error"]


def test_a_driver_that_returns_nonsense_has_done_nothing(driver, job, monkeypatch):
    monkeypatch.setattr(Stubborn, "extend", lambda self, job: "fine")
    do_jobs()
    job.refresh_from_db()
    assert (job.state, job.error) == ("waiting", "the driver returned a str")


def test_an_older_extension_does_not_shorten_the_time(driver, job, hosting):
    driver.answer = DriverError("no such account", permanent=True)
    do_jobs()
    driver.answer = None
    later = expiry.extend(hosting, 12, reference="later", by=None)
    do_jobs()
    provisioning.repeat(ProvisioningJob.objects.filter(pk=job.pk), by=None)
    assert do_jobs() == 1
    job.refresh_from_db()
    assert (driver.told, job.state) == ([later.last_day.isoformat()], "dropped")
    assert Case.objects.get().closed_at is not None


def test_without_the_look_it_would(driver, job, hosting, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(running, "is_overtaken", lambda job: False)
    driver.answer = DriverError("no such account", permanent=True)
    do_jobs()
    driver.answer = None
    later = expiry.extend(hosting, 12, reference="later", by=None)
    do_jobs()
    provisioning.repeat(ProvisioningJob.objects.filter(pk=job.pk), by=None)
    do_jobs()
    assert driver.told == [later.last_day.isoformat(), job.asked["until"]]


def test_what_was_erased_overtakes_nothing(driver, job):
    before = ProvisioningJob.objects.create(
        service=job.service, act="extend", reference="old", state="done", done_at=job.created_at, next_at=None
    )
    assert before.asked == {} and not overtaking.is_overtaken(job)
