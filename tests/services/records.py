"""The editor of DNS records: what it takes, what it refuses and in which words, and who may use it."""

import time

import pytest

from accounts.limits import HOUR, Limit
from accounts.models import Event
from services import limits
from services.dns import records
from services.models import DnsRecord, ProvisioningJob, Service, ServiceGrant, Zone
from services.zones.rrsets import unquoted
from tests.cast import service
from tests.crowd import queries_of


@pytest.fixture
def zone(products, domain):
    """The customer's domain, whose records are looked after by hand."""
    products["domain"].zones = "null"
    products["domain"].save()
    domain.refresh_from_db()
    return domain


@pytest.fixture
def browser(client_of, owner):
    return client_of(owner)


@pytest.fixture
def add(browser, zone):
    """`add(type, name, **fields)` sends the form; returns the words of the page that comes."""

    def add(kind, name="www", **fields):
        answer = browser.post(address(zone, f"add/?type={kind}"), {"name": name, "ttl": 3600} | fields, follow=True)
        return text(answer)

    return add


def address(service, rest=""):
    return f"/services/{service.pk}/records/{rest}"


def text(answer):
    return " ".join(answer.content.decode().split())


def kept():
    """The records as they are kept, in order."""
    return [str(record) for record in DnsRecord.objects.all()]


def test_a_record_is_added_changed_and_deleted(browser, zone, add, run_tasks):
    assert "No records yet" in text(browser.get(address(zone)))
    page = add("A", "www", content="192.0.2.10")
    assert "Record saved." in page and "192.0.2.10" in page
    record = DnsRecord.objects.get()
    form = text(browser.get(address(zone, f"{record.pk}/")))
    assert 'value="www"' in form and 'value="192.0.2.10"' in form
    browser.post(address(zone, f"{record.pk}/"), {"name": "www", "content": "192.0.2.11", "ttl": 300})
    assert (kept(), DnsRecord.objects.get().ttl) == (["www A 192.0.2.11"], 300)
    question = text(browser.post(address(zone, f"{record.pk}/delete/")))
    assert "Delete this record?" in question and "www A 192.0.2.11" in question and kept()
    page = text(browser.post(address(zone, f"{record.pk}/delete/"), {"confirmed": "yes"}, follow=True))
    assert "Record deleted." in page and kept() == []
    history = text(browser.get("/history/"))
    for words in (
        "A DNS record of garden.example was added: www A 192.0.2.10.",
        "A DNS record of garden.example was changed from www A 192.0.2.10 to www A 192.0.2.11.",
        "A DNS record of garden.example was deleted: www A 192.0.2.11.",
    ):
        assert words in history


