"""No line of the log holds the secret of a link, whatever went wrong with its page."""

import logging
from logging.config import DictConfigurator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts import one_click
from accounts.models import Link
from tests.cast import ENGLISH


@pytest.fixture
def log(caplog):
    """`log()` is everything that the panel's own handler would have written so far."""
    caplog.set_level(logging.DEBUG)
    configured = DictConfigurator(settings.LOGGING).configure_formatter(dict(settings.LOGGING["formatters"]["line"]))
    return lambda: "\n".join(configured.format(record) for record in caplog.records)


@pytest.fixture
def url(owner):
    return Link.issue(owner, Link.Purpose.PASSWORD).url.removeprefix(settings.SITE_URL)


def secret_of(url):
    return url.rstrip("/").rpartition(".")[2]


def test_a_form_from_elsewhere(log, caplog, url):
    """A scanner that posts what it finds is refused, with a line about it."""
    page = Client(headers=ENGLISH, enforce_csrf_checks=True).post(url)
    assert page.status_code == 403
    assert secret_of(url) in caplog.text, "Django itself would write it"
    assert secret_of(url) not in log() and "/link/…" in log()


def test_a_page_that_breaks(log, caplog, url, monkeypatch):
    def broken(token, purpose):
        raise RuntimeError(f"no answer for {reverse('accounts:link', args=[purpose, token])}")

    monkeypatch.setattr(Link, "find", broken)
    assert Client(headers=ENGLISH, raise_request_exception=False).get(url).status_code == 500
    assert secret_of(url) in caplog.text
    assert "RuntimeError" in log() and secret_of(url) not in log()


@pytest.mark.parametrize("ending", [".", ")", "/x"])
def test_an_address_that_a_mail_program_cut_wrongly(log, url, ending):
    assert Client(headers=ENGLISH).get(url.rstrip("/") + ending + "/").status_code in (404, 410)
    assert secret_of(url) not in log()


def test_the_address_that_switches_mails_off(log, owner):
    token = one_click.token("signed_in", f"u{owner.pk}")
    Client(headers=ENGLISH).put(f"/unsubscribe/{token}/")
    logging.getLogger("django.request").error("Method not allowed: /unsubscribe/%s/", token)
    assert token not in log()


def test_other_addresses_stay_as_they_are(log):
    logging.getLogger("django.request").error("Internal Server Error: %s", "/messages/ABC-123/")
    assert "/messages/ABC-123/" in log()
