"""Contact persons get the mails of their kind (M19): about the account, about services, about money."""

import pytest

from accounts import closing, limits, one_click, subusers
from accounts.models import Contact, Outbox, User
from services import recipients
from tests.cast import PASSWORD
from tests.services.provisioning import bought, machine  # noqa: F401  something that is to be set up
from tests.support.jobs import do_jobs

OTHERS = ["representative", "billing"]


@pytest.fixture
def representative(customer):
    return Contact.objects.create(customer=customer, kind="representative", name="Róża", email="roza@garden.example")


def test_a_technical_person_reads_that_a_service_runs(bought, contact, owner, mailbox):  # noqa: F811
    do_jobs()
    (mail,) = mailbox("tech@garden.example")
    assert mail.subject == "Your service runs: Hosting"
    assert mail.message()["List-Unsubscribe"], "whom a customer names may leave"
    assert len(mailbox("anna@example.com")) == 1


@pytest.mark.parametrize("kind", OTHERS)
def test_other_contact_persons_read_nothing_of_services(bought, contact, owner, mailbox, kind):  # noqa: F811
    Contact.objects.update(kind=kind)
    do_jobs()
    assert mailbox("anna@example.com") and not mailbox("tech@garden.example")


def test_a_technical_person_who_has_left_is_not_written_to(bought, contact, owner, mailbox, anonymous):  # noqa: F811
    row = Outbox(letter="service_set_up", address=contact.email)
    path = one_click.address(row).removeprefix("http://localhost:8000")
    anonymous.post(path, {"List-Unsubscribe": "One-Click"})
    do_jobs()
    assert mailbox("anna@example.com") and not mailbox("tech@garden.example")


def test_they_are_written_to_in_the_owners_language_and_each_mailbox_once(hosting, contact, owner, standard, customer):
    User.objects.filter(pk=owner.pk).update(language="pl")
    for email in ("Anna@example.com", "TECH@garden.example", "stefan@example.com"):
        Contact.objects.create(customer=customer, kind="technical", name="X", email=email)
    owner.refresh_from_db()
    standard.refresh_from_db()
    assert recipients.of(hosting) == [
        {"to": owner},
        {"to": standard},
        {"address": "tech@garden.example", "language": "pl"},
    ]


def test_contact_persons_of_another_customer_read_nothing(stranger, contact, owner):
    assert recipients.of(stranger.service) == [{"to": stranger}]


def test_a_representative_reads_what_becomes_of_the_account(client_of, customer, owner, representative, mailbox):
    browser = client_of(owner)
    browser.post("/data/close/", {"current_password": PASSWORD})
    browser.post("/data/close/take-back/")
    closing.close(customer, by=None)
    closing.reopen(customer, by=None)
    assert [mail.subject for mail in mailbox(representative.email)] == [
        mail.subject for mail in mailbox("anna@example.com")
    ]
    told = Outbox.objects.filter(address=representative.email).order_by("pk").values_list("letter", flat=True)
    assert list(told) == ["closing_asked", "closing_taken_back", "closed", "reopened"]


def test_and_who_owns_it(customer, owner, administrative, representative, contact, mailbox):
    subusers.hand_over(administrative.membership, by=owner, editor=owner.membership)
    (mail,) = mailbox(representative.email)
    assert "became the owner of Ogrody Anny" in mail.body
    assert not mailbox(contact.email)


@pytest.mark.parametrize("act", ["closing", "handing over"])
def test_nobody_is_flooded_by_being_named(client_of, owner, administrative, representative, monkeypatch, act):
    monkeypatch.setattr(limits, "ACCOUNT_DECISIONS", limits.Limit("account-decisions", 2, limits.DAY))
    addresses = {"closing": "/data/close/", "handing over": f"/users/{administrative.membership.pk}/owner/"}
    browser = client_of(owner)
    browser.post("/data/close/", {"current_password": "Wrong-1234!"})
    for _time in range(2):
        browser.post("/data/close/", {"current_password": PASSWORD})
        browser.post("/data/close/take-back/")
    page = browser.post(addresses[act], {"current_password": PASSWORD}).content.decode()
    assert "This was done very often today." in page
    assert Outbox.objects.filter(address=representative.email, letter="closing_asked").count() == 2
    assert not Outbox.objects.filter(letter="owner_changed").exists()