@pytest.mark.parametrize(
    ("kind", "fields", "as_kept"),
    [
        ("A", {"name": "", "content": " 192.0.2.1 "}, "@ A 192.0.2.1"),
        ("A", {"name": "@", "content": "192.0.2.1"}, "@ A 192.0.2.1"),
        ("A", {"name": "garden.example.", "content": "192.0.2.1"}, "@ A 192.0.2.1"),
        ("A", {"name": "WWW.Garden.example", "content": "192.0.2.1"}, "www A 192.0.2.1"),
        ("A", {"name": "*", "content": "192.0.2.1"}, "* A 192.0.2.1"),
        ("A", {"name": "*.shop", "content": "192.0.2.1"}, "*.shop A 192.0.2.1"),
        ("A", {"name": "żółw", "content": "192.0.2.1"}, "żółw A 192.0.2.1"),
        ("AAAA", {"name": "www", "content": "2001:DB8:0:0::10"}, "www AAAA 2001:db8::10"),
        ("CNAME", {"name": "www", "content": "@"}, "www CNAME garden.example"),
        ("CNAME", {"name": "www", "content": "Other.example."}, "www CNAME other.example"),
        ("CNAME", {"name": "s1._domainkey", "content": "s1.keys.example"}, "s1._domainkey CNAME s1.keys.example"),
        ("CNAME", {"name": "www", "content": "łąka.example"}, "www CNAME łąka.example"),
        ("MX", {"name": "", "content": "mail.garden.example", "priority": 10}, "@ MX 10 mail.garden.example"),
        ("MX", {"name": "", "content": ".", "priority": 0}, "@ MX 0 ."),
        ("TXT", {"name": "", "content": "v=spf1 mx -all"}, "@ TXT v=spf1 mx -all"),
        ("TXT", {"name": "k", "content": '"v=DKIM1; " "p=\\"x\\""'}, 'k TXT v=DKIM1; p="x"'),
        ("TXT", {"name": "k", "content": "zażółć"}, "k TXT zażółć"),
        (
            "SRV",
            {"name": "_sip._tcp", "content": "sip.garden.example", "priority": 1, "weight": 2, "port": 5060},
            "_sip._tcp SRV 1 2 5060 sip.garden.example",
        ),
        ("CAA", {"name": "", "tag": "issue", "content": "letsencrypt.org"}, "@ CAA 0 issue letsencrypt.org"),
        (
            "CAA",
            {"name": "", "tag": "issuewild", "content": ";", "critical": "on"},
            "@ CAA 128 issuewild ;",
        ),
        ("CAA", {"name": "", "tag": "iodef", "content": "mailto:a@b.example"}, "@ CAA 0 iodef mailto:a@b.example"),
        ("NS", {"name": "sub", "content": "ns1.other.example"}, "sub NS ns1.other.example"),
        # Letters of two scripts, made to look like a name that everybody knows.
        (
            "MX",
            {"name": "", "content": "mx.p\u0430ypal.example", "priority": 1},
            "@ MX 1 mx.xn--pypal-4ve.example",
        ),
    ],
    ids=str,
)
def test_every_type_is_kept_in_one_form_and_comes_back_as_it_was(browser, zone, add, kind, fields, as_kept):
    assert "Record saved." in add(kind, **fields)
    assert kept() == [as_kept]
    record = DnsRecord.objects.get()
    assert record.name.isascii() and (kind == "TXT" or record.content.isascii())
    form = browser.get(address(zone, f"{record.pk}/")).context["form"]
    again = {name: form[name].value() for name in form.fields}
    again = {name: value for name, value in again.items() if value is not False}
    version = Zone.objects.get().version
    assert browser.post(address(zone, f"{record.pk}/"), again).status_code == 302
    assert (kept(), Zone.objects.get().version) == ([as_kept], version), "nothing has changed, so nothing is published"


