"""Zones at a real PowerDNS: a record changed on the page is what `dig` answers."""

from ipaddress import IPv6Address

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from services import provisioning
from services.dns import records
from services.dns.rules import text as kept_text
from services.drivers import DriverError
from services.models import DnsRecord, ProvisioningJob, Service
from services.names import host
from services.zones import PowerDns
from services.zones.rrsets import quoted, unquoted
from tests.cast import service
from tests.support.jobs import do_jobs

OURS = "garden.example"


@pytest.fixture
def zone(products, domain, name_server):
    """The customer's domain, whose records PowerDNS carries."""
    products["domain"].zones = "powerdns"
    products["domain"].save()
    domain.refresh_from_db()
    return domain


@pytest.fixture
def send(client_of, owner, zone):
    """`send(rest, **fields)` sends a form of the editor and lets the worker publish."""
    browser = client_of(owner)

    def send(rest, **fields):
        answer = browser.post(f"/services/{zone.pk}/records/{rest}", {"name": "", "ttl": 3600} | fields)
        assert answer.status_code == 302, answer.context["form"].errors
        do_jobs()
        assert ProvisioningJob.objects.latest("pk").state == "done"

    return send


def test_a_record_changed_on_the_page_is_what_dig_answers(send, zone, name_server, client_of, owner):
    send("add/?type=A", name="www", content="192.0.2.10")
    assert name_server.dig(f"www.{OURS}", "A") == ["192.0.2.10"]
    assert name_server.dig(OURS, "NS") == ["ns1.panel.example.", "ns2.panel.example."]
    primary, mailbox, serial, *_seconds = name_server.dig(OURS, "SOA")[0].split()
    assert (primary, mailbox) == ("ns1.panel.example.", "hostmaster.ns1.panel.example.")
    record = DnsRecord.objects.get()
    send(f"{record.pk}/", name="www", content="192.0.2.11", ttl=300)
    assert name_server.dig_many([(f"www.{OURS}", "A")]) == [[f"www.{OURS}.", "300", "IN", "A", "192.0.2.11"]]
    assert int(name_server.dig(OURS, "SOA")[0].split()[2]) > int(serial), "secondaries hear of it by the serial"
    page = client_of(owner).get(f"/services/{zone.pk}/records/").content.decode()
    assert "everything" in page and "192.0.2.11" in page
    send(f"{record.pk}/delete/", confirmed="yes")
    assert name_server.dig(f"www.{OURS}", "A") == []
    assert len(name_server.dig(OURS, "NS")) == 2


def test_every_type_is_answered(send, name_server):
    key = "v=DKIM1; k=rsa; p=" + "A" * 600
    send("add/?type=A", name="@", content="192.0.2.1")
    send("add/?type=A", name="@", content="192.0.2.2")
    send("add/?type=AAAA", name="*", content="2001:db8::10")
    send("add/?type=CNAME", name="blog", content="@")
    send("add/?type=MX", content="mail.garden.example", priority=10)
    send("add/?type=MX", name="quiet", content=".", priority=0)
    send("add/?type=TXT", content='say "hello"; zażółć \\ 100%')
    send("add/?type=TXT", name="k1._domainkey", content=key)
    send("add/?type=SRV", name="_sip._tcp", content="sip.garden.example", priority=1, weight=2, port=5060)
    send("add/?type=CAA", tag="iodef", content="mailto:a@b.example", critical="on")
    send("add/?type=NS", name="shop", content="ns.other.example")
    send("add/?type=A", name="żółw", content="192.0.2.3")
    assert name_server.dig(OURS, "A") == ["192.0.2.1", "192.0.2.2"]
    assert name_server.dig(f"any.thing.{OURS}", "AAAA") == ["2001:db8::10"]
    assert name_server.dig(f"blog.{OURS}", "A")[-1] == "garden.example."
    assert name_server.dig(OURS, "MX") == ["10 mail.garden.example."]
    assert name_server.dig(f"quiet.{OURS}", "MX") == ["0 ."]
    assert [unquoted(said).decode() for said in name_server.dig(OURS, "TXT")] == ['say "hello"; zażółć \\ 100%']
    (long,) = name_server.dig(f"k1._domainkey.{OURS}", "TXT")
    assert unquoted(long).decode() == key and long.count('"') == 2 * 3
    assert name_server.dig(f"_sip._tcp.{OURS}", "SRV") == ["1 2 5060 sip.garden.example."]
    assert name_server.dig(OURS, "CAA") == ['128 iodef "mailto:a@b.example"']
    assert name_server.ask("GET", f"zones/{OURS}.?rrset_name=shop.{OURS}.")["rrsets"]
    assert name_server.dig(f"{host('żółw')}.{OURS}", "A") == ["192.0.2.3"]


