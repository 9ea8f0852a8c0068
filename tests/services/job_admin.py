"""What staff see of the work at servers, and what they do about it; each beside its refusal."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from billing.models import Case
from services import credentials, drivers
from services.drivers import Driver, DriverError
from services.models import Credential, ProvisioningJob, Service
from tests.cast import user
from tests.support.jobs import do_jobs

JOBS = ProvisioningJob.objects
LIST = "/admin/services/provisioningjob/"


class Broken(Driver):
    """Does nothing at all."""

    def perform(self, job):
        raise DriverError("the disk is full", permanent=True)


@pytest.fixture
def browser(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def looker(client_of, provider):
    """Somebody of the staff who may read, and nothing else."""
    person = user("looker", is_staff=True)
    rights = ["view_provisioningjob", "view_service"]
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return client_of(person)


@pytest.fixture
def by_hand(buy, products):
    """A job that waits for staff."""
    products["hosting"].driver = "manual"
    products["hosting"].save()
    job = buy().jobs.get()
    do_jobs()
    return job


@pytest.fixture
def failed(buy, products, monkeypatch):
    """A job that has failed for good."""
    monkeypatch.setitem(drivers.DRIVERS, "broken", Broken)
    products["hosting"].driver = "broken"
    products["hosting"].save()
    job = buy().jobs.get()
    do_jobs()
    return job


def page(row, act="change"):
    return reverse(f"admin:services_{row._meta.model_name}_{act}", args=[row.pk])


def words(response):
    assert response.status_code == 200
    return response.content.decode()


def test_staff_find_what_they_are_to_do_and_do_it(browser, by_hand, client_of, owner, mailbox):
    queue = words(browser.get(LIST, {"turn": "staff"}))
    assert "Hosting (new-1.example)" in queue and "staff are to do it" in queue
    asked = words(browser.get(page(by_hand)))
    assert "months: 12" in asked and "By hand" in asked
    filled = {"remote_id": "vm-1", "facts": "Server: s1.example\n\nIP: 192.0.2.1", "kind_1": "ftp", "login_1": "u1"}
    filled |= {"password_1": " Secret-1! ", "host_1": "ftp.example"}
    assert browser.post(page(by_hand, "done"), filled).status_code == 302
    assert browser.post(page(by_hand, "done"), filled).status_code == 302
    service, account = Service.objects.get(), Credential.objects.get()
    assert (service.status, service.remote_id, service.configuration["IP"]) == ("active", "vm-1", "192.0.2.1")
    assert (account.login, account.password) == ("u1", " Secret-1! ")
    assert "Secret" not in words(browser.get(page(by_hand)))
    told = client_of(owner).get("/history/").content.decode()
    assert told.count("The provider did by hand for Hosting (new-1.example): Set up.") == 1
    assert "Your service runs" in mailbox(owner.email)[-1].subject


@pytest.mark.parametrize(
    ("filled", "refusal"),
    [
        ({"facts": ": nothing"}, "Each line is a name"),
        ({"facts": "x" * 61 + ": y"}, "Each line is a name"),
        ({"facts": "A: " + "y" * 501}, "Each line is a name"),
        ({"password_1": "Secret-1!"}, "Say which login"),
        ({"kind_1": "root", "login_1": "x"}, "Select a valid choice"),
        ({"remote_id": "x" * 121}, "at most 120 characters"),
    ],
)
def test_what_makes_no_sense_comes_back(browser, by_hand, filled, refusal):
    assert refusal in words(browser.post(page(by_hand, "done"), filled))
    by_hand.refresh_from_db()
    assert (by_hand.state, Service.objects.get().status) == ("accepted", "pending")


def test_staff_refuse_with_a_reason_that_the_customer_reads(browser, by_hand, client_of, owner):
    refused = words(browser.post(page(by_hand, "refuse"), {"reason": " "}))
    assert "This field is required" in refused and ">Reason:</label>" in refused
    for _n in range(2):
        assert browser.post(page(by_hand, "refuse"), {"reason": "No room in Gdańsk."}).status_code == 302
    by_hand.refresh_from_db()
    assert (by_hand.state, Service.objects.get().status, Case.objects.get().times) == ("failed", "pending", 1)
    assert "Set up. No room in Gdańsk." in client_of(owner).get("/history/").content.decode()


def test_what_failed_is_shown_with_its_reason_and_repeated(browser, failed, monkeypatch, client_of, owner):
    assert "the disk is full" in words(browser.get(LIST, {"turn": "failed"}))
    assert f'href="{page(failed)}"' in words(browser.get(f"/admin/billing/case/{Case.objects.get().pk}/change/"))
    monkeypatch.setattr(Broken, "perform", lambda self, job: drivers.Done())
    chosen = {"action": "repeat", "_selected_action": [failed.pk]}
    for _n in range(2):
        browser.post(LIST, chosen)
    failed.refresh_from_db()
    assert (failed.state, failed.failures) == ("waiting", 0)
    assert Event.objects.filter(action="driver_told_again").count() == 1
    assert (
        "repeats what failed for Hosting (new-1.example): Set up" in client_of(owner).get("/history/").content.decode()
    )
    do_jobs()
    failed.refresh_from_db()
    assert (failed.state, Case.objects.get().closed_at is None) == ("done", False)
    assert browser.post(page(failed, "again")).status_code == 302
    failed.refresh_from_db()
    assert failed.state == "done"


def test_one_is_repeated_on_its_page(browser, failed):
    assert browser.post(page(failed, "again")).status_code == 302
    failed.refresh_from_db()
    assert failed.state == "waiting"


def test_what_failed_is_given_up_and_waits_for_nobody(browser, failed, client_of, owner, monkeypatch):
    """The service that never ran is over; what may be at the server is to be deleted there."""
    assert "The service is ended" in words(browser.get(page(failed, "give-up")))
    for _n in range(2):
        assert browser.post(page(failed, "give-up"), {"reason": "We have no such server."}).status_code == 302
    assert JOBS.filter(act="terminate", state="waiting").count() == 1
    monkeypatch.setattr(Broken, "perform", lambda self, job: drivers.Done())
    do_jobs()
    failed.refresh_from_db()
    assert (failed.state, Service.objects.get().status) == ("dropped", "ended")
    assert not Case.objects.filter(closed_at=None).exists()
    told = client_of(owner).get("/history/").content.decode()
    assert told.count("The provider cannot set up Hosting (new-1.example). We have no such server.") == 1
    assert "Hosting (new-1.example)" not in words(browser.get(LIST, {"turn": "failed"}))


def test_what_waits_or_is_done_is_not_given_up(browser, by_hand):
    for state in ("accepted", "waiting", "dropped"):
        JOBS.filter(pk=by_hand.pk).update(state=state, next_at=timezone.now())
        assert browser.post(page(by_hand, "give-up"), {"reason": "x"}).status_code == 302
        by_hand.refresh_from_db()
        assert (by_hand.state, Service.objects.get().status) == (state, "pending")


def test_giving_up_another_act_leaves_the_service_as_it_is(browser, failed):
    Service.objects.update(status="active")
    JOBS.filter(pk=failed.pk).update(act="nameservers")
    assert browser.post(page(failed, "give-up"), {"reason": "Not needed."}).status_code == 302
    failed.refresh_from_db()
    assert (failed.state, Service.objects.get().status, JOBS.count()) == ("dropped", "active", 1)


def test_what_failed_can_be_done_by_hand(browser, failed):
    browser.post(page(failed, "done"), {"remote_id": "made by hand"})
    assert Service.objects.get().status == "active"
    assert Case.objects.get().closed_at is not None


def test_a_password_stands_there_only_while_somebody_is_to_set_it(browser, looker, hosting, products):
    products["hosting"].driver = "manual"
    products["hosting"].save()
    account = Credential(service=hosting, kind="ftp", login="u1")
    account.password = "Old-1!"
    account.save()
    job = credentials.change(account, "Wanted-1!", by=None)
    do_jobs()
    assert "Wanted-1!" in words(browser.get(page(job)))
    assert "Wanted-1!" not in words(looker.get(page(job))) + words(browser.get(LIST))
    assert browser.post(page(job, "done")).status_code == 302
    assert "Wanted-1!" not in words(browser.get(page(job)))


def test_who_may_only_look_does_nothing(looker, by_hand, hosting):
    assert looker.get(LIST).status_code == looker.get(page(by_hand)).status_code == 200
    for act in ("done", "refuse", "again"):
        assert looker.post(page(by_hand, act), {"reason": "x"}).status_code == 403
    looker.post(LIST, {"action": "repeat", "_selected_action": [by_hand.pk]})
    assert looker.post(page(hosting, "hold")).status_code == 403
    by_hand.refresh_from_db()
    assert (by_hand.state, JOBS.count()) == ("accepted", 1)


def test_staff_switch_a_service_off_and_on(browser, hosting, client_of, owner):
    for act, status in [("hold", "suspended"), ("release", "active")]:
        for _n in range(2):
            assert browser.post(page(hosting, act)).status_code == 302
        do_jobs()
        hosting.refresh_from_db()
        assert hosting.status == status
    assert JOBS.count() == 2
    told = client_of(owner).get("/history/").content.decode()
    assert "The provider is switching Hosting Garden (garden.example) off." in told
    assert "was switched on again" in told


def test_the_list_costs_the_same_however_long_it_is(browser, buy):
    buy()
    browser.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(LIST)
    for number in range(2, 12):
        buy(number)
    with CaptureQueriesContext(connection) as many:
        browser.get(LIST)
    assert len(many) == len(few)
