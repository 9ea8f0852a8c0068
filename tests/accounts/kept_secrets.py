"""What proves who one is lies nowhere: neither in the database nor in a log, however it was sent."""

import logging
import re

import pyotp
import pytest
from django.apps import apps
from django.test import Client

from accounts import codes
from accounts.models import Outbox, UserSession
from tests.accounts.reading import code_in, link_in
from tests.cast import ENGLISH, PASSWORD

NEW = "Another-5678!"


def words_of_the_database():
    """Every text that any row holds, sessions read as the panel reads them."""
    rows = [row for model in apps.get_models(include_auto_created=True) for row in model._base_manager.values_list()]
    texts = [str(value) for row in rows for value in row if isinstance(value, str | dict | list)]
    return "\n".join(texts + [str(session.get_decoded()) for session in UserSession.objects.all()])


def found(secrets, text):
    """Which of the secrets stand in a text by themselves."""
    return {name for name, secret in secrets.items() if re.search(rf"(?<!\d){re.escape(secret)}(?!\d)", text)}


def secret_half(link):
    """What makes a link of its selector."""
    return link.rstrip("/").rpartition(".")[2]


def second_step_of(browser):
    """The seed of an app that is added, and one of the recovery codes that are made."""
    page = browser.get("/security/app/").content.decode()
    seed = re.search(r'id="seed">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    browser.post("/security/app/", {"code": pyotp.TOTP(seed).now(), "message_codes": "yes"})
    page = browser.post("/security/recovery-codes/", follow=True).content.decode()
    return seed, re.search(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", page)[1]


@pytest.fixture
def secrets(caplog, owner, standard, mailbox, run_tasks):
    """One secret of every kind, made and sent: of the second step, links, a password, an authorization code."""
    caplog.set_level(logging.DEBUG)
    browser = Client(headers=ENGLISH)
    browser.post("/sign-in/", {"login": "anna", "password": PASSWORD})
    code = code_in(mailbox("anna@example.com")[-1])
    browser.post("/sign-in/code/", {"code": code})
    not_me = link_in(mailbox("anna@example.com")[-1])
    page = browser.post("/authorization-code/", {"current_password": PASSWORD}, follow=True).content.decode()
    spoken = "".join(re.search(r'id="code"><span>(\d+)</span><span>(\d+)</span>', page).groups())
    seed, printed = second_step_of(browser)
    person = {"login": "basia", "name": "Basia", "email": "basia@example.com", "language": "en", "role": "standard"}
    browser.post("/users/add/", person)
    activation = link_in(mailbox("basia@example.com")[-1])
    Client(headers=ENGLISH).get(activation)
    Client().post("/forgotten/", {"who": "stefan"})
    run_tasks()
    recovery = link_in(mailbox("stefan@example.com")[-1])
    visitor = Client(headers=ENGLISH)
    visitor.get(recovery)
    visitor.post("/new-password/", {"password": NEW, "repeated": NEW})
    links = {"not me": not_me, "activation": activation, "recovery": recovery}
    return {
        "seed": seed,
        "recovery code": printed,
        "code": code,
        "authorization code": spoken,
        "password": PASSWORD,
        "new password": NEW,
    } | {name: secret_half(link) for name, link in links.items()}


def test_no_secret_lies_in_the_database_or_in_a_log(secrets, caplog):
    assert found(secrets, words_of_the_database()) == set()
    assert found(secrets, caplog.text) == set()


def test_a_secret_that_lies_there_is_noticed(secrets, owner):
    row = Outbox.objects.create(channel="mail", letter="blocked", user=owner, address="a@example.com", language="en")
    for name, secret in secrets.items():
        Outbox.objects.filter(pk=row.pk).update(ids={"link": secret})
        assert found(secrets, words_of_the_database()) == {name}


def test_a_code_read_out_is_not_written_down_where_it_was_checked(owner, support):
    _row, digits = codes.generate(owner.membership, by=owner)
    codes.check(staff=support, caller="anna", code=digits)
    with pytest.raises(codes.WrongCode):
        codes.check(staff=support, caller=digits, code="anna")
    assert found({"code": digits}, words_of_the_database()) == set()
