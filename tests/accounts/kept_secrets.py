"""What proves who one is lies nowhere: neither in the database nor in a log, however it was sent."""

import logging
import re
from urllib.parse import unquote_plus

import pyotp
import pytest
from django.db import connection
from django.test import Client

from accounts import codes
from accounts.models import Link, OneTimeCode, Outbox, User, UserSession
from accounts.sms import memory
from tests.accounts.reading import code_in, link_in
from tests.cast import ENGLISH, PASSWORD

NEW = "Another-5678!"


def words_of_the_database():
    """Everything that stands in any table, whoever made it; sessions read as the panel reads them."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts += [as_text(value) for row in cursor.fetchall() for value in row]
    return "\n".join(texts + [str(session.get_decoded()) for session in UserSession.objects.all()])


def as_text(value):
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def found(secrets, text):
    """Which of the secrets stand in a text by themselves.

    Six digits may also be those of a fraction of a second, or stand among the letters of a hash: these are none.
    """
    return {
        name
        for name, secret in secrets.items()
        if re.search(rf"(?<![\w.]){secret}(?!\w)" if secret.isdigit() else re.escape(secret), text)
    }


@pytest.mark.parametrize("text", ["01:14:32.070753+00:00", "x070753y", "0.070753", "1070753", "0707531"])
def test_digits_of_something_else_are_no_code(text):
    assert found({"code": "070753"}, text) == set()
    assert found({"code": "070753"}, f'{text} {{"code": "070753"}}') == {"code"}


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
def addresses(monkeypatch):
    """Every address that a browser asked for or was led to, but the links of mails as they were opened."""
    asked, request = [], Client.request

    def noted(client, **environment):
        answer = request(client, **environment)
        if not environment["PATH_INFO"].startswith("/link/"):
            asked.append(unquote_plus(f"{environment['PATH_INFO']}?{environment.get('QUERY_STRING', '')}"))
        asked.append(unquote_plus(answer.get("Location", "")))
        return answer

    monkeypatch.setattr(Client, "request", noted)
    return asked


def another_address(browser, mailbox):
    """What is needed to take a new address, and to take it back."""
    browser.post("/data/email/", {"email": "new@example.com", "current_password": PASSWORD})
    confirm = link_in(mailbox("new@example.com")[-1], "email")
    browser.get(confirm)
    assert browser.post("/data/email/confirm/").status_code == 302
    return confirm, link_in(mailbox("anna@example.com")[-1], "email-back")


def phone_code(browser, deliver):
    """The code that confirms a phone."""
    User.objects.filter(login="anna").update(phone="+48600700800")
    browser.post("/security/phone/send/")
    deliver()
    return memory.outbox[-1]["text"].split("code is ")[1][:6]


def registration(mailbox):
    """The link that opens a new account."""
    form = {"login": "nina", "email": "nina@example.com", "language": "en", "accepted": "on"}
    Client(headers=ENGLISH).post("/register/", form | {"password": NEW, "repeated": NEW})
    return link_in(mailbox("nina@example.com")[-1], "registration")


@pytest.fixture
def secrets(caplog, addresses, owner, standard, stranger, mailbox, deliver, run_tasks):
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
    browser.post("/users/add/", person | {"login": "olga", "email": "olga@example.com"})
    invitation = link_in(mailbox("olga@example.com")[-1], "invitation")
    by_sms = phone_code(browser, deliver)
    confirm, back = another_address(browser, mailbox)
    links = {"not me": not_me, "activation": activation, "recovery": recovery, "invitation": invitation}
    links |= {"new address": confirm, "way back": back, "registration": registration(mailbox)}
    return {
        "seed": seed,
        "code by SMS": by_sms,
        "session": browser.session.session_key,
        "recovery code": printed,
        "code": code,
        "authorization code": spoken,
        "password": PASSWORD,
        "new password": NEW,
    } | {name: secret_half(link) for name, link in links.items()}


def test_no_secret_lies_in_the_database_or_in_a_log(secrets, caplog):
    assert found(secrets, words_of_the_database()) == set()
    assert found(secrets, caplog.text) == set()


def test_no_secret_stays_in_an_address(secrets, addresses):
    """A link of a mail leads away from itself at once; nothing else ever stands in an address."""
    assert len(addresses) > 30
    assert found(secrets, "\n".join(addresses)) == set()


def test_a_secret_in_an_address_is_noticed(secrets, addresses, monkeypatch):
    for name, secret in secrets.items():
        Client().get("/sign-in/", {"next": secret})
        assert found(secrets, addresses[-2]) == {name}


def test_what_waits_in_the_queue_makes_no_link_without_the_keys(owner, settings, mailbox, run_tasks):
    """A stolen database: the same rows under other keys open nothing and are no codes."""
    Client().post("/forgotten/", {"who": "anna"})
    run_tasks()
    link, code = Link.objects.get(), OneTimeCode.issue(owner, "sign-in", "mail")
    right = link.url, code.digits
    settings.SHORT_CODE_KEY = "another key " * 4
    assert Link.objects.get().url != right[0] and code.digits != right[1]
    assert Client().get(right[0].removeprefix(settings.SITE_URL)).status_code == 410


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
