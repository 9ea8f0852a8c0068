"""Mail as a real SMTP server sees it."""

import pytest

from accounts import bounces, outbox
from accounts.models import BouncedAddress, Event, Outbox
from accounts.outbox import send_waiting


def outcomes():
    return list(Outbox.objects.order_by("pk").values_list("state", "attempts"))


def test_a_batch_arrives_over_one_connection(write, postman):
    rows = write(20)
    send_waiting()
    assert [mail["Message-ID"] for mail in postman.mails] == [row.message_id for row in rows]
    assert postman.connections == 1
    mail = postman.mails[7]
    assert mail["Subject"] == "Parcel 7: żółw"
    assert mail["To"] == "anna@example.com"
    assert mail.get_body(["plain"]).get_content().strip() == "Your parcel has the number 7, anna."
    assert "<b>7</b>" in mail.get_body(["html"]).get_content()


def test_a_server_that_hangs_up_is_called_again(write, postman):
    postman.hang_up_after = 3
    write(10)
    send_waiting()
    assert len(postman.mails) == 10
    assert postman.connections == 4
    assert outcomes() == [("sent", 1)] * 10


def test_an_address_refused_for_good_fails_alone(write, postman):
    postman.refusals["nobody@example.com"] = "550 no such mailbox"
    write(address="nobody@example.com")
    write()
    send_waiting()
    assert outcomes() == [("failed", 1), ("sent", 1)]
    assert "550" in Outbox.objects.get(state="failed").error


@pytest.mark.parametrize(
    "refusal", ["550 5.1.1 no such mailbox", "551 5.1.6 has moved", "553 5.1.3 bad syntax", "556 5.1.10 null MX"]
)
def test_an_address_refused_for_good_is_marked(write, postman, owner, refusal):
    postman.refusals["nobody@example.com"] = refusal
    write(address="nobody@example.com")
    write()
    send_waiting()
    assert bounces.returning_since("nobody@example.com") and not bounces.returning_since("anna@example.com")
    assert outcomes() == [("failed", 1), ("sent", 1)]
    assert Event.objects.filter(action="mails_return", user_id=owner.pk).count() == 1
    outbox.try_again(Outbox.objects.all(), by=owner)
    send_waiting()
    assert Event.objects.filter(action="mails_return", user_id=owner.pk).count() == 1


@pytest.mark.parametrize(
    "refusal",
    [
        "450 4.1.1 try again",
        "452 4.2.2 mailbox full",
        "550 no such mailbox",
        "550 relay not permitted",
        "550 5.1.0 sender address rejected",
        "553 5.1.8 sender domain not found",
        "554 5.7.1 relay access denied",
        "550 5.7.1 policy of 5.1.1.7",
        "530 5.7.0 authentication required",
        "535 5.7.8 authentication failed",
        "552 5.3.4 too large",
    ],
)
def test_what_is_refused_about_us_or_for_now_marks_nobody(write, postman, refusal):
    postman.refusals["anna@example.com"] = refusal
    write()
    send_waiting()
    assert not BouncedAddress.objects.exists()


def test_a_full_mailbox_is_counted_only(write, postman):
    postman.refusals["anna@example.com"] = "552 5.2.2 mailbox full"
    write()
    send_waiting()
    assert BouncedAddress.objects.get().soft_count == 1 and not bounces.returning_since("anna@example.com")


def test_an_address_refused_for_now_is_tried_again(write, postman):
    postman.refusals["full@example.com"] = "452 mailbox full"
    (row,) = write(address="full@example.com")
    write()
    send_waiting()
    assert outcomes() == [("waiting", 1), ("sent", 1)]
    del postman.refusals["full@example.com"]
    Outbox.objects.filter(pk=row.pk).update(next_attempt_at=row.created_at)
    send_waiting()
    assert outcomes() == [("sent", 2), ("sent", 1)]
    assert postman.mails[-1]["Message-ID"] == row.message_id


def test_a_server_that_is_down_is_asked_once_a_batch_and_everything_waits(write, postman, monkeypatch):
    calls = []
    monkeypatch.setattr("smtplib.SMTP.connect", lambda self, *args: calls.append(args) or refuse())
    write(5)
    send_waiting()
    assert outcomes() == [("waiting", 1)] * 5
    assert len(calls) == 1
    assert all("ConnectionRefused" in error for error in Outbox.objects.values_list("error", flat=True))


def refuse():
    raise ConnectionRefusedError("nobody there")