SRV = {"name": "_sip._tcp", "content": "sip.garden.example", "priority": 1, "weight": 2, "port": 5060}


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("A", {"content": "192.0.2.256"}, "Type an IPv4 address"),
        ("A", {"content": "2001:db8::1"}, "Type an IPv4 address"),
        ("A", {"content": ""}, "This field is required."),
        ("A", {"name": "-x", "content": "192.0.2.1"}, "No host can have this name"),
        ("A", {"name": "a b", "content": "192.0.2.1"}, "No host can have this name"),
        ("A", {"name": "x" * 64, "content": "192.0.2.1"}, "No host can have this name"),
        ("A", {"name": ".".join(["x" * 60] * 4), "content": "192.0.2.1"}, "longer than the 253 signs"),
        ("A", {"name": "a.*", "content": "192.0.2.1"}, "No host can have this name"),
        ("A", {"name": "a..b", "content": "192.0.2.1"}, "No host can have this name"),
        ("A", {"name": "xn--99999", "content": "192.0.2.1"}, "No host can have this name"),
        ("A", {"name": "www.other.example.", "content": "192.0.2.1"}, "is not in the domain garden.example"),
        ("A", {"content": "192.0.2.1", "ttl": 59}, "greater than or equal to 60"),
        ("A", {"content": "192.0.2.1", "ttl": 604801}, "less than or equal to 604800"),
        ("A", {"content": "192.0.2.1", "ttl": "x"}, "Enter a whole number."),
        ("AAAA", {"content": "192.0.2.1"}, "Type an IPv6 address"),
        ("AAAA", {"content": "fe80::1%eth0"}, "known on one machine only"),
        ("CNAME", {"name": "", "content": "other.example"}, "This field is required."),
        ("CNAME", {"name": "@", "content": "other.example"}, "The domain itself cannot be an alias"),
        ("CNAME", {"content": "192.0.2.1"}, "This is an address."),
        ("CNAME", {"content": "mail"}, "Type the whole name of the host"),
        ("CNAME", {"content": "www.garden.example"}, "An alias cannot lead to itself."),
        ("CNAME", {"content": "a.1"}, "No host can have this name"),
        ("CNAME", {"content": "."}, "Type the whole name of the host"),
        ("MX", {"content": "mail.garden.example", "priority": -1}, "greater than or equal to 0"),
        ("MX", {"content": "mail.garden.example", "priority": 65536}, "less than or equal to 65535"),
        ("MX", {"content": "mail.garden.example", "priority": ""}, "This field is required."),
        ("MX", {"content": "192.0.2.1", "priority": 10}, "This is an address."),
        ("MX", {"content": "_mail.garden.example", "priority": 10}, "has no underscore"),
        ("SRV", SRV | {"content": "_sip.garden.example"}, "has no underscore"),
        ("NS", {"name": "sub", "content": "_ns.garden.example"}, "has no underscore"),
        ("TXT", {"content": "a\nb"}, "The text stands on one line"),
        ("TXT", {"content": "a\u202eb"}, "The text stands on one line"),
        ("TXT", {"content": "x" * 2049}, "longer than 2048 bytes"),
        ("TXT", {"content": "ż" * 1025}, "longer than 2048 bytes"),
        ("TXT", {"content": '""'}, "Type the text of the record."),
        ("TXT", {"content": '"\\255"'}, "written in UTF-8"),
        ("SRV", SRV | {"name": "sip"}, "Begin with the service and its protocol"),
        ("SRV", SRV | {"port": 70000}, "less than or equal to 65535"),
        ("SRV", SRV | {"weight": -1}, "greater than or equal to 0"),
        ("CAA", {"tag": "issue", "content": "let's encrypt"}, "the domain of the certificate authority"),
        ("CAA", {"tag": "iodef", "content": "a@b.example"}, "Type where reports go"),
        ("CAA", {"tag": "iodef", "content": "mailto:nobody"}, "Type where reports go"),
        ("CAA", {"tag": "iodef", "content": "http://["}, "Type where reports go"),
        ("CAA", {"tag": "issue", "content": f"x.example; {'a' * 500}"}, "at most 500 characters"),
        ("CAA", {"tag": "other", "content": "x.example"}, "Select a valid choice."),
        ("CNAME", {"content": "ą." * 1000}, "at most 300 characters"),
        ("TXT", {"content": "x" * 8501}, "at most 8500 characters"),
        ("NS", {"name": "garden.example", "content": "ns.other.example"}, "are not set here"),
        ("NS", {"name": "*", "content": "ns.other.example"}, "cannot be handed to other name servers"),
    ],
    ids=lambda said: str(said)[:40],
)
def test_what_makes_no_sense_comes_back_with_the_reason(add, kind, fields, words):
    page = add(kind, **fields)
    assert words in page and kept() == []
    assert ProvisioningJob.objects.count() == 0


def test_an_alias_stands_alone(add):
    add("CNAME", "www", content="other.example")
    assert "it must be the only record there" in add("A", "www", content="192.0.2.1")
    assert "it must be the only record there" in add("CNAME", "www", content="third.example")
    add("A", "shop", content="192.0.2.1")
    assert "an alias (CNAME) must be the only one" in add("CNAME", "shop", content="other.example")
    assert kept() == ["shop A 192.0.2.1", "www CNAME other.example"]


