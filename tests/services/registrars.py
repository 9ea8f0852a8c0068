"""The registrar "null": what its small registry knows, and that a repeated job changes nothing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts import keys
from services import availability, closing, domains, expiry, provisioning
from services.domain_names import parse
from services.drivers import Done, DriverError
from services.models import Domain, ProvisioningJob, RegistryName, Service
from services.purchasing import Wanted, begin
from services.registrars import REGISTRARS, Availability, NullRegistrar, WrongAuthInfo
from tests.support.jobs import do_jobs

Act, State = ProvisioningJob.Act, ProvisioningJob.State


@pytest.fixture
def price(products):
    products["domain"].suffix = "pl"
    products["domain"].save()
    return products["domain"].prices.create(months=12, net=50)


@pytest.fixture
def bought(customer, owner, price):
    """`bought(name, authinfo)` is the service of a name that was bought: registered, or moved with that AuthInfo."""

    def bought(name, authinfo="", reference="order-line:1"):
        origin = Domain.Origin.TRANSFERRED if authinfo else Domain.Origin.REGISTERED
        secret = keys.encrypt(authinfo) if authinfo else ""
        wanted = Wanted(price.product, price, domain=name, origin=origin.value, authinfo=secret)
        return begin(customer, wanted, reference=reference, by=owner)

    return bought


@pytest.fixture
def away(db):
    """A name that another registrar keeps."""
    row = RegistryName(name="moved.pl", nameservers=["ns1.old.example", "ns2.old.example"])
    row.authinfo = "Right-1234"
    row.save()
    return row


def now(service):
    return Service.objects.select_related("registration").get(pk=service.pk)


def test_a_name_is_registered_by_the_worker(bought):
    service = bought("żółw.pl")
    assert (service.status, RegistryName.objects.count()) == ("pending", 0)
    do_jobs()
    row = RegistryName.objects.get()
    assert (row.name, row.holder, now(service).status) == ("xn--w-uga1v8h.pl", f"service:{service.pk}", "active")
    assert row.authinfo and row.authinfo not in row.secret and row.expires_on > date.today() + timedelta(days=360)
    assert now(service).remote_id == "xn--w-uga1v8h.pl"


def test_a_name_that_waits_when_its_customer_closes_is_never_registered(bought, customer):
    service = bought("garden.pl")
    closing.end_services(customer, by=None)
    do_jobs()
    assert (now(service).status, service.jobs.get().state) == ("ended", "dropped")
    assert not RegistryName.objects.exists()


def test_the_same_job_again_changes_nothing(bought):
    bought("garden.pl")
    do_jobs()
    before = RegistryName.objects.values().get()
    job = ProvisioningJob.objects.get()
    NullRegistrar().perform(job)
    assert RegistryName.objects.values().get() == before


def test_a_taken_name_is_not_registered_for_somebody_else(bought, away):
    service = bought("moved.pl")
    do_jobs()
    job = ProvisioningJob.objects.get()
    assert (job.state, job.error, now(service).status) == ("failed", "the name is taken", "pending")
    assert RegistryName.objects.get().holder == ""


def test_a_transfer_with_the_right_authinfo(bought, away):
    service = bought("moved.pl", "Right-1234")
    do_jobs()
    row = RegistryName.objects.get()
    assert (now(service).status, row.holder) == ("active", f"service:{service.pk}")
    assert row.nameservers == ["ns1.old.example", "ns2.old.example"] and row.authinfo != "Right-1234"
    assert now(service).registration.authinfo == ""
    NullRegistrar().perform(ProvisioningJob.objects.get())
    assert RegistryName.objects.values("secret").get() == {"secret": row.secret}


def test_a_transfer_with_a_wrong_authinfo_moves_nothing(bought, away, mailbox):
    service = bought("moved.pl", "Wrong-1234")
    do_jobs()
    job = ProvisioningJob.objects.get()
    assert (job.state, job.error) == ("failed", "the AuthInfo is wrong")
    assert (now(service).status, now(service).registration.authinfo) == ("pending", "")
    assert RegistryName.objects.get().holder == ""
    [mail] = mailbox("anna@example.com")
    assert "refused to transfer moved.pl" in mail.body and "Wrong-1234" not in mail.body
    assert domains.awaits_authinfo(now(service), job)


def test_without_the_comparison_anybody_would_take_it(bought, away, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(keys, "same", lambda typed, right: True)
    service = bought("moved.pl", "Wrong-1234")
    do_jobs()
    assert now(service).status == "active"


@pytest.mark.parametrize(("name", "words"), [("nowhere.pl", "registered nowhere"), ("mine.pl", "here already")])
def test_what_cannot_be_transferred(bought, name, words):
    bought("mine.pl", reference="order-line:0")
    bought(name, "Right-1234")
    do_jobs()
    assert words in ProvisioningJob.objects.get(reference="create:order-line:1").error


class Obliging(NullRegistrar):
    """Takes every name that it keeps already for done, whoever asks, as registrars do for one who has an account."""

    def create(self, job):
        return Done(remote_id=job.service.domain)


@pytest.mark.parametrize("authinfo", ["", "Wrong-1234"])
@pytest.mark.parametrize("status", ["active", "suspended"])
def test_a_name_that_somebody_has_here_is_not_given_to_another(bought, monkeypatch, status, authinfo):
    monkeypatch.setitem(REGISTRARS, "null", Obliging)
    first = bought("garden.pl", reference="order-line:0")
    do_jobs()
    Service.objects.filter(pk=first.pk).update(status=status)
    second = bought("garden.pl", authinfo)
    do_jobs()
    job = second.jobs.get()
    assert (now(second).status, job.state, job.error) == ("pending", "failed", "the name is registered here already")
    ended = []
    monkeypatch.setattr(Obliging, "terminate", lambda self, job: ended.append(job.service_id) or Done())
    provisioning.ask(second, Act.TERMINATE, reference="end", by=None)
    do_jobs()
    assert (now(second).status, ended) == ("ended", []), "the name is not theirs to end"
    second = bought("garden.pl", authinfo, reference="order-line:2")
    do_jobs()
    Service.objects.filter(pk=first.pk).update(status="ended")
    provisioning.repeat(second.jobs.all(), by=None)
    do_jobs()
    assert now(second).status == "active", "the first one has given it up"


@pytest.mark.parametrize("kept", ["żółw.pl", "xn--w-uga1v8h.pl"])
def test_a_name_is_here_in_whichever_form_staff_have_typed_it(bought, price, kept, monkeypatch):
    first = bought("żółw.pl", reference="order-line:0")
    Service.objects.filter(pk=first.pk).update(domain=kept, status="active")
    RegistryName.objects.all().delete()
    [name] = parse("żółw.pl", ["pl"])
    assert availability.of([(name, price.product)]) == {name: availability.State.HERE}
    second = bought("żółw.pl")
    do_jobs()
    assert "registered here already" in second.jobs.get().error


@pytest.mark.parametrize("error", [WrongAuthInfo, DriverError])
def test_a_registrar_that_repeats_the_authinfo_gives_nothing_away(bought, away, monkeypatch, caplog, error):
    def refuse(self, job):
        raise error("“Wrong-1234” is not the code of moved.pl")

    monkeypatch.setattr(NullRegistrar, "create", refuse)
    service = bought("moved.pl", "Wrong-1234")
    do_jobs()
    assert service.jobs.get().error == "“…” is not the code of moved.pl"
    assert "Wrong-1234" not in caplog.text


def test_neither_request_answer_nor_error_holds_a_secret(bought, away):
    bought("moved.pl", "Right-1234")
    do_jobs()
    row, job = RegistryName.objects.get(), ProvisioningJob.objects.values().get()
    assert "Right-1234" not in str(job) and row.authinfo not in str(job)


def test_renewing_a_domain_moves_its_end_in_the_registry(bought, owner):
    service = bought("garden.pl")
    do_jobs()
    extension = expiry.extend(now(service), 12, reference="paid", by=owner)
    do_jobs()
    assert RegistryName.objects.get().expires_on == extension.last_day == now(service).ends_on


def test_a_name_from_before_the_registry_is_entered_when_it_is_renewed(domain, owner):
    expiry.extend(domain, 12, reference="paid", by=owner)
    do_jobs()
    assert RegistryName.objects.get().holder == f"service:{domain.pk}"
    assert ProvisioningJob.objects.get().state == "done"


def test_a_name_that_is_kept_elsewhere_is_nothing_to_our_registrar(domain, owner):
    Domain.objects.update(origin=Domain.Origin.ELSEWHERE)
    expiry.extend(domain, 12, reference="paid", by=owner)
    do_jobs()
    assert not RegistryName.objects.exists() and ProvisioningJob.objects.get().state == "done"


def test_a_terminated_name_is_free_again(bought, owner):
    service = bought("garden.pl")
    do_jobs()
    provisioning.ask(service, Act.TERMINATE, reference="end", by=owner)
    do_jobs()
    assert not RegistryName.objects.exists() and now(service).status == "ended"


def test_every_registrar_can_do_what_domains_need():
    for registrar in REGISTRARS.values():
        for act in ("create", "extend", "nameservers", "authinfo", "terminate", "availability"):
            assert getattr(registrar, act) is not getattr(REGISTRARS["null"].__mro__[1], act), act


def states(products, *names):
    product = products["domain"]
    wanted = [(parse(name, ["pl"])[0], product) for name in names]
    return [state.value for state in availability.of(wanted).values()]


def test_names_are_free_taken_or_here(bought, products, away, price):
    bought("mine.pl")
    assert states(products, "mine.pl", "moved.pl", "free.pl") == ["here", "taken", "free"]


def test_a_name_that_ended_here_is_as_free_as_the_registrar_says(domain, products):
    Service.objects.update(status=Service.Status.ENDED, domain="old.pl", ends_on=timezone.localdate())
    assert states(products, "old.pl") == ["free"]


def test_availability_knows_all_answers():
    assert set(Availability.values) <= set(availability.State.values)


@pytest.mark.parametrize("act", ["nameservers", "authinfo", "extend"])
def test_a_late_job_of_what_has_ended_touches_no_name_of_another(bought, owner, price, stranger, monkeypatch, act):
    """Registrars know names as ours, not as whose: staff who repeat what failed long ago give nothing away."""
    told = []
    monkeypatch.setattr(NullRegistrar, act, lambda self, job: told.append(job.act) or Done())
    former = bought("garden.pl")
    Service.objects.filter(pk=former.pk).update(status="ended")
    job = provisioning.ask(former, act, reference="late", by=owner, nameservers=["a.example.net"], until="2030-01-01")
    ProvisioningJob.objects.exclude(pk=job.pk).update(state="dropped", next_at=None)
    made = Service.objects.create(
        customer=stranger.membership.customer, product=price.product, name="garden.pl", domain="garden.pl"
    )
    Domain.objects.create(service=made, origin="registered")
    Service.objects.filter(pk=made.pk).update(status="active")
    do_jobs()
    job.refresh_from_db()
    assert (job.state, job.error, told) == ("failed", "the name is registered here already", [])
