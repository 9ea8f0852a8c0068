"""Names that staff register by hand: sold on request, moved with the typed AuthInfo, refused, and given out."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Outbox
from billing.models import CartItem, Case, Order
from services import domains
from services.models import Domain, ProvisioningJob, Service
from tests.billing.conftest import begin, buyer, company, prices, report  # noqa: F401  a shop
from tests.billing.domains_bought import pay, sold  # noqa: F401  for names
from tests.billing.shop import page_of, words
from tests.cast import user
from tests.services.job_admin import page
from tests.support.jobs import do_jobs

AUTHINFO, GIVEN = "Right-1234", "Given-Out-5678"


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def client(client_of, buyer, sold):  # noqa: F811
    sold.driver = "manual"
    sold.save()
    return client_of(buyer)


@pytest.fixture
def job(client, buyer, pay):  # noqa: F811
    """`job(**form)` is the job for a name that was ordered so and paid."""

    def job(act="register", **form):
        answer = client.post(f"/order/domain/{act}/", {"name": "garden.pl", **form})
        assert answer["Location"] == "/cart/"
        pay(buyer)
        do_jobs()
        return ProvisioningJob.objects.get()

    return job


def test_names_are_sold_on_request_either_way(client):
    found = words(client.get("/order/domain/", {"name": "garden.pl"}))
    assert "On request" in found and "you get your money back" in found
    assert 'action="/order/domain/register/"' in found and "/order/domain/transfer/?name=garden.pl" in found


def test_what_is_here_already_is_not_sold_once_more(client, job):
    job()
    assert "On request" not in words(client.get("/order/domain/", {"name": "garden.pl"}))
    client.post("/order/domain/register/", {"name": "garden.pl"})
    assert not CartItem.objects.exists()


def test_a_name_is_registered_by_staff(client, admin, job):
    asked = job()
    order = f"/orders/{Order.objects.get().pk}/"
    assert asked.state == "accepted" and "Being set up" in page_of(client, order)
    assert "AuthInfo of the transfer" not in words(admin.get(page(asked)))
    assert admin.post(page(asked, "done"), {"remote_id": "garden.pl", "facts": ""}).status_code == 302
    service = Service.objects.get()
    assert (service.status, service.registration.origin) == ("active", "registered")
    assert "Runs" in page_of(client, order) and not Case.objects.exists()


def test_a_name_is_moved_with_what_the_customer_has_typed(client, admin, job):
    asked = job("transfer", authinfo=AUTHINFO)
    assert AUTHINFO in words(admin.get(page(asked)))
    admin.post(page(asked, "done"), {"remote_id": "garden.pl", "facts": ""})
    assert Service.objects.get().status == "active" and Domain.objects.get().authinfo == ""
    assert AUTHINFO not in words(admin.get(page(asked)))


def test_a_wrong_authinfo_is_asked_for_again_and_comes_back_to_staff(client, admin, job, mailbox):
    asked = job("transfer", authinfo="Wrong-1234")
    refusal = {"reason": "The registry says that the code is wrong.", "is_authinfo_wrong": "on"}
    assert admin.post(page(asked, "refuse"), refusal).status_code == 302
    assert any("was refused" in mail.subject for mail in mailbox("anna@example.com"))
    client.post(f"/services/{Service.objects.get().pk}/transfer/", {"authinfo": AUTHINFO})
    do_jobs()
    asked.refresh_from_db()
    assert asked.state == "accepted" and AUTHINFO in words(admin.get(page(asked)))


def test_who_may_only_look_does_not_see_the_authinfo(client_of, job, provider):
    asked, person = job("transfer", authinfo=AUTHINFO), user("looker", is_staff=True)
    rights = ["view_provisioningjob", "view_service"]
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    assert AUTHINFO not in words(client_of(person).get(page(asked)))


def test_a_name_that_cannot_be_had_is_refused_and_given_up(admin, job):
    asked = job()
    admin.post(page(asked, "refuse"), {"reason": "It is taken."})
    admin.post(page(asked, "give-up"), {"reason": "It is taken."})
    assert Service.objects.get().status == "ended"
    assert [case.reason for case in Case.objects.filter(closed_at=None)] == ["not_delivered"]


def test_an_authinfo_is_typed_by_staff_and_seen_for_two_days_by_who_asked(
    client, admin, domain, products, owner, mailbox
):
    products["domain"].driver = "manual"
    products["domain"].save()
    address = f"/services/{domain.pk}/authinfo/"
    for _time in range(2):
        client.post(f"{address}ask/")
        do_jobs()
    [asked] = ProvisioningJob.objects.filter(act="authinfo")
    assert "Our staff are asking the registry" in page_of(client, address)
    assert admin.post(page(asked, "done"), {"authinfo": GIVEN}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "done" and GIVEN not in str(ProvisioningJob.objects.values()) + str(Outbox.objects.values())
    [mail] = [
        mail for mail in mailbox("anna@example.com") if mail.subject == "The AuthInfo of garden.example is there"
    ]
    assert address in mail.body and GIVEN not in mail.body
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=1, hours=23)):
        domains.forget_released()
        assert domains.is_shown(Domain.objects.get(service=domain))
    assert GIVEN in page_of(client, address)
    with time_machine.travel(now + timedelta(days=2, minutes=1)):
        domains.forget_released()
    assert Domain.objects.get(service=domain).released == ""
