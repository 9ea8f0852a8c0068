"""A PowerDNS that hangs, talks nonsense, refuses or drops the connection: what is permanent and what passes."""

import json
from threading import Event

import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured

from panel.checks import name_servers, powerdns_address
from services.drivers import DriverError
from services.models import DnsRecord, ProvisioningJob, Zone
from services.zones import PowerDns
from services.zones.powerdns import PATCH_BYTES, refuse_half_configured
from tests.support.answering import answering
from tests.support.jobs import do_jobs, try_again

ZONE = {"name": "garden.example.", "account": "panel", "rrsets": []}
RECORD = DnsRecord(name="www", type="A", content="192.0.2.1")


@pytest.fixture
def server(settings):
    """Something at the address of PowerDNS; it has the zone and takes changes."""
    settings.POWERDNS_KEY = "a-key-of-the-tests"
    with answering(ZONE) as server:
        settings.POWERDNS_URL = server.address
        server.answers = [(200, ZONE), (204, b"")]
        yield server


def publish():
    return PowerDns().publish("garden.example", [RECORD])


def test_what_it_is_asked(server):
    assert publish() == {"set": 1, "deleted": 0}
    look, change = server.asked
    assert (look.method, change.method) == ("GET", "PATCH")
    assert look.path == change.path == "/api/v1/servers/localhost/zones/garden.example."
    assert look.headers["X-API-Key"] == "a-key-of-the-tests"
    assert {asked.headers["Accept-Encoding"] for asked in server.asked} == {"identity"}, "nothing here unpacks"
    assert json.loads(change.body)["rrsets"] == [
        {
            "name": "www.garden.example.",
            "type": "A",
            "ttl": 3600,
            "changetype": "REPLACE",
            "records": [{"content": "192.0.2.1", "disabled": False}],
        }
    ]


@pytest.mark.parametrize(
    "answers",
    [
        [(500, {"error": "database is locked"})],
        [(502, b"<html>Bad gateway</html>")],
        [(429, {"error": "slowly"})],
        [(401, b"Unauthorized")],
        [(403, {"error": "Forbidden"})],
        [(200, b"<html>nonsense")],
        [(200, b"\xff\xfe")],
        [(200, [])],
        [(200, {})],
        [(200, ZONE | {"rrsets": "nonsense"})],
        [(200, ZONE | {"rrsets": [{"name": "x"}]})],
        [(200, ZONE | {"rrsets": None})],
        [(302, b"")],
        [(200, None)],
        [(200, ZONE), (204, None)],
        [(200, ZONE), (200, b"<html>nonsense")],
        [(200, ZONE), (200, {"result": "fine"})],
        [(200, ZONE), (500, {"error": "disk is full"})],
        [(404, {"error": "Not Found"}), (409, {"error": "Domain 'garden.example.' already exists"})],
        [(404, {"error": "Not Found"}), (201, None)],
    ],
    ids=str,
)
def test_what_passes_is_tried_again(server, answers):
    server.answers = answers
    with pytest.raises(DriverError) as caught:
        publish()
    assert not caught.value.permanent


@pytest.mark.parametrize(
    "answers",
    [
        [(400, {"error": "Bad Request"})],
        [(404, b"<html>Not found")],
        [(404, {"error": "Not Found"}), (404, {"error": "Not Found"})],
        [(200, ZONE), (422, {"error": "RRset www.garden.example. IN A: Conflicts with pre-existing RRset"})],
    ],
    ids=str,
)
def test_what_stays_wrong_is_told_to_staff_at_once(server, answers):
    server.answers = answers
    with pytest.raises(DriverError) as caught:
        publish()
    assert caught.value.permanent and str(answers[-1][0]) in str(caught.value)


def test_one_that_hangs_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(PowerDns, "TIMEOUT_SECONDS", 0.2)
    silence = Event()
    server.answers = [(200, silence)]
    try:
        with pytest.raises(DriverError, match="no answer: ReadTimeout") as caught:
            publish()
    finally:
        silence.set()
    assert not caught.value.permanent


def test_nobody_there(server, settings):
    settings.POWERDNS_URL = "http://127.0.0.1:9"
    with pytest.raises(DriverError, match="no answer: ConnectError") as caught:
        publish()
    assert not caught.value.permanent


def test_one_that_talks_for_ever_is_not_listened_to(server, monkeypatch):
    monkeypatch.setattr(PowerDns, "LARGEST_ANSWER", 100_000)
    server.answers = [(200, b"[" * 200_000)]
    with pytest.raises(DriverError, match="larger than 100000 bytes") as caught:
        publish()
    assert not caught.value.permanent


def test_one_that_drips_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(PowerDns, "TIMEOUT_SECONDS", 0)
    answer = httpx.Response(200, stream=Dripping())
    with pytest.raises(DriverError, match="took longer than 0 s"):
        PowerDns().receive(answer)