def test_an_alias_takes_the_place_of_an_address_in_one_publication(send, zone, name_server, client_of, owner):
    send("add/?type=A", name="www", content="192.0.2.10")
    browser, address = client_of(owner), f"/services/{zone.pk}/records/"
    browser.post(f"{address}{DnsRecord.objects.get().pk}/delete/", {"confirmed": "yes"})
    send("add/?type=CNAME", name="www", content="other.example")
    assert name_server.dig(f"www.{OURS}", "CNAME") == ["other.example."]


def publish(*records, name=OURS):
    return PowerDns().publish(name, records)


def a(name, content="192.0.2.1", **fields):
    return DnsRecord(name=name, type="A", content=content, **fields)


def test_the_same_state_again_changes_nothing(name_server):
    texts = [DnsRecord(name="t", type="TXT", content=said) for said in ("ż" * 200, "a\\b", 'a"b')]
    hosts = [
        DnsRecord(name="m", type="MX", content="mail.x.example", priority=5),
        DnsRecord(name="c", type="CAA", content="ca.example; a=b", flags=0, tag="issue"),
        DnsRecord(name="s", type="AAAA", content="2001:db8::ffff:0:1"),
    ]
    assert publish(*texts, *hosts) == {"set": 4, "deleted": 0}
    serial = name_server.dig(OURS, "SOA")
    assert publish(*texts, *hosts) == {"set": 0, "deleted": 0}
    assert name_server.dig(OURS, "SOA") == serial
    assert publish(*hosts) == {"set": 0, "deleted": 1}


def test_what_others_put_into_the_zone_stays(name_server):
    publish(a("www"))
    theirs = [("tlsa.garden.example.", "TLSA", "3 1 1 abcd"), (f"{OURS}.", "NS", "ns9.other.example.")]
    sets = [
        {"name": name, "type": kind, "ttl": 60, "changetype": "REPLACE", "records": [{"content": said}]}
        for name, kind, said in theirs
    ]
    name_server.ask("PATCH", f"zones/{OURS}.", {"rrsets": sets})
    publish(a("ftp"))
    assert name_server.dig(f"tlsa.{OURS}", "TLSA") == ["3 1 1 ABCD"]
    assert name_server.dig(OURS, "NS") == ["ns9.other.example."]
    assert (name_server.dig(f"www.{OURS}", "A"), name_server.dig(f"ftp.{OURS}", "A")) == ([], ["192.0.2.1"])


def test_what_was_switched_off_there_is_switched_on_again(name_server):
    publish(a("www"))
    off = {"name": f"www.{OURS}.", "type": "A", "ttl": 3600, "changetype": "REPLACE"}
    off["records"] = [{"content": "192.0.2.1", "disabled": True}]
    name_server.ask("PATCH", f"zones/{OURS}.", {"rrsets": [off]})
    assert name_server.dig(f"www.{OURS}", "A") == []
    publish(a("www"))
    assert name_server.dig(f"www.{OURS}", "A") == ["192.0.2.1"]


@pytest.mark.parametrize("account", ["", "somebody"])
def test_a_zone_that_is_not_ours_is_never_touched(name_server, account):
    zone = {"name": f"{OURS}.", "kind": "Native", "account": account, "nameservers": ["ns.theirs.example."]}
    name_server.ask("POST", "zones", zone)
    for attempt in (lambda: publish(a("www")), lambda: PowerDns().remove(OURS)):
        with pytest.raises(DriverError, match="not the panel's") as caught:
            attempt()
        assert caught.value.permanent
    assert name_server.zones() == [f"{OURS}."] and name_server.dig(f"www.{OURS}", "A") == []


def test_removing_is_harmless_twice_and_takes_no_other_zone(name_server):
    publish(a("www"))
    publish(a("www"), name="other.example")
    assert PowerDns().remove(OURS) == {"deleted": 1}
    assert PowerDns().remove(OURS) == {"deleted": 0}
    assert name_server.zones() == ["other.example."]


