"""The passwords of services themselves: behind the panel's password, in the history, and changed by their server."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import keys
from accounts.holdings import find
from accounts.models import AuthorizationCode, Event, SupportSession
from services import credentials, drivers, limits, provisioning
from services.drivers import Accepted, Done, Driver, DriverError
from services.models import Credential, ProvisioningJob, Service
from tests.billing.shop import words
from tests.support.jobs import do_jobs, try_again

OLD, NEW = "Old-Secret-1234", "New-Secret-5678"


class Server(Driver):
    """Takes passwords, or does what `answer` says; `told` are those it was sent."""

    answer = Done()
    told = []

    def password(self, job):
        self.told.append(Credential.objects.get(pk=job.asked["credential"]).next_password)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def server(monkeypatch, products):
    monkeypatch.setitem(drivers.DRIVERS, "server", Server)
    monkeypatch.setattr(Server, "answer", Done())
    monkeypatch.setattr(Server, "told", [])
    products["hosting"].driver = "server"
    products["hosting"].save()
    return Server


@pytest.fixture
def account(hosting):
    row = Credential(service=hosting, kind="ftp", login="garden", host="h07.example")
    row.password = OLD
    row.save()
    return row


@pytest.fixture
def address(hosting, account):
    return f"/services/{hosting.pk}/accounts/{account.pk}/"


def test_the_page_of_the_service_names_the_account_without_its_password(client_of, owner, hosting, account):
    text = words(client_of(owner).get(f"/services/{hosting.pk}/"))
    assert "garden" in text and "h07.example" in text and OLD not in text
    assert OLD not in account.secret and keys.decrypt(account.secret) == OLD


def test_the_password_is_shown_by_itself_kept_nowhere_and_told(client_of, owner, standard, address, hosting):
    for person in (owner, standard):
        answer = client_of(person).get(address)
        assert OLD in words(answer) and "no-store" in answer["Cache-Control"]
    assert Event.objects.filter(action="credential_shown").count() == 2
    history = words(client_of(owner).get("/history/"))
    assert "The password of garden of Hosting Garden (garden.example) was shown." in history and OLD not in history


def test_only_what_is_an_address_is_a_link(client_of, owner, address, account):
    link = '<a href="{}" rel="noopener">h1.example:8443</a>'
    for host, is_link in (("https://h1.example:8443", True), ("h1.example", False), ("javascript:alert(1)", False)):
        Credential.objects.filter(pk=account.pk).update(host=host)
        for page in (address, f"/services/{account.service_id}/"):
            answer = client_of(owner).get(page).content.decode()
            assert host in answer and (link.format(host) in answer) == is_link


@pytest.mark.parametrize("page", ["", "change/"])
def test_the_panels_password_is_asked_for_again(client_of, owner, address, page):
    browser = client_of(owner)
    assert browser.get(address + page).status_code == 200
    shown = Event.objects.filter(action="credential_shown").count()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        for answer in (browser.get(address + page), browser.post(address + page, {"password": NEW})):
            assert answer["Location"].startswith("/password-again/")
    assert Event.objects.filter(action="credential_shown").count() == shown
    assert not ProvisioningJob.objects.exists()


def test_an_account_is_that_of_its_service(client_of, owner, standard, voip, account):
    """Neither by another service's address nor for who does not see the service."""
    assert client_of(owner).get(f"/services/{voip.pk}/accounts/{account.pk}/").status_code == 404
    Credential.objects.filter(pk=account.pk).update(service=voip)
    assert client_of(standard).get(f"/services/{voip.pk}/accounts/{account.pk}/").status_code == 404


def test_what_cannot_be_read_any_more_is_said(client_of, owner, address, account):
    Credential.objects.filter(pk=account.pk).update(secret="nonsense")
    assert "It can no longer be read." in words(client_of(owner).get(address))


def test_passwords_are_shown_so_often_and_not_more(client_of, owner, address, monkeypatch):
    monkeypatch.setattr("services.views.credentials.PASSWORDS_SHOWN", limits.Limit("shown", 2, 3600))
    browser = client_of(owner)
    assert [browser.get(address).status_code for _time in range(3)] == [200, 200, 302]


def test_the_old_one_stays_until_the_server_has_the_new_one(client_of, owner, server, hosting, account, address):
    browser = client_of(owner)
    page = words(browser.post(f"{address}change/", {"password": NEW}, follow=True))
    assert "The server is being told the new password." in page and "Being changed" in page
    assert OLD in words(browser.get(address)) and NEW not in words(browser.get(address))
    account.refresh_from_db()
    assert NEW not in account.wanted and NEW not in str(ProvisioningJob.objects.get().asked)
    do_jobs(), do_jobs()
    assert server.told == [NEW]
    assert NEW in words(browser.get(address)) and "Being changed" not in words(browser.get(f"/services/{hosting.pk}/"))
    assert Event.objects.filter(action="credential_changed").count() == 1
    assert NEW not in str(list(Event.objects.values_list("details", flat=True)))


def test_left_empty_a_strong_one_is_made(client_of, owner, server, address, account):
    client_of(owner).post(f"{address}change/", {"password": ""})
    do_jobs()
    account.refresh_from_db()
    assert account.password == server.told[0] and len(account.password) == 20


