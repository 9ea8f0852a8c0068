"""PowerDNS Authoritative Server over its HTTP API (doc.powerdns.com/authoritative/http-api), version 4.3 or newer."""

import json
from urllib.parse import quote

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from services.drivers import DriverError, is_permanent
from services.models import DnsRecord
from services.zones.base import ZoneDriver
from services.zones.rrsets import absolute, difference, rrsets

# Refresh, retry, expiry and how long it is remembered that a name is not there: RIPE-203 with a shorter last one.
SOA_SECONDS = (86400, 7200, 3600000, 3600)
NAMESERVERS_TTL = 86400
# Its web server takes 2 MB at most unless told otherwise (webserver-max-bodysize).
PATCH_BYTES = 1_000_000
# What it answers when it has done as it was asked.
DONE = {"GET": 200, "POST": 201, "PATCH": 204, "DELETE": 204}
# Of the types that people edit, those that are ours to change; others in a zone are its administrator's.
TYPES = set(DnsRecord.Type.values)


class PowerDns(ZoneDriver):
    """Keeps zones by their difference. Zones that bear another account than ours are never touched."""

    TIMEOUT_SECONDS = 20
    # A full zone takes about six.
    LARGEST_ANSWER = 16 * 1024 * 1024

    @classmethod
    def missing(cls):
        return "" if settings.POWERDNS_URL else "POWERDNS_URL"

    def publish(self, name, records):
        zone = self.found(name) or self.made(name)
        wanted, there = rrsets(name, records), ours_in(zone)
        gone, other = difference(wanted, there)
        changes = [{"name": name, "type": kind, "changetype": "DELETE"} for name, kind in gone]
        # Deleted first: PowerDNS refuses an alias while anything else bears its name.
        changes += [replaced(key, *wanted[key]) for key in other]
        for part in parts(changes):
            self.ask("PATCH", zone_path(name), {"rrsets": part})
        return {"set": len(other), "deleted": len(gone)}

    def remove(self, name):
        if not self.found(name):
            return {"deleted": 0}
        self.ask("DELETE", zone_path(name), missing_is_fine=True)
        return {"deleted": 1}

    def found(self, name):
        """The zone there, None when there is none. Raises DriverError when it is somebody else's."""
        zone = self.ask("GET", zone_path(name), missing_is_fine=True)
        if zone is None:
            return None
        if "rrsets" not in zone:
            raise DriverError("PowerDNS gave an answer that is none")
        if zone.get("account") != settings.POWERDNS_ACCOUNT:
            raise DriverError(
                f"PowerDNS has a zone {name} that is not the panel's: its account is “{zone.get('account', '')}”",
                permanent=True,
            )
        return zone

    def made(self, name):
        """A new zone with our name servers. Later nobody touches its SOA and its own NS from here."""
        servers = [absolute(server) for server in settings.ZONE_NAMESERVERS]
        if not servers:
            raise DriverError("ZONE_NAMESERVERS names no name server", permanent=True)
        mailbox = absolute(settings.ZONE_HOSTMASTER.replace("@", "."))
        soa = " ".join(map(str, (servers[0], mailbox, 0, *SOA_SECONDS)))
        zone = {
            "name": absolute(name),
            "kind": settings.POWERDNS_KIND,
            "account": settings.POWERDNS_ACCOUNT,
            "soa_edit_api": "DEFAULT",
            "nameservers": [],
            "rrsets": [
                rrset((absolute(name), "SOA"), NAMESERVERS_TTL, [soa]),
                rrset((absolute(name), "NS"), NAMESERVERS_TTL, servers),
            ],
        }
        return self.ask("POST", "zones", zone)

    def ask(self, method, path, body=None, *, missing_is_fine=False):
        """Its answer as a dictionary, None where there is none. Raises DriverError."""
        if not settings.POWERDNS_URL:
            raise DriverError("POWERDNS_URL is not set", permanent=True)
        address = f"{settings.POWERDNS_URL.rstrip('/')}/api/v1/servers/{settings.POWERDNS_SERVER}/{path}"
        headers = {
            "X-API-Key": settings.POWERDNS_KEY,
            "Accept": "application/json",
            # Counted as it comes, never unpacked: a proxy in front may offer to pack it.
            "Accept-Encoding": "identity",
        }
        try:
            with httpx.stream(method, address, json=body, headers=headers, timeout=self.TIMEOUT_SECONDS) as answer:
                status, said = answer.status_code, said_in(self.receive(answer))
        except httpx.HTTPError as error:
            raise DriverError(f"PowerDNS gave no answer: {type(error).__name__}") from error
        if status == DONE[method] and said is not None:
            return said
        if status == httpx.codes.NOT_FOUND and missing_is_fine and said and "error" in said:
            return None
        raise refused(status, said)


def refuse_half_configured():
    """Stops the start when there is an address and no key, or no name servers that zones could name."""
    if settings.POWERDNS_URL and not (settings.POWERDNS_KEY and settings.ZONE_NAMESERVERS):
        raise ImproperlyConfigured("POWERDNS_URL needs a POWERDNS_KEY and ZONE_NAMESERVERS.")


def said_in(body):
    """What an answer holds as a dictionary, empty where there is nothing; None when it is none of the API's."""
    try:
        said = json.loads(body) if body else {}
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def refused(status, said):
    """The error that a status means."""
    words = (said or {}).get("error") or "an answer that is none"
    return DriverError(f"PowerDNS {status}: {words}"[:300], permanent=is_permanent(status))


def zone_path(name):
    return f"zones/{quote(absolute(name), safe='')}"


def ours_in(zone):
    """What a zone says of the records that people edit, as `rrsets` gives it. Raises DriverError."""
    try:
        return {
            (found["name"], found["type"]): (found["ttl"], enabled(found["records"]))
            for found in zone["rrsets"]
            if found["type"] in TYPES and (found["name"], found["type"]) != (zone["name"], "NS")
        }
    except (KeyError, TypeError) as error:
        raise DriverError("PowerDNS gave an answer that is none") from error


def enabled(records):
    """What records say that are not switched off."""
    return frozenset(record["content"] for record in records if not record["disabled"])


def rrset(key, ttl, contents):
    """A set of records as its API takes it."""
    records = [{"content": said, "disabled": False} for said in sorted(contents)]
    return {"name": key[0], "type": key[1], "ttl": ttl, "records": records}


def replaced(key, ttl, contents):
    return rrset(key, ttl, contents) | {"changetype": "REPLACE"}


def parts(changes):
    """The changes in lists that fit into one request each."""
    part, size = [], 0
    for change in changes:
        length = len(json.dumps(change))
        if part and size + length > PATCH_BYTES:
            yield part
            part, size = [], 0
        part.append(change)
        size += length
    if part:
        yield part
