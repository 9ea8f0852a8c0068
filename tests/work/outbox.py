"""What waits in the outbox is sent once, and what goes wrong with a row stays its own trouble."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import notify, outbox
from accounts.delivery import Mail, NotSent
from accounts.models import Link, Outbox
from accounts.outbox import BACK_OFF_SECONDS, send_waiting
from accounts.sms import memory


@pytest.fixture
def texts():
    memory.outbox.clear()
    return memory.outbox


@pytest.fixture
def failing(monkeypatch):
    """`failing(error)` makes every mail end in `error`."""

    def failing(error):
        def send(self, row, message):
            raise error

        monkeypatch.setattr(Mail, "send", send)

    return failing


def test_a_mail_has_two_parts_and_says_who_writes(write, provider, settings):
    settings.DEFAULT_FROM_EMAIL = "Panel <panel@example.com>"
    (row,) = write()
    assert send_waiting() == 1
    (sent,) = mail.outbox
    assert sent.subject == "Parcel 0: żółw"
    assert sent.body == "Your parcel has the number 0, anna.\n"
    assert sent.alternatives[0].mimetype == "text/html"
    assert sent.message()["From"] == "Example Hosting <panel@example.com>"
    assert sent.to == ["anna@example.com"]
    assert sent.reply_to == ["support@example.com"]
    headers = sent.message()
    assert headers["Message-ID"] == row.message_id
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Parcel"] == "0"
    row.refresh_from_db()
    assert (row.state, row.attempts, row.claimed_by, row.error) == ("sent", 1, "", "")
    assert row.sent_at
    assert send_waiting() == 0


def test_a_letter_that_nobody_needs_any_more_is_dropped(write):
    (row,) = write(letter="unneeded")
    send_waiting()
    row.refresh_from_db()
    assert row.state == "dropped"
    assert not mail.outbox


def test_a_broken_row_does_not_stop_the_others(write):
    (before,), (torn,), (unknown,), (after,) = write(), write(letter="torn"), write(letter="never-heard-of"), write()
    send_waiting()
    states = dict(Outbox.objects.values_list("pk", "state"))
    assert states == {before.pk: "sent", torn.pk: "waiting", unknown.pk: "waiting", after.pk: "sent"}
    torn.refresh_from_db()
    assert torn.attempts == 1
    assert "TemplateSyntaxError" in torn.error
    assert torn.next_attempt_at > timezone.now()


def test_failures_are_tried_again_ever_later_and_stay_visible_in_the_end(write, failing):
    (row,) = write()
    failing(NotSent("the server is asleep"))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for attempt, seconds in enumerate(BACK_OFF_SECONDS, start=1):
            assert send_waiting() == 1
            row.refresh_from_db()
            assert (row.state, row.attempts) == ("waiting", attempt)
            clock.shift(timedelta(seconds=seconds - 1))
            assert send_waiting() == 0
            clock.shift(timedelta(seconds=1))
        send_waiting()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("failed", 10, "the server is asleep")


def test_a_permanent_failure_is_not_tried_again(write, failing):
    (row,) = write()
    failing(NotSent("no such mailbox", permanent=True))
    send_waiting()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("failed", 1, "no such mailbox")


def test_a_worker_that_is_told_to_stop_gives_the_rest_back(write):
    rows = write(5)
    send_waiting(by="worker-1", stopping=lambda: len(mail.outbox) == 2)
    assert Outbox.objects.filter(state="sent").count() == 2
    assert not Outbox.objects.exclude(claimed_by="").exists()
    assert send_waiting(by="worker-2") == 3
    assert {sent.message()["Message-ID"] for sent in mail.outbox} == {row.message_id for row in rows}


def test_claimed_rows_are_nobody_elses_until_the_claim_ends(write):
    write(3)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert len(outbox.claim(10, "worker-1")) == 3
        assert outbox.claim(10, "worker-2") == []
        clock.shift(outbox.CLAIM)
        assert len(outbox.claim(10, "worker-2")) == 3


def test_a_worker_that_was_held_up_does_not_send_what_others_may_have_by_now(write):
    write(2)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        (row, _other) = outbox.claim(10, "worker-1")
        assert outbox.is_still_claimed(row)
        clock.shift(outbox.CLAIM - outbox.ONE_MESSAGE)
        assert not outbox.is_still_claimed(row)
        clock.shift(outbox.ONE_MESSAGE)
        assert send_waiting(by="worker-2") == 2
    outbox.finish(row, state="failed", error="too late")
    assert not Outbox.objects.filter(state="failed").exists()


def test_it_looks_again_before_it_goes_on_after_a_pause(write):
    write(4)
    with time_machine.travel(timezone.now(), tick=False) as clock:

        def pause_after_two():
            if len(mail.outbox) == 2 and Outbox.objects.filter(claimed_by="worker-1").exists():
                clock.shift(timedelta(minutes=1))
                outbox.release_claims_except(["worker-2"])
                send_waiting(by="worker-2")
            return False

        send_waiting(by="worker-1", stopping=pause_after_two)
    assert len({sent.message()["Message-ID"] for sent in mail.outbox}) == len(mail.outbox) == 4


def test_looking_into_an_empty_outbox_is_one_query_that_writes_nothing(db):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert send_waiting() == 0
    assert len(queries) == 1
    assert queries[0]["sql"].startswith("SELECT")


def test_what_letters_are_about_is_found_for_all_that_are_sent_together(owner, provider):
    links = [Link.issue(owner, Link.Purpose.NOT_ME) for _ in range(20)]
    for link in links:
        notify.mail("password_changed", to=owner, link=link.pk)
    links[3].use()
    with CaptureQueriesContext(connection) as queries:
        assert send_waiting() == 20
    assert len([query for query in queries if 'FROM "accounts_link"' in query["sql"]]) == 1
    assert len(mail.outbox) == 19
    assert all(link.url in sent.body for link, sent in zip(links[:3] + links[4:], mail.outbox, strict=True))


def test_a_mark_does_not_wait_for_the_disk_and_everything_else_does(write, postgresql):
    write(2)
    with CaptureQueriesContext(connection) as queries:
        send_waiting()
    asked = [query["sql"] for query in queries]
    quick, again = (asked.index(words) for words in ("SET synchronous_commit = off", "RESET synchronous_commit"))
    marks = [at for at, sql in enumerate(asked) if sql.startswith("UPDATE") and "'sent'" in sql]
    assert len(marks) == 2 and quick < min(marks) and max(marks) < again
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


def test_two_workers_never_send_the_same_row(write, together, postgresql):
    rows = write(60)
    together(4, lambda i: [send_waiting(7, by=f"worker-{i}") for _ in range(12)])
    sent = [message.message()["Message-ID"] for message in mail.outbox]
    assert sorted(sent) == sorted(row.message_id for row in rows)
    assert not Outbox.objects.exclude(state="sent").exists()


def test_a_text_message_goes_through_the_backend(write, texts):
    (row,) = write(channel="sms", address="+48600100200")
    send_waiting()
    assert texts == [{"number": "+48600100200", "text": "Parcel 0", "reference": row.message_id}]
    row.refresh_from_db()
    assert row.state == "sent"


def test_no_text_message_leaves_for_a_country_that_is_not_served(write, texts):
    (row,) = write(channel="sms", address="+37060012345")
    send_waiting()
    row.refresh_from_db()
    assert (row.state, texts) == ("failed", [])
    assert "country" in row.error


def test_without_a_backend_text_messages_fail_visibly(write, settings, texts):
    settings.SMS_BACKEND = ""
    (row,) = write(channel="sms", address="+48600100200")
    send_waiting()
    row.refresh_from_db()
    assert (row.state, texts) == ("failed", [])
    assert row.error == "no SMS backend is set"
