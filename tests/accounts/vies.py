"""EU VAT numbers are checked in VIES by the worker, against a stand-in that answers as the Commission does."""

import json

import httpx
import pytest
from django.urls import reverse

from accounts import vat, vies
from accounts.models import BackgroundTask, Customer, Event, VatCheck
from accounts.work.retry import Retry
from tests.support.answering import answering

VALID = {
    "countryCode": "DE",
    "vatNumber": "136695976",
    "valid": True,
    "requestIdentifier": "WAPIAAAAZ1",
    "name": "---",
    "address": "Beispielweg 1\n10115 Berlin",
}
INVALID = VALID | {"valid": False, "requestIdentifier": "", "address": "---"}
AWAY = {"actionSucceed": False, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]}
COMPANY = {
    "kind": "company",
    "name": "Garten GmbH",
    "tax_id": "",
    "eu_vat": "de 136.695.976",
    "street": "Beispielweg 1",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
}


@pytest.fixture
def service(settings):
    """A local VIES."""
    with answering(VALID) as server:
        settings.VIES = "commission"
        settings.VIES_URL = f"{server.address}rest-api/"
        yield server


@pytest.fixture
def german(customer):
    """The cast's customer with a German number."""
    customer.eu_vat, customer.tax_id, customer.country = "DE136695976", "", "DE"
    customer.save()
    return customer


def test_a_saved_number_is_checked_by_the_worker_and_the_answer_shown(client_of, owner, service, run_tasks):
    browser = client_of(owner)
    browser.post("/data/billing/", COMPANY)
    assert service.asked == [], "nobody waits for VIES on the page"
    run_tasks()
    question = {"countryCode": "DE", "vatNumber": "136695976"}
    question |= {"requesterMemberStateCode": "PL", "requesterNumber": "5260250274"}
    (asked,) = service.asked
    assert asked.path == "/rest-api/check-vat-number" and json.loads(asked.body) == question
    check = VatCheck.objects.get(customer=owner.membership.customer)
    assert (check.number, check.is_valid, check.consultation) == ("DE136695976", True, "WAPIAAAAZ1")
    assert (check.name, check.address) == ("", "Beispielweg 1 10115 Berlin")
    words = browser.get("/data/").content.decode()
    assert "checked in VIES on" in words and "WAPIAAAAZ1" in words
    assert "VIES confirmed the EU VAT number DE136695976." in browser.get("/history/").content.decode()


def test_a_number_that_vies_does_not_know_is_said(client_of, owner, german, service, run_tasks):
    service.answers = [(200, INVALID)]
    vat.ask(german)
    run_tasks()
    assert "not in VIES" in client_of(owner).get("/data/").content.decode()
    assert Event.objects.filter(action="vat_not_confirmed").count() == 1


def test_only_a_changed_number_is_asked_about(client_of, owner, service, run_tasks):
    browser = client_of(owner)
    for city in ("Berlin", "Potsdam"):
        browser.post("/data/billing/", COMPANY | {"city": city})
    browser.post("/data/billing/", COMPANY | {"eu_vat": ""})
    run_tasks()
    assert service.asked == [], "the number is gone before anybody asked"
    assert BackgroundTask.objects.filter(task_path="accounts.vat.check").count() == 1


def test_the_answer_about_an_older_number_is_not_shown_for_a_newer(client_of, owner, german, service):
    vat.check.call(german.pk, "DE136695976")
    Customer.objects.filter(pk=german.pk).update(eu_vat="ATU12011204")
    assert "checked in VIES" not in client_of(owner).get("/data/").content.decode()
    vat.check.call(german.pk, "DE136695976")
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        (200, AWAY),
        (500, b"<html>"),
        (200, ["x"]),
        (200, {}),
        (200, {"userError": "MS_MAX_CONCURRENT_REQ"}),
        (200, {"valid": "yes"}),
        (200, {"errorWrappers": ["x"]}),
    ],
)
def test_what_is_no_answer_is_asked_again_and_never_counts_as_one(german, service, run_tasks, answer):
    service.answers = [answer, (200, VALID)]
    vat.ask(german)
    run_tasks()
    assert not VatCheck.objects.exists()
    task = BackgroundTask.objects.get(task_path="accounts.vat.check")
    assert task.status == "READY" and task.run_after, "put back for later"
    BackgroundTask.objects.filter(pk=task.pk).update(run_after=task.enqueued_at)
    run_tasks()
    assert VatCheck.objects.get().is_valid


@pytest.mark.parametrize("code", ["INVALID_INPUT", "INVALID_REQUESTER_INFO"])
def test_what_will_never_be_answered_is_left_to_the_administrators(german, service, code):
    service.answers = [(400, {"errorWrappers": [{"error": code}]})]
    with pytest.raises(vies.ViesError) as error:
        vat.check.call(german.pk, german.eu_vat)
    assert error.value.permanent and code in str(error.value)


def test_when_it_cannot_be_reached_it_is_tried_later(german, settings):
    settings.VIES, settings.VIES_URL = "commission", "http://127.0.0.1:9/"
    with pytest.raises(Retry):
        vat.check.call(german.pk, german.eu_vat)


def test_greece_is_asked_about_as_el(service):
    vies.system().check("GR094259216", "")
    assert json.loads(service.asked[0].body) == {"countryCode": "EL", "vatNumber": "094259216"}


def test_the_null_twin_calls_nobody(client_of, owner, settings, run_tasks, monkeypatch):
    def called(*args, **kwargs):
        raise AssertionError("somebody was called")

    monkeypatch.setattr(httpx, "post", called)
    assert settings.VIES == "null", "the default"
    client_of(owner).post("/data/billing/", COMPANY)
    run_tasks()
    assert not VatCheck.objects.exists()
    assert BackgroundTask.objects.get(task_path="accounts.vat.check").status == "SUCCESSFUL"


def test_staff_see_the_answers_and_ask_by_correcting_the_number(client_of, administrator, german, service, run_tasks):
    vat.check.call(german.pk, german.eu_vat)
    page = client_of(administrator).get(reverse("admin:accounts_customer_change", args=[german.pk])).content.decode()
    assert "WAPIAAAAZ1" in page and "Beispielweg 1 10115 Berlin" in page
    listed = client_of(administrator).get(reverse("admin:accounts_vatcheck_changelist")).content.decode()
    assert "DE136695976" in listed


def test_another_customer_sees_nothing_of_it(client_of, stranger, german, service):
    vat.check.call(german.pk, german.eu_vat)
    assert "WAPIAAAAZ1" not in client_of(stranger).get("/data/").content.decode()