def test_the_same_record_stands_once_however_it_is_written(add):
    add("AAAA", "www", content="2001:db8::1")
    assert "This record is there already." in add("AAAA", "WWW.garden.example.", content="2001:0DB8::0001")
    add("AAAA", "www", content="2001:db8::2")
    assert len(kept()) == 2


def test_records_of_one_name_and_type_have_one_ttl(add):
    add("A", content="192.0.2.1")
    add("A", content="192.0.2.2", ttl=300)
    add("TXT", content="other", ttl=900)
    assert list(DnsRecord.objects.values_list("type", "ttl")) == [("A", 300), ("A", 300), ("TXT", 900)]


def test_there_is_a_most(add, zone, monkeypatch):
    monkeypatch.setattr(records, "RECORDS_AT_MOST", 2)
    add("A", content="192.0.2.1")
    add("A", content="192.0.2.2")
    assert "A domain can have 2 records at most." in add("A", content="192.0.2.3")
    assert len(kept()) == 2


def test_a_record_deleted_meanwhile_is_not_there(browser, zone, add):
    add("A", content="192.0.2.1")
    record = DnsRecord.objects.get()
    DnsRecord.objects.all().delete()
    for rest in ("", "delete/"):
        assert browser.post(address(zone, f"{record.pk}/{rest}")).status_code == 404
    with pytest.raises(records.Refused, match="deleted meanwhile"):
        records.save(record, by=None)


def test_quotes_without_an_end_are_read_in_no_time():
    quotes = '"' + '\\"' * 20_000
    before = time.process_time()
    assert unquoted(quotes) is None
    assert time.process_time() - before < 1, "each quote must not be tried as the first one"


def test_scripts_are_stopped(browser, zone, add, monkeypatch):
    monkeypatch.setattr(limits, "RECORD_CHANGES", Limit("record-changes", 3, HOUR))
    add("A", content="192.0.2.1")
    record = DnsRecord.objects.get()
    sent = {"name": "www", "content": "192.0.2.2", "ttl": 60, "confirmed": "yes"}
    browser.post(address(zone, f"{record.pk}/"), sent)
    assert "Record saved." in add("A", content="192.0.2.3")
    assert "tried very often" in add("A", content="192.0.2.4")
    assert "tried very often" in text(browser.post(address(zone, f"{record.pk}/"), sent | {"ttl": 90}))
    page = text(browser.post(address(zone, f"{record.pk}/delete/"), sent, follow=True))
    assert "tried very often" in page and len(kept()) == 2


@pytest.mark.parametrize("status", ["pending", "suspended", "ended"])
def test_records_of_what_does_not_run_are_only_shown(browser, zone, add, status):
    add("A", content="192.0.2.1")
    record = DnsRecord.objects.get()
    Service.objects.filter(pk=zone.pk).update(status=status)
    page = text(browser.get(address(zone)))
    assert "192.0.2.1" in page and "Add a record" not in page and "/delete/" not in page
    assert "while the domain is active" in page
    for rest in ("add/", f"{record.pk}/", f"{record.pk}/delete/"):
        sent = {"name": "x", "content": "192.0.2.9", "ttl": 60, "confirmed": "yes"}
        assert "while the domain is active" in text(browser.post(address(zone, rest), sent, follow=True))
    assert kept() == ["www A 192.0.2.1"]
    with pytest.raises(records.Refused):
        records.save(record, by=None)


def test_what_has_no_zone_has_no_records(browser, domain, hosting):
    for thing in (domain, hosting):
        assert browser.get(address(thing)).status_code == 404
        assert browser.post(address(thing, "add/"), {"content": "192.0.2.1"}).status_code == 404


def test_an_unknown_type_is_not_there(browser, zone):
    assert browser.get(address(zone, "add/?type=SOA")).status_code == 404


