"""How records get to the name servers: few jobs for many edits, the last state wins, and the page tells the truth."""

import pytest

from services import closing, provisioning, running, zones
from services.dns import publishing, records
from services.dns.publishing import Publication
from services.drivers import DriverError
from services.models import DnsRecord, ProvisioningJob, Service, Zone
from services.zones import ZoneDriver
from tests.cast import service
from tests.support.jobs import WORKER, do_jobs


class Remembering(ZoneDriver):
    """Name servers that know what they were told; `while_told` happens in the middle of being told."""

    known, told, error, while_told = {}, [], None, None

    def publish(self, name, records):
        self.told.append(name)
        if self.error:
            raise self.error
        if Remembering.while_told:
            happens, Remembering.while_told = Remembering.while_told, None
            happens()
        self.known[name] = [str(record) for record in records]
        return {}

    def remove(self, name):
        self.known.pop(name, None)
        return {}


@pytest.fixture
def servers(monkeypatch, products):
    """Name servers of all domains."""
    monkeypatch.setitem(zones.ZONES, "remembering", Remembering)
    for name, value in {"known": {}, "told": [], "error": None, "while_told": None}.items():
        monkeypatch.setattr(Remembering, name, value)
    products["domain"].zones = "remembering"
    products["domain"].save()
    return Remembering


@pytest.fixture
def add(domain, owner):
    """`add(address)` adds a record "www" without the page."""

    def add(address, name="www"):
        domain.refresh_from_db()
        record = DnsRecord(service=domain, name=name, type="A", content=address)
        records.save(record, by=owner)
        return record

    return add


def state(service):
    zone = Zone.objects.filter(service=service).first()
    return publishing.state_of(zone, Service.objects.annotate(last=publishing.last_jobs()).get(pk=service.pk).last)


def jobs():
    return ProvisioningJob.objects.filter(act="zone").order_by("pk")


def test_a_burst_of_edits_is_one_job_and_the_last_state_wins(servers, domain, add):
    assert state(domain) == Publication.NOTHING
    for i in range(5):
        add(f"192.0.2.{i}")
    DnsRecord.objects.filter(content="192.0.2.0").get()
    assert (jobs().count(), state(domain), servers.known) == (1, Publication.WAITING, {})
    do_jobs()
    assert servers.known == {"garden.example": [f"www A 192.0.2.{i}" for i in range(5)]}
    assert (jobs().get().state, state(domain)) == ("done", Publication.PUBLISHED)
    add("192.0.2.9", "shop")
    assert (jobs().count(), state(domain)) == (2, Publication.WAITING)
    do_jobs()
    assert len(servers.known["garden.example"]) == 6 and state(domain) == Publication.PUBLISHED


def test_an_edit_while_name_servers_are_told_is_published_too(servers, domain, add):
    add("192.0.2.1")
    servers.while_told = lambda: add("192.0.2.2")
    assert running.do_next("remembering", WORKER)
    assert servers.known == {"garden.example": ["www A 192.0.2.1"]}
    assert state(domain) == Publication.WAITING, "what was published is older than what the page shows"
    do_jobs()
    assert servers.known == {"garden.example": ["www A 192.0.2.1", "www A 192.0.2.2"]}
    assert state(domain) == Publication.PUBLISHED


def test_a_slow_job_that_tells_the_older_state_last_is_followed_by_the_newer(servers, domain, add):
    """The first worker is taken for dead, while it still has the older state in its hands."""
    add("192.0.2.1")

    def meanwhile():
        add("192.0.2.2")
        assert running.do_next("remembering", "another-worker")
        assert servers.known["garden.example"] == ["www A 192.0.2.1", "www A 192.0.2.2"]

    servers.while_told = meanwhile
    assert running.do_next("remembering", WORKER)
    assert servers.known["garden.example"] == ["www A 192.0.2.1"], "overwritten with the older one"
    assert state(domain) == Publication.WAITING
    do_jobs()
    assert servers.known["garden.example"] == ["www A 192.0.2.1", "www A 192.0.2.2"]
    assert state(domain) == Publication.PUBLISHED


