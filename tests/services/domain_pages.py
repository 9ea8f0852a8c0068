"""The pages of a domain name that is kept here: name servers, AuthInfo, and a transfer that was refused."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import keys
from accounts.models import Event
from services import domains, jobs, limits
from services.drivers import Accepted, DriverError
from services.models import Domain, ProvisioningJob, RegistryName, Service, ServiceGrant
from services.purchasing import Wanted, begin
from services.registrars import REGISTRARS, NullRegistrar
from tests.billing.shop import page_of, words
from tests.crowd import queries_of
from tests.support.jobs import do_jobs, try_again

NAMES = "ns1.example.net\nns2.example.net"
# What only a name that has come here has.
NOT_YET = ("Transferred here</dd>", "Runs since", "Paid until</dt>")


@pytest.fixture
def browser(client_of, owner):
    return client_of(owner)


@pytest.fixture
def granted(standard, domain):
    """A standard sub-user who sees the domain."""
    ServiceGrant.objects.create(membership=standard.membership, service=domain)
    return standard


@pytest.fixture
def moving(customer, owner, products):
    """`moving(authinfo)` is the service of a name that another registrar keeps, bought with this AuthInfo."""
    row = RegistryName(name="moved.example")
    row.authinfo = "Right-1234"
    row.save()
    price = products["domain"].prices.create(months=12, net=50)

    def moving(authinfo):
        wanted = Wanted(
            products["domain"], price, domain=row.name, origin="transferred", authinfo=keys.encrypt(authinfo)
        )
        return begin(customer, wanted, reference="order-line:1", by=owner)

    return moving


def test_who_has_only_the_session_points_the_domain_nowhere_else(browser, domain):
    """Mail and web go where the name servers say, so they are as good as a password."""
    page = f"/services/{domain.pk}/name-servers/"
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        for answer in (browser.get(page), browser.post(page, {"nameservers": NAMES})):
            assert answer["Location"].startswith("/password-again/")
    assert not ProvisioningJob.objects.exists()


@pytest.fixture
def registrar(monkeypatch, products):
    """`registrar(act=outcome)` answers so instead of doing an act; an error is raised."""

    def registrar(**outcomes):
        def told(outcome):
            def act(self, job):
                if isinstance(outcome, Exception):
                    raise outcome
                return outcome

            return act

        made = type("Told", (NullRegistrar,), {name: told(outcome) for name, outcome in outcomes.items()})
        monkeypatch.setitem(REGISTRARS, "null", made)

    return registrar


def at(service, page=""):
    return f"/services/{service.pk}/{page}"


def actions():
    events = Event.objects.exclude(action="signed_in").order_by("id")
    return list(events.values_list("action", flat=True))


def test_the_page_of_a_domain_tells_its_registration(browser, domain):
    Service.objects.filter(pk=domain.pk).update(name="żółw.pl", domain="żółw.pl")
    Domain.objects.update(nameservers=["ns1.example.net", "ns2.example.net"])
    page = page_of(browser, at(domain))
    assert "xn--w-uga1v8h.pl" in page and "ns1.example.net<br>ns2.example.net" in page
    assert f'href="{at(domain, "name-servers/")}"' in page and f'href="{at(domain, "authinfo/")}"' in page


def test_name_servers_are_set_by_the_worker_and_meanwhile_said_to_come(browser, domain):
    answer = browser.post(
        at(domain, "name-servers/"), {"nameservers": " NS1.example.net.\n\nns2.example.net,"}, follow=True
    )
    page = words(answer)
    assert "New name servers are being set: ns1.example.net, ns2.example.net" in page
    assert Domain.objects.get().nameservers == [] and actions() == ["nameservers_asked"]
    do_jobs()
    page = page_of(browser, at(domain))
    assert "are being set" not in page and "ns1.example.net<br>ns2.example.net" in page
    assert RegistryName.objects.get().nameservers == ["ns1.example.net", "ns2.example.net"]
    assert "ns1.example.net" in page_of(browser, at(domain, "name-servers/"))
    assert "Name servers for garden.example were asked for" in page_of(browser, "/history/")


def test_the_owner_is_mailed_who_points_the_domain_elsewhere(client_of, owner, granted, domain, mailbox):
    """Website and mail go where they say, so whoever was let in to set them does not do it unseen."""
    address = at(domain, "name-servers/")
    for names in (NAMES, NAMES, ""):
        client_of(granted).post(address, {"nameservers": names})
    first, second = mailbox("anna@example.com")
    assert first.subject == "New name servers for garden.example"
    for body in (first.body, first.alternatives[0][0]):
        assert "Stefan Standard asked for other name servers" in body and "ns1.example.net, ns2.example.net" in body
    assert "New name servers: ours" in second.body and not mailbox("stefan@example.com")


def test_the_same_again_asks_nobody(browser, domain):
    for _ in range(2):
        browser.post(at(domain, "name-servers/"), {"nameservers": NAMES})
    do_jobs()
    browser.post(at(domain, "name-servers/"), {"nameservers": NAMES})
    assert ProvisioningJob.objects.count() == 1 and actions() == ["nameservers_asked"]


def test_none_are_the_providers_own(browser, domain):
    browser.post(at(domain, "name-servers/"), {"nameservers": NAMES})
    browser.post(at(domain, "name-servers/"), {"nameservers": ""})
    assert "New name servers are being set: ours" in page_of(browser, at(domain))
    do_jobs()
    assert Domain.objects.get().nameservers == RegistryName.objects.get().nameservers == []


def test_an_older_wish_does_not_come_back(browser, domain):
    browser.post(at(domain, "name-servers/"), {"nameservers": NAMES})
    browser.post(at(domain, "name-servers/"), {"nameservers": "a.example.org\nb.example.org"})
    older, newer = ProvisioningJob.objects.order_by("pk")
    REGISTRARS["null"]().perform(newer)
    assert REGISTRARS["null"]().perform(older).answer == {"overtaken": True}
    do_jobs()
    assert Domain.objects.get().nameservers == ["a.example.org", "b.example.org"]
    assert RegistryName.objects.get().nameservers == ["a.example.org", "b.example.org"]


def test_without_the_look_it_would(browser, domain, monkeypatch):
    """The negative control."""
    monkeypatch.setattr("services.registrars.base.is_followed", lambda job: False)
    browser.post(at(domain, "name-servers/"), {"nameservers": NAMES})
    browser.post(at(domain, "name-servers/"), {"nameservers": "a.example.org\nb.example.org"})
    older, newer = ProvisioningJob.objects.order_by("pk")
    REGISTRARS["null"]().perform(newer), REGISTRARS["null"]().perform(older)
    assert RegistryName.objects.get().nameservers == NAMES.split()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("ns1.example.net", "Type from 2 to 13 name servers"),
        ("\n".join(f"ns{n}.example.net" for n in range(14)), "Type from 2 to 13 name servers"),
        ("ns1.example.net\nNS1.example.net.", "stands there twice"),
        ("ns1.example.net\n192.0.2.1", "is an address"),
        ("ns1.example.net\n2001:db8::1", "is an address"),
        ("ns1.example.net\nlocalhost", "is not a whole host name"),
        ("ns1.example.net\nns 2.example.net", "is no domain name"),
        ("ns1.example.net\n<b>x</b>.pl", "is no domain name"),
        ("ns1.example.net\nns1.garden.example", "lies inside the domain itself"),
        ("ns1.example.net\ngarden.example", "lies inside the domain itself"),
        ("ns1.example.net\n" + "a" * 5000, "at most 3380 characters"),
    ],
)
def test_what_cannot_be_a_name_server_comes_back_with_the_reason(browser, domain, typed, why):
    page = words(browser.post(at(domain, "name-servers/"), {"nameservers": typed}))
    assert why in page and "ns1.example.net" in page and "<b>x" not in page
    assert not ProvisioningJob.objects.exists()


def test_a_refusal_of_the_registrar_is_said(browser, domain, registrar):
    registrar(nameservers=DriverError("no such host", permanent=True))
    browser.post(at(domain, "name-servers/"), {"nameservers": NAMES})
    do_jobs()
    page = page_of(browser, at(domain))
    assert "did not take the new name servers" in page and "no such host" not in page


def test_a_sub_user_sets_name_servers_of_what_they_see_but_gets_no_authinfo(client_of, granted, domain):
    client = client_of(granted)
    page = page_of(client, at(domain))
    assert "name-servers/" in page and "authinfo" not in page
    assert client.post(at(domain, "name-servers/"), {"nameservers": NAMES}).status_code == 302
    assert client.get(at(domain, "authinfo/")).status_code == 403
    assert client.post(at(domain, "authinfo/ask/")).status_code == 403
    assert not ProvisioningJob.objects.filter(act="authinfo").exists()


def test_who_does_not_see_the_domain_finds_nothing(client_of, standard, stranger, domain):
    for person in (standard, stranger):
        assert client_of(person).get(at(domain, "name-servers/")).status_code == 404
        assert client_of(person).post(at(domain, "name-servers/"), {"nameservers": NAMES}).status_code == 404
    assert client_of(stranger).get(at(domain, "authinfo/")).status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"status": "pending"}, {"status": "ended"}, {"held_at": timezone.now()}, {"origin": "elsewhere"}],
    ids=["pending", "ended", "held", "elsewhere"],
)
def test_what_is_not_kept_here_or_does_not_run_has_none_of_these_pages(browser, domain, hosting, change):
    if "origin" in change:
        Domain.objects.update(**change)
    else:
        Service.objects.filter(pk=domain.pk).update(**change)
    for service in (domain, hosting):
        for page in ("name-servers/", "authinfo/", "transfer/"):
            assert browser.get(at(service, page)).status_code == 404
        assert browser.post(at(service, "authinfo/ask/")).status_code == 404
    assert "name-servers/" not in page_of(browser, at(domain))


def test_the_authinfo_is_fetched_shown_for_a_while_and_erased(browser, domain, owner, mailbox):
    assert "Show the AuthInfo" in page_of(browser, at(domain, "authinfo/"))
    page = words(browser.post(at(domain, "authinfo/ask/"), follow=True))
    assert "The registrar is being asked." in page
    do_jobs()
    code = RegistryName.objects.get().authinfo
    assert code in page_of(browser, at(domain, "authinfo/"))
    assert code not in str(list(Domain.objects.values()) + list(ProvisioningJob.objects.values()))
    assert actions() == ["authinfo_asked"] and code not in str(list(Event.objects.values()))
    [mail] = mailbox("anna@example.com")
    assert "Anna Owner asked for the AuthInfo of garden.example" in mail.body and code not in mail.body
    with time_machine.travel(timezone.now() + domains.RELEASED_FOR + timedelta(seconds=1)):
        assert domains.shown_authinfo(Service.objects.get(pk=domain.pk), ProvisioningJob.objects.get(), owner) is None
        jobs.forget_released_authinfo.call()
    assert Domain.objects.get().released == ""


def test_asking_twice_asks_and_tells_once(browser, domain, mailbox):
    browser.post(at(domain, "authinfo/ask/"))
    browser.post(at(domain, "authinfo/ask/"))
    do_jobs()
    browser.post(at(domain, "authinfo/ask/"))
    assert ProvisioningJob.objects.count() == 1 and len(mailbox("anna@example.com")) == 1


def test_another_person_has_to_ask_for_themselves(browser, client_of, administrative, domain, mailbox):
    browser.post(at(domain, "authinfo/ask/"))
    do_jobs()
    other = client_of(administrative)
    assert RegistryName.objects.get().authinfo not in page_of(other, at(domain, "authinfo/"))
    other.post(at(domain, "authinfo/ask/"))
    do_jobs()
    assert RegistryName.objects.get().authinfo in page_of(other, at(domain, "authinfo/"))
    assert RegistryName.objects.get().authinfo not in page_of(browser, at(domain, "authinfo/"))
    assert "Adam Administrative asked for" in mailbox("anna@example.com")[-1].body


def test_without_a_fresh_password_there_is_neither_page_nor_code(browser, domain):
    session = browser.session
    session["confirmed"] = 0
    session.save()
    for answer in (browser.get(at(domain, "authinfo/")), browser.post(at(domain, "authinfo/ask/"))):
        assert answer.status_code == 302 and answer["Location"].startswith("/password-again/")
    assert not ProvisioningJob.objects.exists()


def test_the_authinfo_is_not_asked_for_without_end(browser, domain, monkeypatch):
    monkeypatch.setattr(limits, "AUTHINFO_ASKED", limits.AUTHINFO_ASKED.__class__("authinfo-asked", 1, 60))
    browser.post(at(domain, "authinfo/ask/"))
    assert "very often today" in words(browser.post(at(domain, "authinfo/ask/"), follow=True))


def test_the_page_of_the_authinfo_is_kept_nowhere(browser, domain):
    assert "no-store" in browser.get(at(domain, "authinfo/"))["Cache-Control"]


def test_a_registrar_that_gives_none_out_is_told(browser, domain, registrar):
    registrar(authinfo=DriverError("locked", permanent=True))
    browser.post(at(domain, "authinfo/ask/"))
    do_jobs()
    page = page_of(browser, at(domain, "authinfo/"))
    assert "did not give it out" in page and "Show the AuthInfo" in page and "locked" not in page


def test_a_transfer_is_told_step_by_step(browser, moving, registrar):
    registrar(create=Accepted({"order": 7}, again=timedelta(hours=1)))
    service = moving("Right-1234")
    page = page_of(browser, at(service))
    assert "We are asking the registrar for the transfer." in page
    assert not any(words in page + page_of(browser, "/domains/") for words in NOT_YET)
    do_jobs()
    assert "The transfer is under way." in page_of(browser, at(service))
    assert Domain.objects.get().authinfo
    registrar()
    assert try_again() == 1
    page = page_of(browser, at(service))
    assert all(words in page for words in NOT_YET)
    assert "under way" not in page and "Active" in page and Domain.objects.get().authinfo == ""


def test_a_refused_transfer_goes_on_with_another_authinfo(browser, moving, mailbox):
    service = moving("Wrong-1234")
    do_jobs()
    page = page_of(browser, at(service))
    assert "It waits for another AuthInfo" in page and "Support is looking into it" not in page
    assert "refused: the AuthInfo is wrong" in page and f'href="{at(service, "transfer/")}"' in page
    page = words(browser.post(at(service, "transfer/"), {"authinfo": "Right-1234"}, follow=True))
    assert "asked for once more" in page and "Right-1234" not in page
    do_jobs()
    assert Service.objects.get(pk=service.pk).status == "active" and Domain.objects.get().authinfo == ""
    assert "transfer_tried_again" in actions() and "Right-1234" not in str(list(Event.objects.values()))
    assert browser.get(at(service, "transfer/")).status_code == 404


def test_codes_of_a_name_cannot_be_tried_out(browser, moving, monkeypatch):
    monkeypatch.setattr(limits, "AUTHINFO_TYPED", limits.AUTHINFO_TYPED.__class__("authinfo-typed", 1, 60))
    service = moving("Wrong-1234")
    do_jobs()
    browser.post(at(service, "transfer/"), {"authinfo": "Wrong-5678"})
    do_jobs()
    page = words(browser.post(at(service, "transfer/"), {"authinfo": "Right-1234"}))
    assert "very often in a short time" in page and Service.objects.get(pk=service.pk).status == "pending"


def test_a_transfer_that_failed_otherwise_is_left_to_staff(browser, moving, registrar, mailbox):
    registrar(create=DriverError("the contract has ended", permanent=True))
    service = moving("Right-1234")
    do_jobs()
    page = page_of(browser, at(service))
    assert "Our staff know of it" in page and "contract" not in page and mailbox("anna@example.com") == []
    assert browser.get(at(service, "transfer/")).status_code == 404


@pytest.mark.parametrize("page", ["", "name-servers/", "authinfo/"])
def test_the_pages_cost_the_same_with_much_behind_them(browser, domain, owner, page):
    few = queries_of(browser, at(domain, page))
    for n in range(20):
        domains.set_nameservers(domain, [f"a{n}.example.net", f"b{n}.example.net"], by=owner)
    assert len(queries_of(browser, at(domain, page))) == len(few) <= 7


@pytest.mark.parametrize(("page", "typed"), [("name-servers/", {"nameservers": NAMES}), ("authinfo/ask/", {})])
def test_what_has_ended_at_the_same_moment_is_said(browser, domain, monkeypatch, page, typed):
    def too_late(service):
        raise domains.NotNow

    monkeypatch.setattr(domains, "held", too_late)
    told = words(browser.post(at(domain, page), typed, follow=True))
    assert "has changed meanwhile" in told and not ProvisioningJob.objects.exists()
