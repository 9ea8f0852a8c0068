"""Usage that drivers report: kept once for each reference, whatever is repeated, reordered or nonsense."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.models import BackgroundTask
from accounts.work.retry import Retry
from billing import cases, failures
from billing.models import Case
from services import drivers, jobs, usage
from services.drivers import DriverError, Used
from services.models import Usage

D = Decimal


def call(reference="c1", **fields):
    """A call of two and a half minutes that ended an hour ago."""
    ended_at = timezone.now() - timedelta(hours=1)
    facts = {"what": "+48 601 555 010", "quantity": D("2.5"), "unit": "min", "net": D("0.30")}
    times = {"started_at": ended_at - timedelta(seconds=150), "ended_at": ended_at}
    return Used(**{"reference": reference} | facts | times | fields)


@pytest.fixture
def heard(monkeypatch):
    heard = []
    monkeypatch.setattr(usage, "ON_USAGE", [lambda service, uses: heard.append([use.reference for use in uses])])
    return heard


def test_each_reference_is_kept_once(voip, heard):
    first, second = call("c1"), call("c2")
    assert usage.report(voip, [second, first]).new == 2
    assert usage.report(voip, [first, second]) == usage.Told(0, [])
    assert usage.report(voip, [first, call("c3"), first]).new == 1
    assert sorted(Usage.objects.values_list("reference", flat=True)) == ["c1", "c2", "c3"]
    assert heard == [["c1", "c2"], ["c3"]]


def test_another_content_for_a_known_reference_changes_nothing(voip, hosting, heard):
    told = call()
    usage.report(voip, [told])
    assert usage.report(voip, [replace(told, net=D("9.99"))]).differing == ["c1"]
    hosting.product = voip.product
    assert usage.report(hosting, [told]).differing == ["c1"]
    row = Usage.objects.get()
    assert (row.net, row.service) == (D("0.30"), voip)


@pytest.mark.parametrize(
    "fields",
    [
        {"net": D("-0.01")},
        {"net": D("0.001")},
        {"net": "free"},
        {"quantity": D(-1)},
        {"reference": ""},
        {"reference": "x" * 101},
        {"what": ""},
        {"started_at": timezone.now()},
        {"ended_at": timezone.now() + timedelta(days=1)},
        {"started_at": "yesterday"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_nonsense_is_refused_with_all_of_its_report(voip, fields, heard):
    with pytest.raises(usage.BadUsage):
        usage.report(voip, [call("good"), call(**{"reference": "bad"} | fields)])
    assert not Usage.objects.exists() and heard == []


class Talkative(drivers.NullDriver):
    """A driver that tells `told` when asked."""

    told, since = [], []
    error = None

    def usage(self, since):
        self.since.append(since)
        if self.error:
            raise self.error
        return self.told


@pytest.fixture
def talkative(monkeypatch, voip):
    monkeypatch.setitem(drivers.DRIVERS, "talkative", Talkative)
    monkeypatch.setattr(Talkative, "told", [(voip, call("c1")), (voip, call("c2"))])
    monkeypatch.setattr(Talkative, "since", [])
    monkeypatch.setattr(Talkative, "error", None)
    voip.product.driver = "talkative"
    voip.product.save()
    return Talkative


def test_by_the_clock_drivers_that_have_usage_are_asked(talkative, voip, hosting):
    jobs.ask_for_usage.call()
    asked = BackgroundTask.objects.filter(task_path="services.usage.ask_driver")
    assert [task.args_kwargs["args"] for task in asked] == [["talkative"]]
    for _ in range(2):
        usage.ask_driver.call("talkative")
    assert Usage.objects.filter(service=voip, driver="talkative").count() == 2
    first, second = talkative.since
    last = Usage.objects.first().ended_at
    # Asked again a while back: what is told late is not lost.
    assert (second, first < last - timedelta(days=6)) == (last - usage.OVERLAP, True)


def test_a_driver_that_is_down_is_asked_again_and_one_that_never_can_is_not(talkative):
    talkative.error = DriverError("it is down")
    with pytest.raises(Retry):
        usage.ask_driver.call("talkative")
    talkative.error = DriverError("no such account", permanent=True)
    with pytest.raises(DriverError):
        usage.ask_driver.call("talkative")
    assert not Usage.objects.exists()


def test_the_pretend_switchboard_tells_the_same_calls_whenever_it_is_asked(voip):
    from services.models import SwitchboardNumber

    voip.product.driver = "sip_null"
    voip.product.save()
    voip.remote_id, voip.starts_on = "+48 22 1", timezone.localdate() - timedelta(days=30)
    voip.save()
    SwitchboardNumber.objects.create(number="+48 22 1", state="on", reference="x")
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        usage.ask_driver.call("sip_null")
    early = Usage.objects.count()
    for _ in range(2):
        usage.ask_driver.call("sip_null")
    assert 0 < early < Usage.objects.count()
    ids = list(Usage.objects.values_list("pk", flat=True))
    assert usage.report(voip, [used for _s, used in drivers.PretendSwitchboard().usage(early_day())]).new >= 0
    assert set(ids) <= set(Usage.objects.values_list("pk", flat=True))


def early_day():
    return timezone.now() - timedelta(days=2)


@pytest.mark.parametrize(
    "fields",
    [{"net": D("-0.01")}, {"net": "free"}, {"started_at": timezone.now()}, {"what": ""}, {"quantity": None}],
    ids=["negative", "no number", "backwards", "nothing", "missing"],
)
def test_one_bad_record_holds_back_no_other(talkative, voip, heard, fields):
    bad = call("bad", **fields)
    talkative.told = [(voip, call("c1")), (voip, bad), (voip, call("c2"))]
    for times in (1, 2):
        usage.ask_driver.call("talkative")
        assert sorted(Usage.objects.values_list("reference", flat=True)) == ["c1", "c2"]
        case = Case.objects.get()
        assert (case.reason, case.times, case.customer) == ("bad_usage", times, voip.customer)
    assert heard == [["c1", "c2"]]
    assert case.details["error"].startswith("bad: ") and case.details["service"] == str(voip)


def test_a_bad_record_that_comes_right_closes_its_case(talkative, voip):
    talkative.told = [(voip, call("c1", net=D(-1)))]
    usage.ask_driver.call("talkative")
    talkative.told = [(voip, call("c1"))]
    usage.ask_driver.call("talkative")
    assert Case.objects.get().closed_at and Usage.objects.get().net == D("0.30")


def test_what_staff_have_settled_is_not_told_again(talkative, voip, administrator):
    talkative.told = [(voip, call("c1", net=D(-1)))]
    usage.ask_driver.call("talkative")
    cases.close(Case.objects.get(), resolution="Written off", by=administrator)
    usage.ask_driver.call("talkative")
    assert Case.objects.get().times == 1


def test_a_driver_that_talks_nonsense_only_does_not_bury_staff(talkative, voip):
    talkative.told = [(voip, call(f"c{n}", net=D(-1))) for n in range(failures.MOST_AT_ONCE + 5)]
    usage.ask_driver.call("talkative")
    assert Case.objects.count() == failures.MOST_AT_ONCE


def test_a_driver_tells_of_its_own_services_only(talkative, voip, hosting):
    talkative.told = [(hosting, call("c1")), (voip, call("c2"))]
    usage.ask_driver.call("talkative")
    assert Usage.objects.get().reference == "c2" and "not one of the driver" in Case.objects.get().details["error"]
