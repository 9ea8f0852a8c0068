"""Ending a service now: the password, what is lost, the driver's word, and orders that nobody has paid."""

import pytest

from accounts.models import Event
from billing.models import OrderLine, Receivable
from services import by_hand, ending, expiry, provisioning, renewing
from services.drivers import Done
from services.expiry import NotRenewable
from services.models import ProvisioningJob, Service
from tests.billing.conftest import buyer, company, order, prices  # noqa: F401  a shop for renewals
from tests.billing.shop import words
from tests.cast import PASSWORD
from tests.support.jobs import do_jobs

YES = {"current_password": PASSWORD}


@pytest.fixture
def browser(client_of, owner):
    return client_of(owner)


@pytest.fixture
def address(hosting):
    return f"/services/{hosting.pk}/terminate/"


def now(service):
    return Service.objects.get(pk=service.pk)


def test_the_page_says_what_is_lost_and_asks_for_the_password(browser, address, hosting):
    assert address in words(browser.get(f"/services/{hosting.pk}/"))
    page = words(browser.get(address))
    assert "This cannot be taken back." in page and "Money for the time that is left is not given back." in page
    for typed in ("", "wrong"):
        assert browser.post(address, {"current_password": typed}).status_code == 200
    assert not ProvisioningJob.objects.exists()


def test_it_has_ended_when_the_driver_says_so(browser, address, hosting, owner):
    renewing.set_auto_renew(hosting, True, by=owner)
    page = words(browser.post(address, YES, follow=True))
    assert "The service is being ended." in page and "This service is being ended." in page
    assert address not in page and "What happens at the end" not in page and "/renewals/?service" not in page
    found = now(hosting)
    assert (found.status, found.auto_renew, found.cancelled_at is not None) == ("active", False, True)
    job = ProvisioningJob.objects.get()
    assert (job.act, job.state, job.by) == ("terminate", "waiting", owner)
    do_jobs()
    assert now(hosting).status == "ended"
    assert "This service has ended." in words(browser.get(f"/services/{hosting.pk}/"))
    actions = list(Event.objects.order_by("id").values_list("action", flat=True))
    assert actions[-2:] == ["service_terminated", "service_ended"]


def test_everybody_in_charge_is_told_by_mail(browser, address, hosting, administrative, standard, owner, mailbox):
    browser.post(address, YES)
    for person in (owner, administrative):
        [mail] = mailbox(person.email)
        assert "Anna Owner asked us to end the service Hosting Garden (garden.example) at once." in mail.body
    assert mailbox(standard.email) == []


def test_twice_is_harmless(browser, address, hosting, owner):
    for _time in range(2):
        browser.post(address, YES)
        ending.terminate(hosting, by=owner)
    assert ProvisioningJob.objects.count() == Event.objects.filter(action="service_terminated").count() == 1


def test_what_staff_gave_up_can_be_asked_for_again(hosting, owner, administrator):
    ending.terminate(hosting, by=owner)
    provisioning.fail(ProvisioningJob.objects.get(), "No.", permanent=True)
    ending.terminate(hosting, by=owner)
    by_hand.give_up(ProvisioningJob.objects.get(), "It stays for now.", by=administrator)
    ending.terminate(hosting, by=owner)
    given_up, again = ProvisioningJob.objects.order_by("pk")
    assert (given_up.state, again.state) == (ProvisioningJob.State.DROPPED, ProvisioningJob.State.WAITING)


def test_what_staff_set_running_again_is_kept_and_ended_again(hosting, owner):
    ending.terminate(hosting, by=owner)
    provisioning.finish(ProvisioningJob.objects.get(), Done())
    Service.objects.update(status="active")
    renewing.keep(hosting, by=owner)
    assert now(hosting).cancelled_at is None
    ending.terminate(hosting, by=owner)
    assert ProvisioningJob.objects.filter(state=ProvisioningJob.State.WAITING).count() == 1


@pytest.mark.parametrize("status", ["pending", "ended"])
def test_what_does_not_run_is_not_ended(browser, address, hosting, owner, status):
    Service.objects.update(status=status)
    assert "nothing to be ended" in words(browser.post(address, YES, follow=True))
    with pytest.raises(ending.NotEndable):
        ending.terminate(hosting, by=owner)
    assert not ProvisioningJob.objects.exists()


def test_what_is_being_ended_is_not_kept(hosting, owner):
    ending.terminate(hosting, by=owner)
    with pytest.raises(NotRenewable):
        renewing.keep(hosting, by=owner)
    assert now(hosting).cancelled_at


def test_unpaid_orders_of_it_alone_are_cancelled(buyer, order, hosting, owner):  # noqa: F811
    alone = order(buyer, hosting)
    ending.terminate(hosting, by=owner)
    alone.refresh_from_db()
    assert alone.state == Receivable.State.CANCELLED
    assert OrderLine.objects.get().state == OrderLine.State.CANCELLED


def test_what_was_ordered_with_other_things_stays(buyer, order, hosting, voip, owner):  # noqa: F811
    both = order(buyer, hosting, voip)
    ending.terminate(hosting, by=owner)
    both.refresh_from_db()
    assert both.state == Receivable.State.OPEN


def test_without_the_list_it_would_be_asked_for(buyer, order, hosting, owner, monkeypatch):  # noqa: F811
    """The negative control."""
    monkeypatch.setattr(ending, "ON_END", [])
    alone = order(buyer, hosting)
    ending.terminate(hosting, by=owner)
    alone.refresh_from_db()
    assert alone.state == Receivable.State.OPEN


def test_a_driver_that_ends_it_twice_ends_it_once(hosting, owner):
    ending.terminate(hosting, by=owner)
    job = ProvisioningJob.objects.get()
    for _time in range(2):
        provisioning.finish(job, Done())
    assert Event.objects.filter(action="service_ended").count() == 1


def test_what_staff_must_still_end_by_hand_is_not_sold_for_longer(hosting, owner):
    """A renewal that was ordered with something else is not cancelled with the service: it must not be paid."""
    ending.terminate(hosting, by=owner)
    provisioning.fail(ProvisioningJob.objects.get(), "no", permanent=True)
    assert expiry.stuck([now(hosting)]) == [hosting]
    with pytest.raises(NotRenewable):
        expiry.extend(hosting, 12, reference="x", by=owner)
    provisioning.drop(ProvisioningJob.objects.get())
    assert expiry.stuck([now(hosting)]) == []
