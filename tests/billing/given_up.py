"""What was paid and can never be set up: staff give it up, the customer is told why, and the money goes back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Event
from billing import refunds, review, wallet
from billing.models import Case, Document, OrderLine, Payment
from services import by_hand
from services.drivers import Accepted, DriverError, NullDriver
from services.models import Product, ProvisioningJob, RegistryName, Service
from services.registrars import REGISTRARS, NullRegistrar
from tests.billing.administration import page, token
from tests.billing.administration import words as raw
from tests.billing.buying import buy, form, put  # noqa: F401  a shop for new services
from tests.billing.domains_bought import pay, sold  # noqa: F401  and for names
from tests.billing.shop import page_of
from tests.support.jobs import do_jobs, try_again

NAME, REASON = "late.pl", "Somebody else was quicker to register this name."


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def taken(client_of, buyer, sold, pay):  # noqa: F811
    """The job for a name that somebody registers elsewhere between the cart and the job."""
    client_of(buyer).post("/order/domain/register/", {"name": NAME})
    RegistryName.objects.create(name=NAME)
    pay(buyer)
    do_jobs()
    return ProvisioningJob.objects.get()


def give_up(admin, job):
    answer = admin.post(page(job, "give-up"), {"reason": REASON})
    assert answer.status_code == 302, raw(answer)


def test_a_name_that_was_taken_between_cart_and_job(client_of, buyer, admin, taken, mailbox):
    service, client = Service.objects.get(), client_of(buyer)
    for address in (f"/services/{service.pk}/", f"/orders/{OrderLine.objects.get().order_id}/"):
        assert "upport is looking into it" in page_of(client, address)
    assert Case.objects.get(closed_at=None).details["error"] == "the name is taken"
    give_up(admin, taken)
    service.refresh_from_db()
    assert service.status == "ended" and RegistryName.objects.get().holder == "", "it is somebody else's"
    mail = mailbox("anna@example.com")[-1]
    assert mail.subject == f"{NAME} cannot be set up" and REASON in mail.body and "goes back to you" in mail.body
    assert REASON in page_of(client, "/history/")
    [case] = Case.objects.filter(closed_at=None)
    line, payment = OrderLine.objects.get(), Payment.objects.get()
    assert (case.reason, case.key, case.payment) == ("not_delivered", line.reference, payment)
    assert case.details["amount"] == "61.50"
    asked = {"way": "wallet", "amount": "61.50", "reason": "Name taken", "token": token(admin, page(case, "refund"))}
    assert admin.post(page(case, "refund"), asked).status_code == 302
    assert (refunds.left(payment), wallet.of(case.customer).balance) == (0, Decimal("61.50"))
    assert not Case.objects.filter(closed_at=None).exists() and list(review.findings()) == []


def test_a_name_that_was_given_up_is_free_to_be_bought_again(client_of, buyer, admin, taken, administrator):
    give_up(admin, taken)
    by_hand.give_up(taken, "again", by=administrator)
    assert Event.objects.filter(action="service_given_up").count() == 1
    assert "Registered with us" not in page_of(client_of(buyer), f"/order/domain/?name={NAME}")
    assert admin.post(page(taken, "give-up"), {"reason": "again"}).status_code in (302, 403, 404)
    assert Case.objects.filter(reason="not_delivered").count() == 1


@pytest.fixture
def refused(buyer, products, buy, monkeypatch):  # noqa: F811
    """The job of a hosting that its server refuses, out of two pieces."""

    def refuse(self, job):
        raise DriverError("no room", permanent=True)

    Product.objects.filter(pk=products["hosting"].pk).update(stock=2)
    with monkeypatch.context() as patched:
        patched.setattr(NullDriver, "perform", refuse)
        buy(buyer, "123.00", "hosting")
        do_jobs()
    return ProvisioningJob.objects.get()


def test_a_server_is_told_to_end_what_it_may_have_begun(admin, refused, products):
    give_up(admin, refused)
    assert Service.objects.get().status == "pending", "until the server says so"
    do_jobs()
    refused.refresh_from_db()
    assert (Service.objects.get().status, refused.state) == ("ended", "dropped")
    assert Product.objects.get(pk=products["hosting"].pk).stock == 2
    assert [case.reason for case in Case.objects.filter(closed_at=None)] == ["not_delivered"]
    assert Document.objects.filter(kind="invoice").count() == 1 and list(review.findings()) == []


def test_in_polish(admin, refused, owner, mailbox):
    type(owner).objects.filter(pk=owner.pk).update(language="pl")
    give_up(admin, refused)
    mail = mailbox("anna@example.com")[-1]
    assert "Nie możemy uruchomić usługi" in mail.body and REASON in mail.body


def test_only_what_failed_for_good_is_given_up(admin, refused, administrator):
    ProvisioningJob.objects.filter(pk=refused.pk).update(state="waiting", next_at=timezone.now())
    refused.refresh_from_db()
    by_hand.give_up(refused, REASON, by=administrator)
    assert not Event.objects.filter(action="service_given_up").exists()
    assert "Give it up" not in raw(admin.get(page(refused)))


class Slow(NullRegistrar):
    """Moves a name in some days, or not at all."""

    answer = Accepted(again=timedelta(hours=1))

    def create(self, job):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or super().create(job)


@pytest.fixture
def moving(client_of, buyer, sold, pay, monkeypatch):  # noqa: F811
    """The job of a transfer that takes days."""
    monkeypatch.setitem(REGISTRARS, "null", Slow)
    monkeypatch.setattr(Slow, "answer", Slow.answer)
    row = RegistryName(name="moved.pl")
    row.authinfo = "Right-1234"
    row.save()
    client_of(buyer).post("/order/domain/transfer/", {"name": "moved.pl", "authinfo": "Right-1234"})
    pay(buyer)
    do_jobs()
    return ProvisioningJob.objects.get()


def test_a_transfer_that_takes_days_is_told_as_that(client_of, buyer, moving, monkeypatch):
    service, client = Service.objects.get(), client_of(buyer)
    order = f"/orders/{OrderLine.objects.get().order_id}/"
    for _day in range(3):
        try_again()
        assert "Being set up" in page_of(client, order)
        assert "Runs since" not in page_of(client, f"/services/{service.pk}/")
    assert not Case.objects.exists() and Payment.objects.get().is_paid
    monkeypatch.setattr(Slow, "answer", None)
    try_again()
    service.refresh_from_db()
    assert service.status == "active" and service.ends_on and "Runs" in page_of(client, order)


def test_a_transfer_that_is_refused_after_days_goes_to_staff_and_back(
    client_of, buyer, admin, moving, monkeypatch, mailbox
):
    monkeypatch.setattr(Slow, "answer", DriverError("the registry has locked the name", permanent=True))
    try_again()
    page_now = page_of(client_of(buyer), f"/services/{Service.objects.get().pk}/")
    assert "Support is looking into it" in page_now
    assert Case.objects.get().details["error"] == "the registry has locked the name"
    give_up(admin, ProvisioningJob.objects.get())
    assert Service.objects.get().status == "ended"
    assert "moved.pl cannot be set up" in [mail.subject for mail in mailbox("anna@example.com")]
    assert [case.reason for case in Case.objects.filter(closed_at=None)] == ["not_delivered"]
    assert Service.objects.get().registration.authinfo == ""
