"""Mails that a company carries by its own interface instead of SMTP."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from requests import Response, Session

from accounts import bounces
from accounts.models import Outbox
from accounts.outbox import send_waiting
from tests.panel.deploy_checks import PRODUCTION


class Interface:
    """What the company was told, and what it says; an exception instead of words is raised."""

    def __init__(self):
        self.told, self.status = [], 200
        self.says = {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": "anna@example.com"}

    def request(self, session, **request):
        self.told.append(request)
        answer = Response()
        answer.status_code, answer._content = self.status, json.dumps(self.says).encode()
        return answer


@pytest.fixture
def interface(monkeypatch, settings):
    """Postmark, as far as a mail is concerned."""
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_SERVER_TOKEN": "a-secret"}
    interface = Interface()
    monkeypatch.setattr(Session, "request", lambda session, **request: interface.request(session, **request))
    return interface


def test_a_mail_goes_out_with_our_own_message_id(write, interface):
    (row,) = write()
    send_waiting()
    sent = json.loads(interface.told[0]["data"])
    headers = {header["Name"]: header["Value"] for header in sent["Headers"]}
    assert sent["Metadata"] == {"outbox": str(row.pk)}, "by which it tells what became of the mail"
    assert headers["Message-ID"] == row.message_id and headers["X-PM-KeepID"] == "true"
    assert "anna@example.com" in sent["To"] and interface.told[0]["timeout"] == 20
    assert Outbox.objects.get().state == "sent"


def test_an_address_that_it_does_not_serve_fails_for_good(write, interface):
    words = (
        "Found inactive addresses: anna@example.com.\nInactive recipients are ones that have generated a hard bounce."
    )
    interface.status, interface.says = 422, {"ErrorCode": 406, "Message": words}
    write()
    send_waiting()
    assert Outbox.objects.get().state == "failed"
    assert bounces.returning_since("anna@example.com")


@pytest.mark.parametrize("status", [401, 429, 500])
def test_what_is_its_own_trouble_waits(write, interface, status):
    interface.status = status
    write()
    send_waiting()
    row = Outbox.objects.get()
    assert row.state == "waiting" and str(status) in row.error
    assert "a-secret" not in row.error
    assert not bounces.returning_since(row.address)


def started(**environment):
    """The exit code and words of a panel that is started in this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "VAR_DIR") if name in os.environ}
    answer = subprocess.run(
        [sys.executable, "-c", "from panel import settings; print(settings.EMAIL_BACKEND)"],
        cwd=django_settings.BASE_DIR,
        env=kept | PRODUCTION | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return answer.returncode, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"MAIL_PROVIDER": "pigeon"}, "Must be one of"),
        ({"MAIL_PROVIDER": "postmark"}, "ANYMAIL_POSTMARK_SERVER_TOKEN"),
        ({"MAIL_PROVIDER": "mailgun", "ANYMAIL_MAILGUN_API_KEY": ""}, "ANYMAIL_MAILGUN_API_KEY"),
    ],
)
def test_without_its_key_the_panel_does_not_start(environment, complaint):
    code, words = started(**environment)
    assert code != 0 and complaint in words


def test_with_its_key_it_does():
    code, words = started(MAIL_PROVIDER="postmark", ANYMAIL_POSTMARK_SERVER_TOKEN="a-secret")
    assert code == 0 and "anymail.backends.postmark" in words, words