def test_the_zone_of_a_terminated_domain_is_gone(send, zone, name_server, owner):
    send("add/?type=A", name="www", content="192.0.2.10")
    provisioning.ask(zone, "terminate", reference="end", by=owner)
    do_jobs()
    assert (name_server.zones(), Service.objects.get(pk=zone.pk).status) == ([], "ended")


def test_an_international_domain(customer, products, name_server, zone, owner):
    theirs = service(customer, products["domain"], "łąka.example", domain="łąka.example")
    record = DnsRecord(service=theirs, name="", type="A", content="192.0.2.1")
    records.save(record, by=owner)
    do_jobs()
    assert name_server.dig(host("łąka.example"), "A") == ["192.0.2.1"]


def test_as_many_records_as_there_can_be_in_a_few_requests(name_server):
    many = [DnsRecord(name=f"t{i}", type="TXT", content=f"{i} " + "x" * 1000) for i in range(2000)]
    assert publish(*many) == {"set": 2000, "deleted": 0}
    assert publish(*many) == {"set": 0, "deleted": 0}
    assert len(name_server.ask("GET", f"zones/{OURS}.")["rrsets"]) == 2002
    assert publish() == {"set": 0, "deleted": 2000}


LABELS = some.from_regex(r"[a-z0-9_]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
NAMES = some.lists(LABELS, min_size=1, max_size=3).map(".".join).filter(lambda name: not name.startswith("xn--"))
SERVERS = NAMES.filter(lambda name: "_" not in name)
NUMBERS = some.integers(0, 65535)
TEXTS = some.text(some.characters(codec="utf-8"), min_size=1, max_size=400).filter(str.isprintable)


@some.composite
def a_record(draw, name):
    """A record of any type that may stand beside others."""
    kind = draw(some.sampled_from(["A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA"]))
    record = DnsRecord(name=name, type=kind, ttl=draw(some.integers(60, 604800)))
    match kind:
        case "A":
            record.content = str(draw(some.ip_addresses(v=4)))
        case "AAAA":
            record.content = str(draw(some.ip_addresses(v=6)))
        case "TXT":
            record.content = draw(TEXTS)
        case "CNAME":
            record.content = draw(NAMES)
        case "CAA":
            record.content, record.flags, record.tag = draw(NAMES), draw(some.sampled_from([0, 128])), "issue"
        case _:
            record.content, record.priority = draw(SERVERS), draw(NUMBERS)
            record.weight, record.port = draw(NUMBERS), draw(NUMBERS)
    return record


@given(data=some.data(), names=some.lists(NAMES, min_size=1, max_size=6, unique=True))
@settings(max_examples=15, phases=[Phase.generate])
def test_any_records_come_back_from_dig_as_they_are_kept(name_server, data, names):
    records = [data.draw(a_record(name)) for name in names]
    publish(*records)
    said = {(name, kind): (int(ttl), words) for name, ttl, _in, kind, words in questions(name_server, records)}
    assert {key: (ttl, meant(key[1], words)) for key, (ttl, words) in said.items()} == {
        (f"{record.name}.{OURS}.", record.type): (record.ttl, meant_by(record)) for record in records
    }
    assert publish(*records) == {"set": 0, "deleted": 0}


def questions(name_server, records):
    return name_server.dig_many([(f"{record.name}.{OURS}", record.type) for record in records])


def meant(kind, words):
    if kind == "TXT":
        return unquoted(words).decode()
    return str(IPv6Address(words)) if kind == "AAAA" else words.lower()


def meant_by(record):
    """What dig is to say."""
    match record.type:
        case "MX":
            return f"{record.priority} {record.content}."
        case "SRV":
            return f"{record.priority} {record.weight} {record.port} {record.content}."
        case "CNAME":
            return f"{record.content}."
        case "CAA":
            return f'{record.flags} issue "{record.content}"'
    return record.content


@given(octets=some.binary(max_size=300))
def test_quoting_and_unquoting_are_each_others_opposite(octets):
    assert unquoted(quoted(octets)) == octets


@given(words=TEXTS)
def test_a_text_is_kept_as_it_was_typed_or_as_it_was_quoted(words):
    assert kept_text(quoted(words.encode()), OURS) == words
    assert unquoted(words) is not None or kept_text(words, OURS) == words