def test_a_generated_one_keeps_the_rules():
    made = {credentials.generated() for _time in range(200)}
    assert len(made) == 200
    assert all(any(sign in text for sign in kind) for text in made for kind in credentials.LETTERS)


@pytest.mark.parametrize(
    "typed", ["Short-1", "x" * 65, "no-upper-or-digit", "With-Space 1234", "Zażółć-gęślą-1", "Tab\t-in-it-1234"]
)
def test_what_servers_do_not_take_comes_back(client_of, owner, address, typed):
    answer = client_of(owner).post(f"{address}change/", {"password": typed})
    assert answer.status_code == 200 and "Please correct the marked field" in words(answer)
    assert not ProvisioningJob.objects.exists()


@pytest.mark.parametrize("later", [False, True])
def test_a_server_that_repeats_the_password_gives_nothing_away(client_of, owner, server, address, caplog, later):
    refusal = f"The password {NEW} is in a dictionary."
    server.answer = Accepted() if later else DriverError(refusal, permanent=True)
    client_of(owner).post(f"{address}change/", {"password": NEW})
    do_jobs()
    job = ProvisioningJob.objects.get()
    if later:
        provisioning.refuse(job, refusal)
        job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "The password … is in a dictionary.")
    assert NEW not in caplog.text + str(list(Event.objects.values_list("details", flat=True)))


def test_a_failure_is_told_and_takes_nothing_away(client_of, owner, server, hosting, account, address):
    browser = client_of(owner)
    browser.post(f"{address}change/", {"password": NEW})
    server.answer = DriverError("it is down")
    do_jobs()
    for place in (address, f"/services/{hosting.pk}/"):
        assert "support is looking into it" in words(browser.get(place))
    assert OLD in words(browser.get(address))
    server.answer = Done()
    try_again()
    assert NEW in words(browser.get(address))


def test_a_server_that_will_do_it_later_changes_nothing_yet(client_of, owner, server, account, address):
    server.answer = Accepted()
    client_of(owner).post(f"{address}change/", {"password": NEW})
    do_jobs()
    account.refresh_from_db()
    assert account.password == OLD and account.wanted
    provisioning.finish(ProvisioningJob.objects.get(), Done())
    account.refresh_from_db()
    assert account.password == NEW and not account.wanted


def test_a_second_change_takes_the_place_of_the_first(owner, server, account):
    credentials.change(account, "First-Secret-1", by=owner)
    credentials.change(account, NEW, by=owner)
    do_jobs()
    account.refresh_from_db()
    assert server.told == [NEW] and account.password == NEW


def test_a_first_change_that_ends_late_does_not_pass_for_the_second(owner, server, account):
    """It had been sent already when the second was asked for."""
    server.answer = Accepted()
    first = credentials.change(account, "First-Secret-1", by=owner)
    do_jobs()
    credentials.change(account, NEW, by=owner)
    provisioning.finish(first, Done())
    account.refresh_from_db()
    assert account.password == OLD
    server.answer = Done()
    do_jobs()
    account.refresh_from_db()
    assert account.password == NEW


def test_changes_are_limited_and_the_form_says_so(client_of, owner, address, monkeypatch):
    monkeypatch.setattr("services.views.credentials.PASSWORD_CHANGES", limits.Limit("changes", 1, 3600))
    browser = client_of(owner)
    assert browser.post(f"{address}change/", {"password": NEW}).status_code == 302
    assert "changed too often" in words(browser.post(f"{address}change/", {"password": NEW}))
    assert ProvisioningJob.objects.count() == 1


@pytest.mark.parametrize("status", ["pending", "ended"])
def test_what_does_not_run_takes_no_password(client_of, owner, address, account, status):
    Service.objects.update(status=status)
    page = words(client_of(owner).post(f"{address}change/", {"password": NEW}, follow=True))
    assert "cannot be changed now" in page
    with pytest.raises(credentials.NotChangeable):
        credentials.change(account, NEW, by=owner)
    assert not ProvisioningJob.objects.exists()


@pytest.fixture
def call(support, owner, customer):
    """A call that the owner's code has opened."""
    code = AuthorizationCode.objects.create(
        membership=owner.membership, customer=customer, code_mac="0", expires_at=timezone.now() + timedelta(hours=1)
    )
    return SupportSession.objects.create(staff=support, customer=customer, membership=owner.membership, code=code)


def test_support_sees_which_accounts_there_are_and_no_way_to_their_passwords(
    client_of, support, call, hosting, account
):
    text = words(client_of(support).get(f"/desk/caller/{call.pk}/services/{hosting.pk}/"))
    assert "garden" in text and "h07.example" in text
    for hidden in (OLD, f"/accounts/{account.pk}/", "End the service now", "/label/", "Messages about"):
        assert hidden not in text


def test_ones_own_data_have_no_passwords(owner, account):
    [holding] = [found for found in find() if found.model is Credential]
    assert list(holding.rows(owner.membership)) == [account]
    assert not {"secret", "wanted"} & set(holding.columns)
