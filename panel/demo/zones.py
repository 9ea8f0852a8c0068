"""The DNS records of the demo's customers."""

from services.dns import records
from services.models import DnsRecord


def of_garden_designer(domain):
    """A website, mail, a telephone and what others had put there, enough for a second page."""
    rows = [
        ("", "A", "192.0.2.80", {}),
        ("", "AAAA", "2001:db8::80", {}),
        ("", "MX", "poczta.ogrody-lipinska.example", {"priority": 10}),
        ("", "MX", "zapas.example.net", {"priority": 20}),
        ("", "TXT", "v=spf1 mx include:poczta.example.net -all", {}),
        ("", "CAA", "letsencrypt.org", {"flags": 0, "tag": "issue"}),
        ("www", "CNAME", "ogrody-lipinska.example", {}),
        ("poczta", "A", "192.0.2.25", {}),
        ("s1._domainkey", "TXT", "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" * 11, {}),
        ("_dmarc", "TXT", "v=DMARC1; p=quarantine; rua=mailto:dmarc@ogrody-lipinska.example", {}),
        ("_sip._tcp", "SRV", "sip.example.net", {"priority": 10, "weight": 5, "port": 5060}),
        ("xn--kwiaty-i-zioa-7hc", "A", "192.0.2.81", {}),
        *((f"taras-{number:02}", "A", f"192.0.2.{100 + number}", {}) for number in range(1, 17)),
    ]
    DnsRecord.objects.bulk_create(
        DnsRecord(service=domain, name=name, type=kind, content=content, **more) for name, kind, content, more in rows
    )
    records.open_zone(domain, by=None)
