"""Many at the same moment: every line gets a number of its own, and an account is mailed once."""

import pytest

from accounts import verifying
from accounts.models import Outbox
from accounts.work import heartbeat
from services import provisioning, running, sip
from services.models import Credential, ProvisioningJob, Service, SwitchboardNumber
from tests import cast
from tests.services.switchboard import line, numbers, set_up, sip_product  # noqa: F401  fixtures

pytestmark = pytest.mark.usefixtures("postgresql")
TIMES = 12


def ask(service, reference):
    return provisioning.ask(service, "create", reference=reference, by=None)


@pytest.fixture
def lines(customer, sip_product, numbers):  # noqa: F811
    numbers(TIMES)
    return [cast.service(customer, sip_product, f"Line {n}", status=Service.Status.PENDING) for n in range(TIMES)]


def test_as_many_lines_as_numbers_get_one_each(lines, together):
    for n, service in enumerate(lines):
        ask(service, f"job {n}")

    def work(n):
        heartbeat.beat(f"worker {n}")
        # Who comes second to a job goes on to another.
        while ProvisioningJob.objects.filter(state="waiting", failures=0).exists():
            running.do_next("sip_null", f"worker {n}")

    assert together(TIMES, work) == [None] * TIMES
    assert len({service.remote_id for service in Service.objects.filter(pk__in=[row.pk for row in lines])}) == TIMES
    assert Credential.objects.values("login").distinct().count() == TIMES


def test_without_the_lock_two_lines_would_share_a_number(lines, together, monkeypatch):
    """The negative control of the test above."""
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **kwargs: self)
    from services.drivers import sip_null
    from tests.together import meeting

    wait = meeting()
    made = sip_null.new_password
    monkeypatch.setattr(sip_null, "new_password", lambda: (wait(), made())[1])
    jobs = [ask(service, f"job {n}") for n, service in enumerate(lines[:2])]
    answers = together(2, lambda n: sip_null.PretendSwitchboard().take(jobs[n]).number)
    assert len(set(answers)) == 1


def test_the_same_job_by_many_workers_is_one_account(lines, together):
    job = ask(lines[0], "the one")
    from services.drivers import PretendSwitchboard

    answers = together(TIMES, lambda n: PretendSwitchboard().perform(job).remote_id)
    assert len(set(answers)) == 1
    assert SwitchboardNumber.objects.filter(state="on").count() == 1


def test_an_account_is_mailed_once_by_many_workers(line, owner, customer, together):  # noqa: F811
    set_up(line)
    verifying.verify(customer, way="administrator", by=None)
    assert set(together(TIMES, lambda n: sip.mail_waiting.call(customer.pk))) == {None}
    assert Outbox.objects.filter(letter="sip_account").count() == 1
