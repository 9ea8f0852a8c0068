"""Domain names wanted by several at the same moment: one gets the name, and one question is asked once."""

import pytest

from accounts.models import Outbox
from services import domains, provisioning
from services.drivers import Done, DriverError
from services.models import Domain, ProvisioningJob, RegistryName, Service
from services.registrars import NullRegistrar
from tests.cast import service
from tests.together import meeting

pytestmark = pytest.mark.usefixtures("postgresql")


def test_of_eight_who_register_a_name_one_gets_it(together, customer, products, owner):
    jobs = []
    for n in range(8):
        wanted = service(customer, products["domain"], "garden.pl", domain="garden.pl", status="pending")
        Domain.objects.create(service=wanted, origin="registered")
        asked = {"origin": "registered", "months": 12}
        jobs.append(
            ProvisioningJob.objects.create(service=wanted, act="create", driver="null", reference=f"{n}", asked=asked)
        )
    answers = together(8, lambda i: NullRegistrar().perform(jobs[i]))
    assert [type(answer) for answer in answers].count(Done) == 1
    assert [str(answer) for answer in answers if isinstance(answer, DriverError)] == ["the name is taken"] * 7
    [given] = [job for job, answer in zip(jobs, answers, strict=True) if isinstance(answer, Done)]
    assert RegistryName.objects.get().holder == f"service:{given.service_id}"


@pytest.fixture
def asking(domain, owner, terms, monkeypatch, together):
    """`asking()` lets two ask for the AuthInfo at once, who meet after looking whether it was asked for."""
    wait, look = meeting(), domains.latest_jobs

    def looked(service):
        found = look(service)
        wait()
        return found

    monkeypatch.setattr(domains, "latest_jobs", looked)
    return lambda: together(2, lambda i: domains.ask_authinfo(domain, by=owner))


def test_two_questions_for_an_authinfo_are_one(asking):
    assert asking() == [None, None]
    assert (ProvisioningJob.objects.count(), Outbox.objects.filter(letter="authinfo_asked").count()) == (1, 1)


def test_without_the_lock_they_are_two(asking, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(provisioning, "locked_service", lambda pk: Service.objects.get(pk=pk))
    asking()
    assert ProvisioningJob.objects.count() == 2
