"""A driver that fails: the money and the date stay, staff hear of it once, and a later success closes the case."""

import pytest

from accounts.models import BackgroundTask
from accounts.work.retry import Retry
from billing import payments
from billing.models import Case, Receivable
from services import drivers, expiry, tasks
from services.drivers import Driver, DriverError
from services.models import Extension
from tests.billing.conftest import begin, buyer, company, order, prices, report  # noqa: F401  a shop for one renewal


class Stubborn(Driver):
    """Does what `answer` says; `told` are the days it has understood."""

    answer = None
    told = []

    def extend(self, service, extension):
        if self.answer:
            raise self.answer
        self.told.append(extension.last_day)


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
def tell():
    """`tell(extension)` is one go of the worker."""
    return lambda extension: tasks.tell_driver.func(extension.pk)


@pytest.fixture
def extended(buyer, hosting, order, begin, report):  # noqa: F811  the fixtures of billing
    """The extension that a paid order has made."""
    payments.apply(report(begin(buyer, order(buyer, hosting))), gateway="sandbox")
    return Extension.objects.get()


def test_a_payment_leaves_the_driver_to_the_worker(driver, extended, tell):
    assert (extended.state, driver.told) == ("waiting", [])
    assert BackgroundTask.objects.get(task_path="services.tasks.tell_driver").args_kwargs["args"] == [extended.pk]
    for _ in range(2):
        tell(extended)
    extended.refresh_from_db()
    assert (extended.state, driver.told, Case.objects.count()) == ("done", [extended.last_day], 0)


@pytest.mark.parametrize("error", [DriverError("it is down"), ValueError("a bug")], ids=str)
def test_a_driver_that_fails_takes_nothing_back(driver, extended, tell, error, hosting):
    driver.answer = error
    for _ in range(2):
        with pytest.raises((Retry, ValueError)):
            tell(extended)
    extended.refresh_from_db(), hosting.refresh_from_db()
    assert (extended.state, extended.attempts, hosting.ends_on) == ("failed", 2, extended.last_day)
    assert Receivable.objects.get().state == "paid"
    case = Case.objects.get()
    assert (case.reason, case.times, case.customer, case.closed_at) == ("driver_failed", 2, hosting.customer, None)
    assert case.details["service"] == str(hosting)


def test_the_success_of_a_later_try_closes_the_case(driver, extended, tell):
    driver.answer = DriverError("it is down")
    with pytest.raises(Retry):
        tell(extended)
    driver.answer = None
    tell(extended)
    extended.refresh_from_db()
    assert (extended.state, extended.error, extended.attempts) == ("done", "", 2)
    assert Case.objects.get().closed_at is not None


def test_what_can_never_work_is_not_tried_again(driver, extended, tell):
    driver.answer = DriverError("no such account", permanent=True)
    tell(extended)
    extended.refresh_from_db()
    assert (extended.state, extended.error, Case.objects.get().reason) == (
        "failed",
        "no such account",
        "driver_failed",
    )


def test_a_driver_that_no_version_knows(products, extended, tell):
    products["hosting"].driver = "gone"
    products["hosting"].save()
    tell(extended)
    assert "gone" in Case.objects.get().details["error"]


def test_an_older_extension_does_not_shorten_the_time(driver, extended, hosting, tell):
    driver.answer = DriverError("it is down")
    with pytest.raises(Retry):
        tell(extended)
    driver.answer = None
    later = expiry.extend(hosting, 12, reference="later", by=None)
    tell(later)
    tell(extended)
    extended.refresh_from_db()
    assert (driver.told, extended.state) == ([later.last_day], "done")
    assert Case.objects.get().closed_at is not None


def test_without_the_look_it_would(driver, extended, hosting, tell, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(tasks, "is_overtaken", lambda extension: False)
    later = expiry.extend(hosting, 12, reference="later", by=None)
    tell(later), tell(extended)
    assert driver.told == [later.last_day, extended.last_day]
