"""Jobs of one service, one after the other: what waits for what, what is dropped, and what is true meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Event, Membership, Outbox, WorkerHeartbeat
from accounts.work import heartbeat
from billing.models import Case
from services import closing, drivers, expiry, provisioning, purchasing, running
from services.drivers import Accepted, Account, Done, Driver, DriverError
from services.models import (
    Credential,
    OptionValue,
    Price,
    ProductOption,
    ProvisioningJob,
    Service,
    ServiceGrant,
)
from tests.support.jobs import WORKER, do_jobs, try_again

JOBS = ProvisioningJob.objects


class Machine(Driver):
    """Notes what it was told; `answers` are what it returns or raises for an act, done unless told."""

    told = []
    answers = {}

    def perform(self, job):
        self.told.append(job.act)
        answer = self.answers.get(job.act, Done())
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def machine(monkeypatch, products):
    """The driver of all hosting."""
    monkeypatch.setitem(drivers.DRIVERS, "machine", Machine)
    monkeypatch.setattr(Machine, "told", [])
    monkeypatch.setattr(Machine, "answers", {})
    products["hosting"].driver = "machine"
    products["hosting"].save()
    return Machine


@pytest.fixture
def bought(machine, customer, owner, products):
    """A service that was bought just now for a year."""
    price = Price.objects.create(product=products["hosting"], months=12, net=100)
    wanted = purchasing.Wanted(products["hosting"], price, domain="new.example")
    return purchasing.begin(customer, wanted, reference="line:1", by=owner)


@pytest.fixture
def suspended(machine, hosting):
    """Paid for until yesterday."""
    hosting.status, hosting.ends_on = "suspended", timezone.localdate() - timedelta(days=1)
    hosting.save()
    return hosting


def ask(service, *acts):
    return [provisioning.ask(service, act, reference=f"{act} {number}", by=None) for number, act in enumerate(acts)]


def states():
    return list(JOBS.order_by("pk").values_list("act", "state"))


def status(service):
    service.refresh_from_db()
    return service.status


DOWN = DriverError("it is down")
NEVER = DriverError("no room", permanent=True)


def test_it_is_active_when_the_driver_says_so(machine, bought, client_of, owner):
    machine.answers["create"] = Accepted()
    do_jobs()
    assert (status(bought), Outbox.objects.count()) == ("pending", 0)
    account = Account("ftp", "garden", "Secret-1!", "ftp.example")
    outcome = Done("vm-1", {"Server": "s1.example"}, (account,), {"id": "vm-1"})
    assert provisioning.finish(JOBS.get(), outcome)
    assert not provisioning.finish(JOBS.get(), outcome)
    assert (status(bought), bought.remote_id, bought.configuration) == ("active", "vm-1", {"Server": "s1.example"})
    assert bought.ends_on > timezone.localdate() + timedelta(days=360)
    credential = Credential.objects.get()
    assert (credential.login, credential.password, "Secret" in credential.secret) == ("garden", "Secret-1!", False)
    assert Event.objects.filter(action="service_set_up").count() == 1
    assert "The service Hosting (new.example) runs." in client_of(owner).get("/history/").content.decode()


def test_the_mail_says_what_is_needed_to_begin_and_no_password(machine, bought, mailbox):
    account = Account("ftp", "garden", "Secret-1!", "ftp.example")
    machine.answers["create"] = Done("vm-1", {"Server": "s1.example"}, (account,))
    do_jobs()
    (mail,) = mailbox("anna@example.com")
    both = mail.body + mail.alternatives[0][0]
    assert (mail.to, mail.subject) == (["anna@example.com"], "Your service runs: Hosting")
    for words in ("s1.example", "garden", "ftp.example", f"/services/{bought.pk}/"):
        assert both.count(words) >= 2
    assert "Secret-1!" not in both


@pytest.mark.parametrize(("monthly", "ends"), [(0, False), (10, True)])
def test_what_costs_something_each_month_has_an_end_whatever_part_of_it_is_free(
    machine, customer, owner, products, monthly, ends
):
    """A month of a dear option beside a free product would otherwise be paid once and kept for ever."""
    option = ProductOption.objects.create(product=products["hosting"], code="disk", name_pl="Dysk", name_en="Disk")
    value = OptionValue.objects.create(option=option, code="big", name_pl="b", name_en="b", monthly_net=monthly)
    price = Price.objects.create(product=products["hosting"], months=1, net=0)
    wanted = purchasing.Wanted(products["hosting"], price, (value,), domain="new.example")
    service = purchasing.begin(customer, wanted, reference="line:1", by=owner)
    do_jobs()
    assert status(service) == "active" and bool(service.ends_on) == ends


@pytest.mark.parametrize(
    ("shut_out", "told"),
    [
        ({}, 1),
        ({"blocked_at": timezone.now()}, 0),
        ({"blocked_at": timezone.now(), "accepted_at": None, "invited_as": {"login": "x"}}, 0),
    ],
    ids=["comes in", "blocked", "invited"],
)
def test_who_does_not_come_in_reads_nothing_of_what_was_granted(machine, bought, standard, mailbox, shut_out, told):
    """A person whom the customer blocked, or who has not agreed to act for them, keeps the mailbox all the same."""
    Membership.objects.filter(pk=standard.membership.pk).update(**shut_out)
    ServiceGrant.objects.create(membership=standard.membership, service=bought)
    machine.answers["create"] = Done("vm-1", {"Server": "s1.example"})
    do_jobs()
    assert (len(mailbox("anna@example.com")), len(mailbox("stefan@example.com"))) == (1, told)


def test_jobs_of_a_service_are_done_in_the_order_of_their_keys(machine, hosting, voip):
    machine.answers["suspend"] = DOWN
    ask(hosting, "suspend", "resume")
    assert do_jobs() == 1
    assert machine.told == ["suspend"]
    del machine.answers["suspend"]
    assert try_again() == 2
    assert machine.told == ["suspend", "suspend", "resume"]


def test_what_is_accepted_is_waited_for(machine, hosting):
    machine.answers["suspend"] = Accepted()
    ask(hosting, "suspend", "resume")
    assert [do_jobs(), try_again()] == [1, 0]
    provisioning.finish(JOBS.earliest("pk"), Done())
    assert status(hosting) == "suspended"
    assert do_jobs() == 1
    assert status(hosting) == "active"


def test_what_is_accepted_for_a_while_is_asked_about_again(machine, hosting):
    machine.answers["suspend"] = Accepted(again=timedelta(hours=1))
    ask(hosting, "suspend")
    assert [do_jobs(), do_jobs(), try_again()] == [1, 0, 1]
    machine.answers["suspend"] = Done()
    try_again()
    assert (status(hosting), JOBS.get().attempts) == ("suspended", 3)


def test_other_services_do_not_wait(machine, hosting, customer, products):
    machine.answers["suspend"] = DOWN
    another = Service.objects.create(customer=customer, product=products["hosting"], name="Another")
    ask(hosting, "suspend")
    provisioning.ask(another, "create", reference="x", by=None)
    assert do_jobs() == 2
    assert status(another) == "active"


def test_the_end_of_what_could_not_be_set_up_is_still_possible(machine, bought):
    machine.answers["create"] = NEVER
    ask(bought, "password", "terminate", "resume")
    assert do_jobs() == 2
    assert machine.told == ["create", "terminate"]
    assert status(bought) == "ended"
    assert [state for _act, state in states()] == ["dropped", "dropped", "done", "dropped"]
    assert Case.objects.get().closed_at is not None
    assert provisioning.repeat(JOBS.all(), by=None) == 0


def test_the_rest_waits_until_staff_have_it_set_up_after_all(machine, bought):
    machine.answers["create"] = NEVER
    ask(bought, "suspend")
    assert [do_jobs(), try_again()] == [1, 0]
    del machine.answers["create"]
    assert provisioning.repeat(JOBS.all(), by=None) == 1
    assert do_jobs() == 2
    assert status(bought) == "suspended"


def test_a_later_job_is_not_undone_by_an_earlier_one(machine, hosting):
    machine.answers["suspend"] = NEVER
    ask(hosting, "suspend", "resume")
    do_jobs()
    del machine.answers["suspend"]
    provisioning.repeat(JOBS.all(), by=None)
    do_jobs()
    assert (machine.told, states()) == (["suspend", "resume"], [("suspend", "dropped"), ("resume", "done")])
    assert status(hosting) == "active"


def test_paying_switches_a_suspended_service_on_when_the_driver_says_so(machine, suspended):
    machine.answers["extend"] = DOWN
    expiry.extend(suspended, 1, reference="r", by=None)
    do_jobs()
    assert (status(suspended), suspended.ends_on > timezone.localdate()) == ("suspended", True)
    del machine.answers["extend"]
    try_again()
    assert status(suspended) == "active"
    assert Event.objects.filter(action="service_resumed").count() == 1


def test_paying_does_not_switch_on_what_the_provider_holds_back(machine, hosting, owner):
    provisioning.hold(hosting, by=None)
    provisioning.hold(hosting, by=None)
    assert do_jobs() == 1
    hosting.refresh_from_db()
    hosting.ends_on = timezone.localdate()
    hosting.save()
    expiry.extend(hosting, 12, reference="r", by=None)
    do_jobs()
    assert status(hosting) == "suspended"
    for _n in range(2):
        provisioning.release(hosting, by=None)
    assert do_jobs() == 1
    assert (status(hosting), hosting.held_at) == ("active", None)


def test_an_extension_that_comes_late_does_not_switch_on_what_was_held_meanwhile(machine, suspended):
    machine.answers["extend"] = NEVER
    expiry.extend(suspended, 1, reference="r", by=None)
    do_jobs()
    Service.objects.update(status="active")
    provisioning.hold(suspended, by=None)
    do_jobs()
    del machine.answers["extend"]
    provisioning.repeat(JOBS.all(), by=None)
    do_jobs()
    assert (status(suspended), JOBS.earliest("pk").asked["resume"]) == ("suspended", False)


def test_nothing_is_added_to_what_is_being_deleted(machine, hosting):
    hosting.ends_on = timezone.localdate()
    hosting.save()
    ask(hosting, "terminate")
    with pytest.raises(expiry.NotRenewable):
        expiry.extend(hosting, 12, reference="r", by=None)
    JOBS.update(state="dropped", next_at=None)
    assert expiry.extend(hosting, 12, reference="r", by=None)


def test_what_ended_while_it_was_set_up_stays_ended_and_is_deleted(machine, bought, customer, domain):
    closing.end_services(customer, by=None)
    assert do_jobs() == 2
    assert machine.told == ["create", "terminate"]
    assert (status(bought), status(domain)) == ("ended", "ended")
    assert not JOBS.filter(service=domain).exists()
    assert Event.objects.filter(action="service_ended").count() == 2


def test_asking_twice_is_one_job(machine, hosting):
    first, second = (provisioning.ask(hosting, "suspend", reference="once", by=None) for _n in range(2))
    assert first == second and do_jobs() == 1


def claimed(job, worker):
    job = running.claim(job.driver, worker)
    return job


def test_a_job_in_the_hands_of_a_living_worker_is_left_alone(machine, hosting):
    (job,) = ask(hosting, "suspend")
    heartbeat.beat("other")
    assert claimed(job, "other") and not claimed(job, WORKER)
    assert running.waiting(WORKER) == []


def test_what_a_dead_worker_had_is_done_by_another(machine, hosting):
    (job,) = ask(hosting, "suspend")
    heartbeat.beat("other")
    lost = claimed(job, "other")
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert do_jobs() == 1
    machine.answers["suspend"] = NEVER
    running.do(lost)
    job.refresh_from_db()
    assert (job.state, job.attempts, status(hosting)) == ("done", 2, "suspended")


def test_a_worker_takes_up_what_it_could_not_note_itself(machine, hosting):
    (job,) = ask(hosting, "suspend")
    claimed(job, WORKER)
    assert do_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.failures) == ("done", 0)


def test_a_job_over_which_workers_die_is_given_up(machine, hosting):
    (job,) = ask(hosting, "suspend")
    for number in range(provisioning.POLICY.attempts):
        assert claimed(job, f"dead-{number}")
    assert claimed(job, "next") is None
    job.refresh_from_db()
    assert (job.state, Case.objects.get().reason) == ("failed", "driver_failed")


def test_a_second_job_of_a_service_waits_for_the_one_in_hand(machine, hosting):
    machine.answers["suspend"] = NEVER
    first, second = ask(hosting, "suspend", "password")
    do_jobs()
    JOBS.filter(pk=second.pk).update(state="waiting", next_at=timezone.now(), done_at=None)
    heartbeat.beat("other")
    assert claimed(second, "other").pk == second.pk
    provisioning.repeat(JOBS.filter(pk=first.pk), by=None)
    assert running.waiting(WORKER) == []
