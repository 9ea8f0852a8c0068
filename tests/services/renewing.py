"""The switch of automatic renewal, cancelling at the end of the paid time, and taking it back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from accounts.limits import HOUR, Limit
from accounts.models import Event
from services import renewing
from services.expiry import NotRenewable
from services.models import Service


def now(service):
    return Service.objects.get(pk=service.pk)


def text(answer):
    return " ".join(answer.content.decode().split())


def actions():
    return list(Event.objects.order_by("id").values_list("action", flat=True))


@pytest.fixture
def browser(client_of, owner):
    return client_of(owner)


def test_the_owner_switches_automatic_renewal_on_and_off(browser, hosting, owner):
    address = f"/services/{hosting.pk}/automatic-renewal/"
    page = text(browser.post(address, {"on": "yes"}, follow=True))
    assert "Automatic renewal is on." in page and "Switch automatic renewal off" in page
    assert now(hosting).auto_renew
    browser.post(address, {"on": "yes"})
    page = text(browser.post(address, {"on": "no"}, follow=True))
    assert "Automatic renewal is off." in page and not now(hosting).auto_renew
    assert actions()[-2:] == ["auto_renewal_on", "auto_renewal_off"]
    history = text(browser.get("/history/"))
    assert "Automatic renewal of Hosting Garden (garden.example) was switched on." in history


def test_the_switch_is_turned_so_many_times_an_hour(browser, hosting, monkeypatch):
    monkeypatch.setattr("services.views.renewing.RENEWAL_DECISIONS", Limit("renewal-decisions", 2, HOUR))
    for on in ("yes", "no"):
        browser.post(f"/services/{hosting.pk}/automatic-renewal/", {"on": on})
    page = text(browser.post(f"/services/{hosting.pk}/automatic-renewal/", {"on": "yes"}, follow=True))
    assert "Please wait a while." in page and not now(hosting).auto_renew
    browser.post(f"/services/{hosting.pk}/cancel/", {"confirmed": "yes"})
    assert now(hosting).cancelled_at is None
    assert actions()[-2:] == ["auto_renewal_on", "auto_renewal_off"]


def test_cancelling_asks_first_and_switches_renewal_off(browser, hosting, owner):
    renewing.set_auto_renew(hosting, True, by=owner)
    question = text(browser.post(f"/services/{hosting.pk}/cancel/"))
    assert "Cancel Hosting Garden (garden.example)?" in question and now(hosting).cancelled_at is None
    page = text(browser.post(f"/services/{hosting.pk}/cancel/", {"confirmed": "yes"}, follow=True))
    assert "This service is cancelled." in page and "Take the cancelling back" in page
    assert "/renewals/" not in page.partition("<main")[2]
    assert now(hosting).cancelled_at and not now(hosting).auto_renew
    assert actions()[-2:] == ["auto_renewal_off", "service_cancelled"]
    assert date_format(hosting.ends_on, "j F Y") in text(browser.get("/history/"))
    browser.post(f"/services/{hosting.pk}/cancel/", {"confirmed": "yes"})
    assert actions().count("service_cancelled") == 1


def test_what_is_cancelled_is_taken_back_and_asks_for_no_renewal_meanwhile(browser, hosting, owner):
    Service.objects.filter(pk=hosting.pk).update(ends_on=timezone.localdate())
    assert Service.objects.ending_within(30).count() == 1
    renewing.cancel(hosting, by=owner)
    assert Service.objects.ending_within(30).count() == 0
    with pytest.raises(NotRenewable):
        renewing.set_auto_renew(hosting, True, by=owner)
    page = text(browser.post(f"/services/{hosting.pk}/keep/", follow=True))
    assert "The service goes on." in page and "Cancel at the end of the paid time" in page
    assert now(hosting).cancelled_at is None and actions()[-1] == "service_kept"


def test_what_was_paid_for_and_is_over_is_not_said_to_lie_ahead(browser, hosting, owner):
    address, yesterday = f"/services/{hosting.pk}/", timezone.localdate() - timedelta(days=1)
    ahead = ("Cancel at the end of the paid time", "before its paid time is over", "Money for the time that is left")
    assert all(words in text(browser.get(address)) for words in ahead[:2])
    Service.objects.filter(pk=hosting.pk).update(ends_on=yesterday)
    page = text(browser.get(address)) + text(browser.get(f"{address}terminate/"))
    assert "The service can be ended now." in page and not any(words in page for words in ahead)
    renewing.cancel(hosting, by=owner)
    page, told = text(browser.get(address)), f"Its paid time ended on {date_format(yesterday, 'j F Y')}."
    assert page.count(told) == 2 and "It runs until" not in page


@pytest.mark.parametrize("status", ["pending", "ended"])
def test_what_does_not_run_is_neither_cancelled_nor_renewed(browser, hosting, status):
    Service.objects.filter(pk=hosting.pk).update(status=status)
    assert "What happens at the end" not in text(browser.get(f"/services/{hosting.pk}/"))
    for address, sent in (("automatic-renewal", {"on": "yes"}), ("cancel", {"confirmed": "yes"}), ("keep", {})):
        page = text(browser.post(f"/services/{hosting.pk}/{address}/", sent, follow=True))
        assert "nothing was changed now" in page
    assert actions().count("service_cancelled") == 0


def test_a_standard_sub_user_sees_it_and_decides_nothing(client_of, standard, hosting):
    browser = client_of(standard)
    page = text(browser.get(f"/services/{hosting.pk}/"))
    assert "Automatic renewal" in page and "What happens at the end" not in page
    for address in ("automatic-renewal", "cancel", "keep"):
        assert browser.post(f"/services/{hosting.pk}/{address}/", {"on": "yes", "confirmed": "yes"}).status_code == 403
    assert not now(hosting).auto_renew and now(hosting).cancelled_at is None


def test_the_database_renews_nothing_that_is_cancelled(hosting):
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=hosting.pk).update(auto_renew=True, cancelled_at=timezone.now())
