"""Mails to the mailing list reach who asked for them, once, and are left by one click."""

import re

import pytest
from django.urls import reverse

from accounts import consents, mailings
from accounts.models import Consent, Event, Mailing, Outbox, User

MAILING = Consent.Kind.MAILING


@pytest.fixture
def mailing(provider):
    return Mailing.objects.create(
        subject_pl="Wiosna", subject_en="Spring & more", text_pl="Taniej.", text_en="Cheaper: https://example.com/a"
    )


@pytest.fixture
def listed(owner):
    """The owner, on the mailing list."""
    consents.give(owner, MAILING, how="page", by=owner)
    return owner


def send(admin, mailing):
    url = reverse("admin:accounts_mailing_changelist")
    return admin.post(url, {"action": "send", "_selected_action": [mailing.pk]}, follow=True).content.decode()


def test_an_administrator_sends_it_once_to_who_is_on_the_list(
    client_of, administrator, listed, administrative, stranger, mailing, run_tasks, mailbox
):
    consents.give(stranger, MAILING, how="page", by=stranger)
    consents.withdraw(stranger, MAILING, how="page", by=stranger)
    admin = client_of(administrator)
    assert "1 mail is being sent." in send(admin, mailing)
    assert "These were sent before." in send(admin, mailing)
    run_tasks()
    (message,) = mailbox("anna@example.com")
    assert message.subject == "Spring & more" and "Cheaper: https://example.com/a" in message.body
    assert mailbox("adam@example.com") == mailbox("olga@example.com") == []
    assert message.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Event.objects.filter(action="mailing_sent").count() == 1


def test_one_click_takes_a_person_off_the_list_and_the_page_puts_them_back(
    listed, mailing, run_tasks, mailbox, anonymous
):
    mailings.send(mailing, by=None)
    run_tasks()
    link = re.search(r"/unsubscribe/\S+", mailbox("anna@example.com")[-1].body)[0]
    for _time in range(3):
        assert "You get these e-mails: News and offers." in anonymous.get(link).content.decode()
    assert consents.has(listed, MAILING)
    anonymous.post(link, {"List-Unsubscribe": "One-Click"})
    assert Consent.objects.get().withdrawn_how == "link"
    assert not consents.has(listed, MAILING)
    anonymous.post(link, {"switch": "on"})
    assert [row.given_how for row in Consent.objects.order_by("pk")] == ["page", "link"]


def test_who_leaves_before_it_goes_out_gets_none(listed, mailing, run_tasks, mailbox):
    mailings.send(mailing, by=None)
    run_tasks()
    consents.withdraw(listed, MAILING, how="page", by=listed)
    assert mailbox("anna@example.com") == []
    assert Outbox.objects.get(letter="mailing").state == "dropped"


def test_nobody_who_cannot_come_in_is_written_to(listed, mailing, run_tasks):
    User.objects.filter(pk=listed.pk).update(activated_at=None)
    mailings.send(mailing, by=None)
    run_tasks()
    assert not Outbox.objects.filter(letter="mailing").exists()


def test_in_portions_and_again_after_a_crash_everybody_gets_one(
    listed, administrative, standard, mailing, monkeypatch, run_tasks
):
    for person in (administrative, standard):
        consents.give(person, MAILING, how="page", by=person)
    monkeypatch.setattr(mailings, "PORTION", 2)
    mailings.write_portion(mailing.pk)
    mailings.write.call(mailing.pk)
    mailings.write.call(mailing.pk)
    assert sorted(Outbox.objects.filter(letter="mailing").values_list("user__login", flat=True)) == [
        "adam",
        "anna",
        "stefan",
    ]


def test_what_was_sent_is_not_changed_and_the_list_is_no_tick_box(client_of, administrator, listed, mailing):
    admin = client_of(administrator)
    url = reverse("admin:accounts_mailing_change", args=[mailing.pk])
    assert 'name="subject_pl"' in admin.get(url).content.decode()
    mailings.send(mailing, by=administrator)
    assert 'name="subject_pl"' not in admin.get(url).content.decode()
    assert 'value="mailing"' not in client_of(listed).get("/data/edit/").content.decode()


def test_support_staff_cannot_send(client_of, support, mailing):
    send(client_of(support), mailing)
    mailing.refresh_from_db()
    assert mailing.sent_at is None
