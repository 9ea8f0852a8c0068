"""Mail as a real SMTP server sees it."""

from accounts.models import Outbox
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
