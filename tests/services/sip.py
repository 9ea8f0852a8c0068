"""SIP accounts: their own number and password, mailed once to the owner of a verified customer."""

import json
from itertools import permutations

import pytest
from django.contrib.auth.hashers import check_password

from accounts import verifying
from accounts.models import BackgroundTask, Event, Outbox, User
from services import drivers, provisioning, sip
from services.models import Credential, ServiceGrant, SwitchboardNumber
from tests.cast import PASSWORD
from tests.crowd import queries_of
from tests.services.switchboard import line, numbers, set_up, sip_product  # noqa: F401  fixtures
from tests.support.jobs import do_jobs, try_again


@pytest.fixture
def verify(customer, administrator):
    return lambda: verifying.verify(customer, way="administrator", by=administrator)


def mails():
    return Outbox.objects.filter(letter="sip_account")


def test_the_switchboard_makes_an_account_with_number_and_password_of_its_own(line, owner):  # noqa: F811
    account = set_up(line)
    assert (account.kind, account.login, account.host) == ("sip", "+48 22 555 0000", "sip.example.net")
    assert (line.status, line.remote_id) == ("active", account.login)
    assert len(account.password) == 20 and account.password not in account.secret
    assert account.password not in json.dumps(line.configuration)


def test_the_same_job_twice_makes_one_account(line):  # noqa: F811
    job = provisioning.ask(line, "create", reference="x", by=None)
    driver = drivers.PretendSwitchboard()
    first, second = driver.perform(job), driver.perform(job)
    assert first.accounts == second.accounts
    assert SwitchboardNumber.objects.filter(state="on").count() == 1


def test_what_the_driver_gets_holds_nothing_of_the_panels_login(line, owner, monkeypatch):  # noqa: F811
    """The panel's login never registers a device: neither it nor the password gets near the switchboard."""
    seen = []
    create = drivers.PretendSwitchboard.create

    def listen(self, job):
        seen.append(json.dumps([job.asked, job.reference, job.service.configuration, job.service.name]))
        return create(self, job)

    monkeypatch.setattr(drivers.PretendSwitchboard, "create", listen)
    account = set_up(line, by=owner)
    assert len(seen) == 1
    assert not [secret for secret in (PASSWORD, owner.password, owner.email, f'"{owner.login}"') if secret in seen[0]]
    assert account.login not in User.objects.values_list("login", flat=True)
    # Neither the password of the account opens the panel, nor that of the panel the account.
    assert not any(check_password(account.password, user.password) for user in User.objects.all())
    assert check_password(PASSWORD, owner.password) and account.password != PASSWORD


def test_no_mail_before_the_customer_is_verified(line, owner, run_tasks):  # noqa: F811
    account = set_up(line)
    sip.mail_waiting.call(line.customer_id)
    assert not mails().exists()
    account.refresh_from_db()
    assert account.mailed_at is None


@pytest.mark.parametrize("order", list(permutations(["account", "verified"])), ids="-".join)
def test_whichever_comes_last_brings_one_mail(line, owner, verify, order, deliver):  # noqa: F811
    acts = {"account": lambda: set_up(line), "verified": verify}
    for act in order:
        acts[act]()
        for _ in range(2):
            sip.mail_waiting.call(line.customer_id)
    assert BackgroundTask.objects.filter(task_path="services.sip.mail_waiting").exists()
    account = Credential.objects.get()
    (mail,) = [mail for mail in deliver() if "SIP" in mail.subject]
    assert mail.to == [owner.email]
    assert account.login in mail.body and account.password in mail.body and account.host in mail.body
    assert "login and password to the panel do not work there" in mail.body
    assert Event.objects.get(action="sip_account_mailed").details == {
        "login": account.login,
        "service": str(line),
    }


def test_secrets_never_lie_in_a_queue(line, owner, verify):  # noqa: F811
    """Neither the mail's row nor any task or job holds the password; the worker reads it when it sends."""
    account = set_up(line)
    verify()
    sip.mail_waiting.call(line.customer_id)
    rows = [*Outbox.objects.values(), *BackgroundTask.objects.values(), *line.jobs.values(), *Event.objects.values()]
    assert mails().get().ids == {"credential": account.pk}
    assert account.password not in repr(rows)
    assert account.login in repr(rows)  # the search does find what lies there


def test_no_sub_user_gets_it(line, owner, administrative, standard_without, verify, deliver):  # noqa: F811
    ServiceGrant.objects.create(membership=standard_without.membership, service=line)
    set_up(line)
    verify()
    sip.mail_waiting.call(line.customer_id)
    assert [mail.to for mail in deliver() if "SIP" in mail.subject] == [[owner.email]]


