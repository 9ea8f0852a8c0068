"""Text messages without anybody outside: on the terminal, or refused where none are sent."""

import pytest

from accounts.models import Outbox, User
from accounts.outbox import send_waiting
from accounts.signin import send_code


@pytest.fixture
def message(owner):
    """`message()` is a code on its way to the owner's phone, after the worker did its part."""

    def message():
        User.objects.filter(pk=owner.pk).update(phone="+48600700800")
        owner.refresh_from_db()
        send_code(owner, "sms")
        send_waiting()
        return Outbox.objects.get(channel="sms")

    return message


def test_on_the_terminal_of_whoever_develops(message, settings, capsys):
    settings.SMS_BACKEND = "console"
    assert message().state == "sent"
    printed = capsys.readouterr().out
    assert "SMS to +48600700800" in printed and "your one-time code is" in printed


def test_where_none_are_sent_a_message_is_given_up_at_once(message, settings):
    settings.SMS_BACKEND = ""
    row = message()
    assert (row.state, row.attempts) == ("failed", 1)
    assert "no SMS backend is set" in row.error