def test_without_the_second_look_the_older_state_stays(servers, domain, add, monkeypatch):
    """The negative control."""
    add("192.0.2.1")

    def meanwhile():
        add("192.0.2.2")
        assert running.do_next("remembering", "another-worker")
        jobs().filter(state="waiting").delete()
        monkeypatch.setattr(publishing, "settle", lambda service, taken, by: None)

    servers.while_told = meanwhile
    do_jobs()
    assert servers.known["garden.example"] == ["www A 192.0.2.1"]


def test_name_servers_that_are_down_hold_up_nothing_else(servers, domain, add, owner, products):
    servers.error = DriverError("out of order")
    add("192.0.2.1")
    do_jobs()
    renewal = provisioning.ask(domain, "extend", reference="renewal", by=owner, until="2030-01-01")
    do_jobs()
    renewal.refresh_from_db()
    assert (renewal.state, jobs().get().state, jobs().get().failures) == ("done", "waiting", 1)


def test_an_edit_has_what_failed_tried_at_once(servers, domain, add):
    servers.error = DriverError("out of order")
    add("192.0.2.1")
    do_jobs()
    assert do_jobs() == 0, "it waits before it is tried again"
    servers.error = None
    add("192.0.2.2")
    do_jobs()
    assert (jobs().count(), len(servers.known["garden.example"])) == (1, 2)


def test_a_failure_is_said_and_a_later_success_takes_it_back(servers, domain, add, client_of, owner):
    browser = client_of(owner)
    add("192.0.2.1")
    assert "Changes are being published." in browser.get(f"/services/{domain.pk}/records/").content.decode()
    servers.error = DriverError("out of order")
    do_jobs()
    page = browser.get(f"/services/{domain.pk}/records/").content.decode()
    assert "The last changes could not be published." in page and "out of order" not in page
    assert "192.0.2.1" in page
    servers.error = None
    add("192.0.2.2")
    do_jobs()
    page = browser.get(f"/services/{domain.pk}/records/").content.decode()
    assert state(domain) == Publication.PUBLISHED and "everything" in page
    assert servers.known == {"garden.example": ["www A 192.0.2.1", "www A 192.0.2.2"]}


def test_what_failed_for_good_does_not_keep_later_edits_back(servers, domain, add):
    servers.error = DriverError("refused", permanent=True)
    add("192.0.2.1")
    do_jobs()
    assert (jobs().get().state, state(domain)) == ("failed", Publication.FAILED)
    servers.error = None
    add("192.0.2.2")
    do_jobs()
    assert (len(servers.known["garden.example"]), state(domain)) == (2, Publication.PUBLISHED)


def test_a_driver_that_no_version_knows_does_not_keep_later_edits_back(servers, products, domain, add):
    Service.objects.get(pk=domain.pk)
    products["domain"].zones = "gone"
    products["domain"].save()
    domain.product.refresh_from_db()
    add("192.0.2.1")
    do_jobs()
    assert state(domain) == Publication.FAILED
    products["domain"].zones = "remembering"
    products["domain"].save()
    domain.product.refresh_from_db()
    add("192.0.2.2")
    do_jobs()
    assert len(servers.known["garden.example"]) == 2


@pytest.fixture
def new_domain(customer, products):
    return service(customer, products["domain"], "new.example", domain="new.example", status="pending")


def test_a_new_domain_gets_its_zone_and_the_providers_records(servers, new_domain, owner, settings):
    settings.ZONE_RECORDS = [
        {"name": "", "type": "A", "content": "192.0.2.80"},
        {"name": "www", "type": "CNAME", "content": "@", "ttl": 600},
        {"type": "MX", "content": "not a host", "priority": 10},
        {"type": "LOC"},
        "nonsense",
    ]
    provisioning.ask(new_domain, "create", reference="line-1", by=owner, months=12)
    do_jobs()
    assert servers.known == {"new.example": ["@ A 192.0.2.80", "www CNAME new.example"]}
    assert state(new_domain) == Publication.PUBLISHED
    assert list(DnsRecord.objects.values_list("ttl", flat=True)) == [3600, 600]
    records.open_zone(Service.objects.get(pk=new_domain.pk), by=owner)
    assert (DnsRecord.objects.count(), jobs().count()) == (2, 1)


