"""A server tells usage by itself: believed by its signature only, all of a report or nothing, each use once."""

import json
import time
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from services import usage_reports
from services.models import Usage
from services.signing import HEADER, sign

SECRET = "a secret of more than thirty-two characters"
ADDRESS = "/provisioning/usage/"


@pytest.fixture
def line(voip, settings):
    """A service of the driver “webhook”."""
    settings.PROVISIONING_WEBHOOK_SECRET = SECRET
    voip.product.driver = "webhook"
    voip.product.save()
    return voip


@pytest.fixture
def tell(anonymous):
    """`tell(content)` is the server's POST; returns (status, words)."""

    def tell(content, *, secret=SECRET, at=None, body=None):
        body = json.dumps(content).encode() if body is None else body
        header = sign(secret, body, int(time.time()) if at is None else at)
        answer = anonymous.post(ADDRESS, body, content_type="application/json", headers={HEADER: header})
        return answer.status_code, answer.content.decode().strip()

    return tell


def record(line, reference="c1", **fields):
    ended_at = timezone.now() - timedelta(hours=1)
    return {
        "service": line.pk,
        "reference": reference,
        "what": "+48 601 555 010",
        "quantity": "2.5",
        "unit": "min",
        "net": "0.30",
        "started_at": (ended_at - timedelta(seconds=150)).isoformat(),
        "ended_at": ended_at.isoformat(),
    } | fields


def test_what_is_told_is_kept_once_however_often_it_comes(line, tell):
    first, second = record(line, "c1"), record(line, "c2")
    assert tell({"usage": [second, first]}) == (200, "new: 2")
    assert tell({"usage": [first, second]}) == (200, "new: 0")
    assert sorted(Usage.objects.values_list("driver", "reference")) == [("webhook", "c1"), ("webhook", "c2")]
    assert Usage.objects.first().service == line


@pytest.mark.parametrize("how", [{"secret": "x" * 40}, {"at": int(time.time()) - 3600}], ids=["secret", "old"])
def test_what_is_not_signed_just_now_by_the_server_is_not_believed(line, tell, how):
    assert tell({"usage": [record(line)]}, **how) == (400, "refused")
    assert not Usage.objects.exists()


def test_without_a_secret_nobody_is_believed(line, tell, settings):
    settings.PROVISIONING_WEBHOOK_SECRET = ""
    assert tell({"usage": [record(line)]}, secret="")[0] == 400
    assert not Usage.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"service": 0},
        {"service": "1"},
        {"service": 10**9},
        {"net": 0.3},
        {"net": "-1"},
        {"net": "NaN"},
        {"net": "1e5000"},
        {"net": "0.001"},
        {"quantity": "many"},
        {"reference": ""},
        {"reference": None},
        {"what": "\u202eevil"},
        {"started_at": "2026-11-01T10:00:00"},
        {"started_at": "0001-01-01T00:00:00+14:00"},
        {"ended_at": "9999-12-31T23:59:59-14:00"},
        {"ended_at": "tomorrow"},
        {"ended_at": "2001-01-01T00:00:00+00:00"},
    ],
    ids=str,
)
def test_one_bad_record_refuses_the_whole_report(line, tell, fields):
    assert tell({"usage": [record(line, "good"), record(line, "bad") | fields]})[0] == 400
    assert not Usage.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"usage": {}}', b'{"usage": [1]}', b"[" * 9000], ids=repr)
def test_garbage_is_refused(line, tell, body):
    assert tell(None, body=body)[0] == 400


def test_too_much_at_once_is_refused(line, tell, monkeypatch):
    monkeypatch.setattr(usage_reports, "MOST_RECORDS", 1)
    assert tell({"usage": [record(line, "c1"), record(line, "c2")]})[0] == 400
    monkeypatch.setattr(usage_reports, "LARGEST_BODY", 10)
    assert tell({"usage": [record(line)]})[0] == 413
    assert not Usage.objects.exists()


def test_a_server_tells_nothing_about_services_of_other_drivers(line, hosting, tell):
    assert tell({"usage": [record(hosting)]}) == (400, f"there is no service {hosting.pk}")


@pytest.mark.parametrize("zone", ["+23:59", "-23:59", "+14:00", "+00:00:30"])
def test_a_time_counts_the_same_in_whatever_zone_it_is_told(line, tell, zone):
    """PostgreSQL knows no zone that is 16 hours or more away."""
    told = record(line, started_at=f"2026-01-10T12:00:00{zone}", ended_at=f"2026-01-10T12:01:00{zone}")
    assert tell({"usage": [told]}) == (200, "new: 1")
    assert Usage.objects.get().started_at == datetime.fromisoformat(told["started_at"])


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_time_beyond_the_calendar_is_refused(line, tell, at):
    assert tell({"usage": [record(line, started_at=at)]})[0] == 400
