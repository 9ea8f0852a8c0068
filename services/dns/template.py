"""The records that the provider gives to every new zone: ZONE_RECORDS of the settings."""

from django.conf import settings

from services.dns.forms import FORMS
from services.limits import TTL_USUAL
from services.models import DnsRecord


def forms_for(zone):
    """(what the settings say, its form) for a zone; a type that there is none of has no form."""
    listed = settings.ZONE_RECORDS
    for said in listed if isinstance(listed, list) else [listed]:
        kind = said.get("type") if isinstance(said, dict) else None
        record = DnsRecord(type=kind or "")
        yield said, FORMS[kind]({"ttl": TTL_USUAL} | said, instance=record, zone=zone) if kind in FORMS else None


def records_for(service, zone):
    """Those of the settings' records that make sense, for a service; `check --deploy` names the others."""
    records = [form.save(commit=False) for _said, form in forms_for(zone) if form and form.is_valid()]
    for record in records:
        record.service = service
    return records