@pytest.mark.parametrize("change", ["ended", "not verified", "another owner", "password gone"])
def test_what_has_changed_before_it_is_sent_is_not_sent(
    line,  # noqa: F811
    owner,
    administrative,
    administrator,
    verify,
    change,
    deliver,
):
    account = set_up(line)
    verify()
    sip.mail_waiting.call(line.customer_id)
    assert mails().count() == 1
    if change == "ended":
        line.status = "ended"
        line.save()
    elif change == "not verified":
        verifying.take_back(line.customer, by=administrator)
    elif change == "another owner":
        owner.membership.delete()
    else:
        account.secret = "from another key"
        account.save()
    assert not [mail for mail in deliver() if "SIP" in mail.subject]


def test_other_accounts_are_never_mailed(line, owner, verify):  # noqa: F811
    Credential.objects.create(service=line, kind="panel", login="x", secret="x")
    verify()
    sip.mail_waiting.call(line.customer_id)
    assert not mails().exists()


def test_a_suspended_account_is_off_and_a_terminated_number_rests(line, numbers):  # noqa: F811
    account = set_up(line)
    states = []
    for act in ("suspend", "resume", "terminate"):
        provisioning.ask(line, act, reference=f"{act}:1", by=None)
        do_jobs()
        states.append(SwitchboardNumber.objects.get(number=account.login).state)
    assert states == ["off", "on", "gone"]
    assert not SwitchboardNumber.objects.get(number=account.login).secret
    line.refresh_from_db()
    assert set_up_again(line).remote_id != account.login


def set_up_again(line):  # noqa: F811
    job = provisioning.ask(line, "create", reference="again", by=None)
    return drivers.PretendSwitchboard().perform(job)


def test_while_no_number_is_free_the_service_is_not_called_active(line, administrator):  # noqa: F811
    SwitchboardNumber.objects.all().delete()
    job = provisioning.ask(line, "create", reference="x", by=None)
    do_jobs()
    line.refresh_from_db(), job.refresh_from_db()
    assert (line.status, job.state, job.error) == ("pending", "waiting", "no number is free")
    SwitchboardNumber.objects.create(number="+48 58 1")
    try_again()
    line.refresh_from_db()
    assert (line.status, line.remote_id) == ("active", "+48 58 1")


def test_the_accounts_own_password_is_changed_at_the_switchboard(line):  # noqa: F811
    account = set_up(line)
    account.wanted = account.secret
    account.password = "old one"
    account.save()
    wanted = Credential(secret=account.wanted).password
    job = provisioning.ask(line, "password", reference="p", by=None, credential=account.pk)
    drivers.PretendSwitchboard().perform(job)
    assert SwitchboardNumber.objects.get(number=account.login).password == wanted


def test_the_page_says_that_the_account_waits_until_the_customer_is_verified(line, owner, client_of, verify):  # noqa: F811
    """And nothing of it costs the page more than one question."""
    words = "The SIP account waits until we have verified you."
    browser, address = client_of(owner), f"/services/{line.pk}/"
    assert words not in browser.get(address).content.decode()
    account = set_up(line)
    page = browser.get(address).content.decode()
    assert words in page and account.password not in page
    assert list(sip.withheld(Credential.objects.all())) == [account]
    verify()
    page = browser.get(address).content.decode()
    assert words not in page and f'href="/services/{line.pk}/usage/"' in page
    assert not sip.withheld(Credential.objects.all()).exists()
    assert len(queries_of(browser, address)) <= 7


def test_nobody_knows_the_password_of_an_account_before_the_customer_is_verified(line, owner, client_of, verify):  # noqa: F811
    account, browser = set_up(line), client_of(owner)
    address = f"/services/{line.pk}/accounts/{account.pk}/"
    assert [browser.get(page).status_code for page in (address, f"{address}change/")] == [404, 404]
    assert address not in browser.get(f"/services/{line.pk}/").content.decode()
    verify()
    assert account.password in browser.get(address).content.decode()
    assert address in browser.get(f"/services/{line.pk}/").content.decode()


def test_the_password_of_a_sip_account_is_made_and_never_typed(line, owner, client_of, verify):  # noqa: F811
    account, browser = set_up(line), client_of(owner)
    verify()
    address = f"/services/{line.pk}/accounts/{account.pk}/change/"
    assert 'name="password"' not in browser.get(address).content.decode()
    assert browser.post(address, {"password": PASSWORD}).status_code == 302
    account.refresh_from_db()
    assert account.next_password not in ("", PASSWORD, account.password)