def test_a_domain_of_a_product_without_dns_gets_none(servers, products, new_domain, owner):
    products["domain"].zones = ""
    products["domain"].save()
    provisioning.ask(new_domain, "create", reference="line-1", by=owner, months=12)
    do_jobs()
    assert (Zone.objects.count(), jobs().count(), servers.told) == (0, 0, [])


def test_the_zone_goes_with_the_service_and_its_name_is_free_again(servers, domain, add, owner, stranger, products):
    add("192.0.2.1")
    do_jobs()
    provisioning.ask(domain, "terminate", reference="end", by=owner)
    do_jobs()
    assert servers.known == {}
    assert Zone.objects.get().name is None and DnsRecord.objects.count() == 1
    theirs = service(
        stranger.membership.customer, products["domain"], "garden.example", domain="garden.example", status="pending"
    )
    provisioning.ask(theirs, "create", reference="theirs", by=None, months=12)
    do_jobs()
    assert servers.known == {"garden.example": []}
    provisioning.ask(domain, "terminate", reference="end-again", by=owner)
    do_jobs()
    assert servers.known == {"garden.example": []}, "the end of the older one takes nothing from the newer"


def test_a_zone_that_is_removed_while_it_is_published_does_not_stay(servers, domain, add, owner):
    add("192.0.2.1")

    def meanwhile():
        provisioning.ask(domain, "terminate", reference="end", by=owner)
        do_jobs()
        assert Zone.objects.get().name is None

    servers.while_told = meanwhile
    running.do_next("remembering", WORKER)
    assert "garden.example" in servers.known
    do_jobs()
    assert servers.known == {} and Zone.objects.get().name is None


def test_two_services_never_publish_one_zone(servers, domain, add, stranger, products):
    add("192.0.2.1")
    do_jobs()
    theirs = service(stranger.membership.customer, products["domain"], "Garden.example", domain="garden.example")
    records.open_zone(theirs, by=None)
    do_jobs()
    assert servers.known == {"garden.example": ["www A 192.0.2.1"]}
    job = jobs().last()
    assert (job.state, job.error) == ("failed", "another service publishes the zone garden.example")
    assert state(theirs) == Publication.FAILED and state(domain) == Publication.PUBLISHED


def test_closing_the_account_takes_the_zones_away(servers, domain, add, owner, customer):
    add("192.0.2.1")
    do_jobs()
    closing.end_services(customer, owner)
    do_jobs()
    assert servers.known == {}


def test_a_job_that_comes_after_the_end_publishes_nothing(servers, domain, add):
    add("192.0.2.1")
    Service.objects.filter(pk=domain.pk).update(status="ended")
    do_jobs()
    assert (servers.known, servers.told, jobs().get().state) == ({}, [], "done")


def test_edits_at_once_ask_once_and_lose_nothing(postgresql, servers, domain, owner, together):
    domain.refresh_from_db()

    def one(i):
        record = DnsRecord(service=Service.objects.get(pk=domain.pk), name="www", type="A", content=f"192.0.2.{i}")
        records.save(record, by=owner)

    assert together(8, one) == [None] * 8
    assert (jobs().count(), Zone.objects.get().version) == (1, 8)
    do_jobs()
    assert len(servers.known["garden.example"]) == 8


def test_an_alias_and_an_address_at_once_are_never_both_taken(postgresql, servers, domain, owner, together):
    def one(i):
        content = {"type": "CNAME", "content": "x.example"} if i % 2 else {"type": "A", "content": "192.0.2.1"}
        records.save(DnsRecord(service=Service.objects.get(pk=domain.pk), name="www", **content), by=owner)

    refused = [answer for answer in together(6, one) if isinstance(answer, records.Refused)]
    assert (len(refused), DnsRecord.objects.count()) == (5, 1)