def test_who_sees_the_domain_edits_it_and_nobody_else(client_of, zone, standard, stranger, support, administrative):
    people = {standard: 404, stranger: 404, support: 403, administrative: 200}
    assert {who: client_of(who).get(address(zone)).status_code for who in people} == people
    ServiceGrant.objects.create(membership=standard.membership, service=zone)
    browser = client_of(standard)
    browser.post(address(zone, "add/?type=A"), {"name": "www", "content": "192.0.2.1", "ttl": 60})
    assert kept() == ["www A 192.0.2.1"]
    assert Event.objects.get(action="record_added").by_name == "Stefan Standard"


def test_a_record_of_another_domain_is_not_reached_through_ones_own(client_of, zone, add, stranger, products):
    add("A", content="192.0.2.1")
    record = DnsRecord.objects.get()
    theirs = service(stranger.membership.customer, products["domain"], "x.example", domain="x.example")
    browser = client_of(stranger)
    sent = {"name": "www", "content": "192.0.2.66", "ttl": 60, "confirmed": "yes"}
    assert browser.post(address(theirs, f"{record.pk}/"), sent).status_code == 404
    assert browser.post(address(theirs, f"{record.pk}/delete/"), sent).status_code == 404
    assert kept() == ["www A 192.0.2.1"]


def test_search_type_and_pages_among_many(browser, zone):
    many(zone, 60)
    page = text(browser.get(address(zone)))
    assert "Page 1 of 3" in page and page.count('class="lead domain"') == 25
    assert "Page 3 of 3" in text(browser.get(address(zone, "?page=99")))
    found = text(browser.get(address(zone, "?q=host-0007&type=A")))
    assert found.count('class="lead domain"') == 1
    assert "No record fits" in text(browser.get(address(zone, "?type=MX")))
    assert "Page 1 of 3" in text(browser.get(address(zone, "?type=nonsense&page=x")))


def test_the_list_costs_the_same_with_many_records(browser, zone):
    many(zone, 30)
    few = queries_of(browser, address(zone))
    many(zone, limits.RECORDS_AT_MOST - 30, first=30)
    assert len(queries_of(browser, address(zone))) == len(few) <= 7


def many(zone, count, first=0):
    rows = range(first, first + count)
    DnsRecord.objects.bulk_create(
        DnsRecord(service=zone, name=f"host-{i:04}", type="A", content=f"192.0.2.{i % 250}") for i in rows
    )


def test_the_page_of_the_domain_leads_there(browser, zone, hosting):
    assert address(zone) in text(browser.get(f"/services/{zone.pk}/"))
    assert "/records/" not in text(browser.get(f"/services/{hosting.pk}/"))


def test_other_name_servers_are_told(browser, zone):
    told = "This domain uses other name servers."
    assert told not in text(browser.get(address(zone)))
    zone.registration.nameservers = ["NS2.panel.example.", "ns1.panel.example"]
    zone.registration.save()
    assert told not in text(browser.get(address(zone)))
    zone.registration.nameservers = ["ns1.other.example"]
    zone.registration.save()
    assert told in text(browser.get(address(zone)))
    zone.registration.nameservers, zone.registration.origin = [], "elsewhere"
    zone.registration.save()
    assert told in text(browser.get(address(zone)))


def test_the_administration_looks_and_the_customer_reads_of_it(client_of, administrator, zone, add, browser):
    add("TXT", "long", content="x" * 300)
    staff, record = client_of(administrator), DnsRecord.objects.get()
    for page in ("dnsrecord", "zone"):
        assert "garden.example" in staff.get(f"/admin/services/{page}/?q=garden").content.decode()
    assert "x" * 300 in staff.get(f"/admin/services/dnsrecord/{record.pk}/change/").content.decode()
    assert staff.get(f"/admin/services/zone/{Zone.objects.get().pk}/change/").status_code == 200
    assert staff.get(f"/admin/services/dnsrecord/{record.pk}/delete/").status_code == 403
    assert Event.objects.filter(action="admin_looked_at_service").count() == 2
    assert "The administration opened the service garden.example." in text(browser.get("/history/"))
