"""What Postmark and Mailgun tell of our mails: who may tell, what marks an address, and what does not."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts import bounces, consents
from accounts.jobs import clear_messages
from accounts.models import BouncedAddress, BounceReport, Consent, Event, Outbox, User
from tests.cast import signed_in
from tests.support.mail_company import KEY, SHARED, basic, signed

pytestmark = pytest.mark.django_db

# As docs/mail.md names them.
POSTMARK, MAILGUN = "/mail/postmark/events/", "/mail/mailgun/events/"
ADDRESS = "anna@example.com"


@pytest.fixture(autouse=True)
def opened(settings):
    settings.MAIL_WEBHOOKS = ["postmark", "mailgun"]
    settings.ANYMAIL = settings.ANYMAIL | SHARED


@pytest.fixture
def company():
    return Client(raise_request_exception=False)


@pytest.fixture
def sent(owner):
    """`sent()` is a mail to the owner, or of another letter, that has gone out."""

    def sent(letter="ticket_answered", **fields):
        fields = {"address": ADDRESS, "user": owner, "language": "en"} | fields
        return Outbox.objects.create(channel="mail", letter=letter, state="sent", **fields)

    return sent


@pytest.fixture
def told(company):
    """`told(row)` is what a company is answered when it tells that the row bounced for good."""

    def told(row, by="postmark", **more):
        ask = {"postmark": by_postmark, "mailgun": by_mailgun}[by]
        return ask(company, row, **more)

    return told


def post(company, address, words, **more):
    return company.post(address, json.dumps(words), content_type="application/json", headers=basic(), **more)


def by_postmark(company, row, **more):
    """A bounce as Postmark tells of it; `more` changes it, and leaves out what is None."""
    words = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 692560173,
        "MessageID": "2c1b63fe",
        "Email": row.address,
        "BouncedAt": "2026-11-21T09:00:00Z",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist",
        "Metadata": {"outbox": str(row.pk)},
    }
    return post(company, POSTMARK, {name: value for name, value in (words | more).items() if value is not None})


def by_mailgun(company, row, key=KEY, token="t" * 50, **more):
    """A failure as Mailgun tells of it; `more` changes it."""
    event = {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "timestamp": 1795255200.5,
        "recipient": row.address,
        "delivery-status": {"code": 550, "message": "5.1.1 No such user", "description": ""},
        "user-variables": {"outbox": str(row.pk)},
    }
    words = {
        "signature": signed(key, token),
        "event-data": event | more,
    }
    return post(company, MAILGUN, words)


def marked():
    return bounces.returning_since(ADDRESS) is not None


@pytest.mark.parametrize("by", ["postmark", "mailgun"])
def test_a_mail_that_came_back_for_good_marks_its_address_at_once(told, sent, owner, by):
    assert told(sent(), by).status_code == 200
    assert BouncedAddress.objects.get().status == "5.1.1"
    page = signed_in(owner).get(reverse("accounts:personal_data")).content.decode()
    assert "E-mails to anna@example.com come back." in page
    assert Event.objects.filter(action="mails_return", user_id=owner.pk).count() == 1


@pytest.mark.parametrize(
    ("by", "more"),
    [
        ("postmark", {"Type": "SoftBounce", "Details": "smtp;552 5.2.2 full"}),
        ("postmark", {"Type": "SoftBounce", "Details": ""}),
        ("mailgun", {"reason": "generic", "delivery-status": None}),
        ("mailgun", {"delivery-status": {"message": "4.4.7 queue expired"}}),
        ("mailgun", {"reason": "suppress-complaint", "delivery-status": {"code": 607, "message": "Not delivering"}}),
    ],
)
def test_soft_ones_are_told_after_several_mails(told, sent, owner, by, more):
    rows = [sent() for _number in range(bounces.SEVERAL)]
    for number, row in enumerate(rows):
        assert not marked()
        for again in "ab":  # a second report about the same mail counts no further
            key = {"ID": f"{number}{again}"} if by == "postmark" else {"token": f"{number}{again}"}
            assert told(row, by, **more | key).status_code == 200
    assert marked()
    assert Event.objects.filter(action="mails_return", user_id=owner.pk).count() == 1


def test_soft_ones_that_lie_far_apart_are_not_told(told, sent):
    for number in range(bounces.SEVERAL + 1):
        told(sent(), Type="SoftBounce", Details="", ID=number)
        BouncedAddress.objects.update(last_at=BouncedAddress.objects.get().last_at - bounces.IN_A_ROW)
    assert not marked() and BouncedAddress.objects.get().soft_count == 1


def test_a_mail_that_arrives_begins_the_count_anew_and_takes_the_mark_off(told, sent):
    told(sent())
    assert marked()
    delivered = {"RecordType": "Delivery", "Recipient": ADDRESS}
    earlier = sent()
    told(sent(), ID=2)
    told(earlier, **delivered)
    assert marked(), "it was written before the last one came back"
    told(sent(), **delivered)
    assert not BouncedAddress.objects.exists()
    told(sent(), ID=3)
    told(sent(), "mailgun", event="delivered", severity=None)
    assert not BouncedAddress.objects.exists()


@pytest.mark.parametrize(
    ("by", "more"),
    [
        ("postmark", {"Details": "smtp;550 5.7.1 blocked"}),
        ("postmark", {"Details": "smtp;553 5.1.8 Sender address rejected"}),
        ("postmark", {"Type": "Transient"}),
        ("postmark", {"Type": "DnsError"}),
        ("postmark", {"Type": "Blocked"}),
        ("postmark", {"Type": "DMARCPolicy"}),
        ("postmark", {"Type": "ManuallyDeactivated"}),
        ("postmark", {"Type": "SpamNotification"}),
        ("postmark", {"Type": "AutoResponder"}),
        ("postmark", {"RecordType": "SubscriptionChange", "SuppressionReason": "HardBounce", "ID": None}),
        ("postmark", {"RecordType": "Open"}),
        ("postmark", {"RecordType": "Of tomorrow"}),
        ("mailgun", {"severity": "temporary"}),
        ("mailgun", {"delivery-status": {"code": 550, "message": "5.7.1 blocked by 5.1.1.7"}}),
        ("mailgun", {"event": "rejected", "reason": "generic"}),
        ("mailgun", {"event": "opened"}),
        ("mailgun", {"event": "of tomorrow"}),
    ],
)
def test_what_is_not_about_the_address_changes_nothing(told, sent, owner, by, more):
    assert told(sent(), by, **more).status_code == 200
    assert not BouncedAddress.objects.exists() and User.objects.get(pk=owner.pk).muted == []


def test_an_address_that_cannot_be_one_is_marked(told, sent):
    told(sent(), Type="BadEmailAddress", Details="")
    assert marked()


@pytest.mark.parametrize("by", ["postmark", "mailgun"])
def test_the_same_event_again_changes_nothing(told, sent, owner, by):
    row = sent()
    told(row, by)
    signed_in(owner).post(reverse("accounts:email_works"))
    assert told(row, by).status_code == 200
    assert not marked()


def test_keys_of_events_are_forgotten_when_nobody_tells_them_again(told, sent):
    told(sent())
    clear_messages.call()
    assert BounceReport.objects.exists()
    BounceReport.objects.update(at=BounceReport.objects.get().at - bounces.KEPT_REPORTS)
    clear_messages.call()
    assert not BounceReport.objects.exists()


def test_the_same_event_many_times_at_once_is_taken_once(postgresql, together, owner, sent):
    row = sent()
    answers = together(8, lambda number: by_mailgun(Client(), row).status_code)
    assert answers == [200] * 8
    assert Event.objects.filter(action="mails_return", user_id=owner.pk).count() == 1


@pytest.mark.parametrize(
    ("by", "more"),
    [
        ("postmark", {"Metadata": {}}),
        ("postmark", {"Metadata": {"outbox": "999999"}}),
        ("postmark", {"Metadata": {"outbox": "9" * 40}}),
        ("postmark", {"Metadata": {"outbox": "one"}}),
        ("postmark", {"Email": "somebody@elsewhere.example"}),
        ("postmark", {"Email": None}),
        ("mailgun", {"user-variables": {}}),
        ("mailgun", {"recipient": "somebody@elsewhere.example"}),
    ],
)
def test_mails_and_addresses_that_are_not_ours_are_answered_alike(told, sent, by, more):
    answer = told(sent(), by, **more)
    assert not BouncedAddress.objects.exists()
    known = told(sent(), by)
    assert (answer.status_code, answer.content) == (known.status_code, known.content) == (200, b"ok\n")
    assert BouncedAddress.objects.count() == 1


@pytest.mark.parametrize("by", ["postmark", "mailgun"])
def test_what_is_reported_as_spam_is_switched_off_as_its_link_would(told, sent, owner, by):
    complaint = {"RecordType": "SpamComplaint", "Type": "SpamComplaint"}
    complaint = complaint if by == "postmark" else {"event": "complained", "severity": None}
    row = sent()
    told(row, by, **complaint)
    assert User.objects.get(pk=owner.pk).muted == ["ticket_answered"]
    assert not marked(), "it has arrived"
    User.objects.update(muted=[])
    told(row, by, **complaint)
    assert User.objects.get(pk=owner.pk).muted == [], "the same report again"


def test_who_reports_the_mailing_list_as_spam_leaves_it(told, sent, owner):
    consents.give(owner, Consent.Kind.MAILING, how="page", by=owner)
    told(sent("mailing"), RecordType="SpamComplaint", Type="SpamComplaint")
    assert Consent.objects.get().withdrawn_how == "complaint"


def test_what_may_not_be_left_goes_on_though_it_was_reported_as_spam(told, sent, owner):
    assert told(sent("sign_in_code"), RecordType="SpamComplaint", Type="SpamComplaint").status_code == 200
    assert User.objects.get(pk=owner.pk).muted == [] and not marked()


@pytest.mark.parametrize("secret", ["postmark:another", "", "postmark"])
def test_postmark_without_the_right_secret_changes_nothing(company, sent, secret):
    row, words = sent(), {"RecordType": "Bounce", "Type": "HardBounce", "ID": 1, "Email": ADDRESS}
    body = json.dumps(words | {"Metadata": {"outbox": str(row.pk)}})
    answer = company.post(POSTMARK, body, content_type="application/json", headers=basic(secret))
    assert answer.status_code == 400
    assert not BouncedAddress.objects.exists()


@pytest.mark.parametrize("forged", [{"key": "another"}, {"token": "ż"}])
def test_mailgun_without_a_right_signature_changes_nothing(told, sent, forged):
    assert told(sent(), "mailgun", **forged).status_code == 400
    assert not BouncedAddress.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b"[" * 200_000, "application/json"),
        (b"\xff", "application/json"),
        (b'{"RecordType": "Inbound"}', "application/json"),
        (b'{"RecordType": "Bounce", "Metadata": []}', "application/json"),
        (b'{"RecordType": "Bounce", "DeliveredAt": 1}', "application/json"),
        (b'{"signature": [], "Metadata": []}', "application/json"),
        (b"event=failed&token=1&timestamp=1&signature=1", "application/x-www-form-urlencoded"),
    ],
)
def test_nonsense_is_refused(company, db, body, content_type):
    for address in (POSTMARK, MAILGUN):
        assert company.post(address, body, content_type=content_type, headers=basic()).status_code == 400


def test_what_is_too_large_is_not_read(company, db, settings):
    body = b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = company.post(POSTMARK, body, content_type="application/json", headers=basic())
    assert answer.status_code in (400, 413)


def test_who_is_not_named_finds_no_door(told, sent, settings):
    settings.MAIL_WEBHOOKS = ["postmark"]
    assert told(sent(), "mailgun").status_code == 404
    assert not BouncedAddress.objects.exists()