class Dripping(httpx.SyncByteStream):
    def __iter__(self):
        yield b" "
        yield b" " * 9000


def test_without_its_address_nobody_is_asked(server, settings):
    settings.POWERDNS_URL = ""
    with pytest.raises(DriverError, match="is not set") as caught:
        publish()
    assert caught.value.permanent and server.asked == []


@pytest.mark.parametrize(("name", "nothing"), [("POWERDNS_KEY", ""), ("ZONE_NAMESERVERS", [])])
def test_half_of_its_settings_stop_the_start(server, settings, name, nothing):
    refuse_half_configured()
    setattr(settings, name, nothing)
    with pytest.raises(ImproperlyConfigured):
        refuse_half_configured()
    settings.POWERDNS_URL = ""
    refuse_half_configured()


def test_without_name_servers_no_zone_is_made(server, settings):
    settings.ZONE_NAMESERVERS = []
    server.answers = [(404, {"error": "Not Found"})]
    with pytest.raises(DriverError, match="names no name server"):
        publish()
    assert [asked.method for asked in server.asked] == ["GET"]


def test_a_zone_that_cannot_be_deleted_is_not_taken_for_gone(server):
    server.answers = [(200, ZONE), (500, {"error": "database is locked"})]
    with pytest.raises(DriverError):
        PowerDns().remove("garden.example")
    server.answers = [(404, b"<html>Not found")]
    with pytest.raises(DriverError):
        PowerDns().remove("garden.example")


def test_large_changes_go_in_several_requests(server):
    many = [DnsRecord(name=f"t{i}", type="TXT", content="x" * 2000) for i in range(1200)]
    PowerDns().publish("garden.example", many)
    sizes = [len(asked.body) for asked in server.asked[1:]]
    assert len(sizes) == 3 and max(sizes) < PATCH_BYTES * 1.1


@pytest.fixture
def domain_there(products, domain, server):
    products["domain"].zones = "powerdns"
    products["domain"].save()
    domain.refresh_from_db()
    return domain


def test_the_state_stays_true_through_trouble(client_of, owner, domain_there, server):
    """Done there, and the connection drops: not called published before it was asked again."""
    browser, address = client_of(owner), f"/services/{domain_there.pk}/records/"
    browser.post(f"{address}add/?type=A", {"name": "www", "content": "192.0.2.1", "ttl": 3600})
    server.answers = [(200, ZONE), (204, None)]
    do_jobs()
    job = ProvisioningJob.objects.get()
    assert (job.state, job.failures, Zone.objects.get().published) == ("waiting", 1, None)
    assert "PowerDNS gave no answer" in job.error
    page = browser.get(address).content.decode()
    assert "The last changes could not be published." in page and "PowerDNS" not in page
    there = {"name": "www.garden.example.", "type": "A", "ttl": 3600}
    there["records"] = [{"content": "192.0.2.1", "disabled": False}]
    server.answers = [(200, ZONE | {"rrsets": [there]})]
    try_again()
    job.refresh_from_db()
    assert (job.state, job.answered, Zone.objects.get().published) == ("done", {"set": 0, "deleted": 0}, 1)


def test_the_system_check_wants_what_belongs_together(settings):
    settings.POWERDNS_URL, settings.POWERDNS_KEY = "http://127.0.0.1:8081", "k"
    settings.ZONE_NAMESERVERS, settings.ZONE_HOSTMASTER = ["ns1.x.example", "ns2.x.example"], "dns@x.example"
    settings.ZONE_RECORDS = [{"type": "A", "content": "192.0.2.1"}]
    assert list(name_servers(None)) == []
    for name, nonsense, number in [
        ("ZONE_NAMESERVERS", ["ns1.x.example"], "panel.E010"),
        ("ZONE_NAMESERVERS", ["ns1.x.example", "not a host"], "panel.E010"),
        ("ZONE_HOSTMASTER", "nobody", "panel.E011"),
        ("ZONE_RECORDS", [{"type": "A", "content": "x"}], "panel.E012"),
        ("ZONE_RECORDS", [{"type": "LOC"}], "panel.E012"),
        ("ZONE_RECORDS", "nonsense", "panel.E012"),
    ]:
        before = getattr(settings, name)
        setattr(settings, name, nonsense)
        assert [error.id for error in name_servers(None)] == [number]
        setattr(settings, name, before)


@pytest.mark.parametrize(
    ("address", "is_clear"),
    [("http://ns.example:8081", True), ("https://ns.example", False), ("http://127.0.0.1:8081", False), ("", False)],
)
def test_the_key_of_all_zones_does_not_go_over_the_wire_in_clear(settings, address, is_clear):
    settings.POWERDNS_URL = address
    assert [fault.id for fault in powerdns_address(None)] == ["panel.W002"] * is_clear
