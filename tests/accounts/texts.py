"""Notifications by text message (M18): asked for one by one, sent to a confirmed number only, and few a day."""

import pytest
from playwright.sync_api import expect

from accounts import limits
from accounts.models import Outbox, User
from accounts.notify import LETTERS
from accounts.sms import memory
from tests.browser.axe import overflow, violations
from tests.services.provisioning import bought, machine  # noqa: F401  something that is to be set up
from tests.support.jobs import do_jobs
from tickets.conversation import answer, open_ticket
from tickets.models import Category

PHONE, OTHER = "+48600700800", "+48600700801"
FORM = {"name": "Anna", "phone": PHONE, "language": "en", "notifications": ["ticket_answered"]}


@pytest.fixture
def reachable(owner):
    """The owner, whose phone is confirmed."""
    memory.outbox.clear()
    User.objects.filter(pk=owner.pk).update(phone=PHONE, confirmed_phone=PHONE)
    owner.refresh_from_db()
    return owner


@pytest.fixture
def answered(reachable, customer, support):
    """`answered()`: support answers a message of the owner's."""
    category = Category.objects.create(name_pl="Poczta", name_en="Mail")
    ticket = open_ticket(by=reachable, customer=customer, category=category, subject="Slow", text="Since Monday.")

    def answered():
        answer(ticket, by=support, text="Look again.")
        return ticket

    return answered


def asked_for(person, *letters):
    User.objects.filter(pk=person.pk).update(texted=list(letters))


def texts(deliver):
    deliver()
    return [message["text"] for message in memory.outbox]


def test_it_is_asked_for_on_the_page_and_taken_back(client_of, reachable):
    browser = client_of(reachable)
    page = browser.get("/data/edit/").content.decode()
    assert "Text messages you want" in page
    for letter in LETTERS.values():
        assert (f'name="texts" value="{letter.name}"' in page) == bool(letter.by_text)
    browser.post("/data/edit/", FORM | {"texts": ["ticket_answered"]})
    assert User.objects.get(pk=reachable.pk).texted == ["ticket_answered"]
    assert "notifications by text message" in browser.get("/history/").content.decode()
    browser.post("/data/edit/", FORM)
    assert User.objects.get(pk=reachable.pk).texted == []


def test_nobody_gets_any_who_did_not_ask(answered, deliver):
    answered()
    assert texts(deliver) == []


def test_an_answer_is_told_without_its_words(answered, reachable, deliver, settings):
    asked_for(reachable, "ticket_answered")
    ticket = answered()
    [text] = texts(deliver)
    assert memory.outbox[0]["number"] == PHONE
    assert ticket.number in text and f"{settings.SITE_URL}/messages/{ticket.number}/" in text
    assert "Look again" not in text and "Slow" not in text
    assert len([mail for mail in deliver() if "Look again" in mail.body]) == 1, "the mail goes, too"


def test_the_mail_can_be_off_and_the_text_message_on(answered, reachable, deliver):
    asked_for(reachable, "ticket_answered")
    User.objects.filter(pk=reachable.pk).update(muted=["ticket_answered"])
    answered()
    assert len(texts(deliver)) == 1
    assert not [mail for mail in deliver() if "Look again" in mail.body]


def test_that_a_service_runs_is_told(bought, reachable, deliver):  # noqa: F811
    asked_for(reachable, "service_set_up", "ticket_answered")
    do_jobs()
    [text] = texts(deliver)
    assert "Hosting" in text and f"/services/{bought.pk}/" in text


@pytest.mark.parametrize(
    "change", [{"phone": OTHER, "confirmed_phone": OTHER}, {"texted": []}, {"phone": OTHER, "confirmed_phone": ""}]
)
def test_what_changes_before_it_is_sent_counts(answered, reachable, deliver, change):
    asked_for(reachable, "ticket_answered")
    answered()
    assert Outbox.objects.filter(channel="sms").count() == 1
    User.objects.filter(pk=reachable.pk).update(**change)
    assert texts(deliver) == []
    assert Outbox.objects.get(channel="sms").state == "dropped"


@pytest.mark.parametrize("lacking", ["confirmed", "country", "provider"])
def test_without_a_number_that_is_served_none_are_offered_or_written(
    client_of, answered, reachable, deliver, settings, lacking
):
    asked_for(reachable, "ticket_answered")
    if lacking == "confirmed":
        User.objects.filter(pk=reachable.pk).update(confirmed_phone="")
    if lacking == "country":
        settings.SMS_COUNTRY_PREFIXES = ["+49"]
    if lacking == "provider":
        settings.SMS_BACKEND = ""
    browser = client_of(reachable)
    page = browser.get("/data/edit/").content.decode()
    assert "Text messages you want" not in page
    assert ("once you have confirmed your phone" in page) == (lacking != "provider")
    answered()
    assert not Outbox.objects.filter(channel="sms").exists()
    browser.post("/data/edit/", FORM | {"texts": ["service_set_up"]})
    assert User.objects.get(pk=reachable.pk).texted == ["ticket_answered"], "what was chosen stays"


def test_twenty_a_day_and_no_more(answered, reachable, deliver, monkeypatch):
    monkeypatch.setattr(limits, "TEXTS_A_DAY", 2)
    asked_for(reachable, "ticket_answered")
    for _time in range(4):
        answered()
    assert len(texts(deliver)) == 2
    assert len([mail for mail in deliver() if "Look again" in mail.body]) == 4


def test_nothing_but_what_is_offered_can_be_asked_for(client_of, reachable):
    page = client_of(reachable).post("/data/edit/", FORM | {"texts": ["signed_in"]})
    assert page.status_code == 200 and User.objects.get(pk=reachable.pk).texted == []


def test_it_speaks_the_readers_language(answered, reachable, deliver):
    asked_for(reachable, "ticket_answered")
    User.objects.filter(pk=reachable.pk).update(language="pl")
    reachable.refresh_from_db()
    answered()
    assert "odpowiedzieliśmy" in texts(deliver)[0]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_on_a_phone_the_ticks_are_named_and_fit(open_browser, reachable):
    page = open_browser(reachable, language="en", width=390)
    page.goto("/data/edit/")
    asked = page.get_by_role("group", name="Text messages you want")
    assert violations(page) == [] and not overflow(page)
    asked.get_by_label("Answers to your messages").check()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Changes saved.")).to_be_visible()
    assert User.objects.get(pk=reachable.pk).texted == ["ticket_answered"]
