"""SMSAPI as a way to send text messages, against a stand-in that answers as it does."""

from urllib.parse import parse_qs

import pytest

from accounts import sms
from accounts.models import Outbox, User
from accounts.outbox import send_waiting
from accounts.signin import send_code
from panel.checks import text_messages
from tests.support.answering import answering

SENT = {"count": 1, "list": [{"id": "1", "points": 0.16, "number": "48600700800", "status": "QUEUE"}]}


@pytest.fixture
def service(settings):
    """A local SMSAPI."""
    with answering(SENT) as server:
        settings.SMS_BACKEND = "smsapi"
        settings.SMSAPI_URL = server.address
        settings.SMSAPI_TOKEN = "the-token"
        yield server


@pytest.fixture
def message(owner, service):
    """A code on its way to the owner's phone."""
    User.objects.filter(pk=owner.pk).update(phone="+48600700800")
    owner.refresh_from_db()
    send_code(owner, "sms")
    return Outbox.objects.get(channel="sms")


def state(message):
    message.refresh_from_db()
    return message.state, message.error


def test_a_message_goes_out(message, service):
    send_waiting()
    assert state(message) == ("sent", "")
    (asked,) = service.asked
    assert asked.path == "/sms.do" and asked.headers["Authorization"] == "Bearer the-token"
    form = parse_qs(asked.body)
    assert form["to"] == ["48600700800"] and "your one-time code is" in form["message"][0]
    assert form["check_idx"] == ["1"] and len(form["idx"][0]) <= 36
    assert "from" not in form


def test_a_sender_name_is_used(service, settings):
    settings.SMSAPI_SENDER = "Example"
    sms.sender().send("+48600700800", "Zażółć", "<1@x>")
    form = parse_qs(service.asked[0].body)
    assert form["from"] == ["Example"] and form["message"] == ["Zażółć"]


def test_a_repeat_carries_the_same_reference_and_is_no_failure(service):
    service.answers = [(500, b"oops"), (200, {"error": 53, "message": "Not unique idx"})]
    with pytest.raises(sms.SmsError) as error:
        sms.sender().send("+48600700800", "x", "<1@x>")
    assert not error.value.permanent
    sms.sender().send("+48600700800", "x", "<1@x>")
    sms.sender().send("+48600700800", "x", "<2@x>")
    first, again, other = [parse_qs(asked.body)["idx"] for asked in service.asked]
    assert first == again != other


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ((200, {"error": 13, "message": "Invalid phone number"}), True),
        ((200, {"error": 103, "message": "Insufficient credits"}), False),
        ((401, {"error": 101, "message": "Authorization failed"}), False),
        ((200, b"<html>"), False),
        ((200, ["list"]), False),
        ((200, {}), False),
        ((200, b"\xff"), False),
    ],
)
def test_what_it_refuses_is_told(message, service, answer, permanent):
    service.answers = [answer]
    send_waiting()
    found, error = state(message)
    assert found == ("failed" if permanent else "waiting")
    assert error.startswith("SMSAPI")
    assert "the-token" not in error and "one-time code" not in error


def test_when_it_is_away_the_message_waits(message, settings):
    settings.SMSAPI_URL = "http://127.0.0.1:9/"
    send_waiting()
    assert state(message)[0] == "waiting"


def test_without_a_token_it_may_not_be_deployed(service, settings):
    settings.SMSAPI_TOKEN = ""
    assert [error.id for error in text_messages(None)] == ["panel.E008"]
    settings.SMSAPI_TOKEN = "the-token"
    assert not list(text_messages(None))
