"""Who does what with which service: everybody, every act, as the table in who_may.txt says."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts import blocking, keys, subusers
from accounts.holdings import find
from accounts.models import AuthorizationCode, Customer, Membership, SupportSession
from accounts.permissions import choices
from services import domains, provisioning, renewing
from services.drivers import Done
from services.models import Credential, DnsRecord, Domain, Product, Service, ServiceGrant, Withdrawal
from services.models.service import ServiceQuerySet
from tests.billing.shop import words
from tests.cast import ENGLISH, PASSWORD, member, signed_in, user
from tests.services.bought import as_consumer, buy

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_suffix(".txt")
ALL = [value for value, _label in choices()]


def table(text):
    """(people, {act: {person: letters}}) of the table."""
    lines = [line for line in text.splitlines() if line.strip()]
    [heading] = [line for line in lines if line.startswith("# act ")]
    people = heading.split()[2:]
    acts = {}
    for line in lines:
        if not line.startswith("#"):
            name, *cells = line.split()
            acts[name] = dict(zip(people, cells, strict=True))
    return people, acts


PEOPLE, SAID = table(TABLE.read_text("utf-8"))


@pytest.fixture
def everybody(customer, stranger, hosting, owner, administrative, support, administrator):
    """{person in the table: the person}; the last has no row."""

    def more(login, role, permissions=(), *, served=False):
        person = member(customer, login, login.title(), role, permissions)
        if served:
            ServiceGrant.objects.create(membership=person.membership, service=hosting)
        return person

    both = more("basia", "administrative")
    both.elsewhere = Membership.objects.create(user=both, customer=stranger.membership.customer, role="administrative")
    people = [
        *[owner, administrative],
        more("stefan", "standard", ALL, served=True),
        more("nora", "standard", served=True),
        more("seweryn", "standard", ALL),
        more("blazej", "administrative"),
        more("leon", "administrative"),
        *[stranger, both, both, support],
        user("szymon", "Szymon Support", is_support=True),
        *[administrator, None],
    ]
    return dict(zip(PEOPLE, people, strict=True))


@pytest.fixture
def services(everybody, customer, stranger, hosting, voip):
    """{letter in the table: service}: all bought by consumers today, each with an account."""
    found = {"g": hosting, "o": voip, "f": stranger.service}
    for buyer, letters in ((everybody["owner"], "go"), (stranger, "f")):
        as_consumer(buyer.membership.customer)
        for letter in letters:
            service = found[letter]
            service.customer = buyer.membership.customer
            buy(service, by=buyer)
            account = Credential(service=service, login=f"login-{letter}")
            account.password = f"Secret-{letter}"
            account.save()
    return found


@pytest.fixture
def browsers(everybody, services):
    """{person: browser}; blocking and the call come once everybody is signed in."""
    found = {name: signed_in(person) if person else Client(headers=ENGLISH) for name, person in everybody.items()}
    found["both-there"].post("/switch/", {"membership": everybody["both-there"].elsewhere.pk})
    owner = everybody["owner"]
    blocking.block_user(everybody["blocked"], by=None)
    subusers.block(everybody["left"].membership, by=owner, editor=owner.membership)
    code = AuthorizationCode.objects.create(
        membership=owner.membership,
        customer=Customer.objects.get(pk=owner.membership.customer_id),
        code_mac="0",
        expires_at=timezone.now() + timedelta(hours=1),
    )
    SupportSession.objects.create(
        staff=everybody["session"], customer=code.customer, membership=owner.membership, code=code
    )
    return found


# --- The acts: each takes a browser, a person and a service and answers whether it was done.


def at(service, page=""):
    return f"/services/{service.pk}/{page}"


def the_list(browser, person, service):
    return f'href="{at(service)}"' in words(browser.get("/services/"))


def page(browser, person, service):
    return service.name in words(browser.get(at(service)))


def label(browser, person, service):
    browser.post(at(service, "label/"), {"label": "Mine"})
    return Service.objects.get(pk=service.pk).label == "Mine"


def account_page(service):
    return at(service, f"accounts/{service.credentials.get().pk}/")


def password(browser, person, service):
    return "Secret-" in words(browser.get(account_page(service)))


def new_password(browser, person, service):
    browser.post(account_page(service) + "change/", {"password": ""})
    return service.jobs.filter(act="password").exists()


def auto_renew(browser, person, service):
    browser.post(at(service, "automatic-renewal/"), {"on": "yes"})
    return Service.objects.get(pk=service.pk).auto_renew


def cancel(browser, person, service):
    browser.post(at(service, "cancel/"), {"confirmed": "yes"})
    return Service.objects.get(pk=service.pk).cancelled_at is not None


def terminate(browser, person, service):
    browser.post(at(service, "terminate/"), {"current_password": PASSWORD})
    return service.jobs.filter(act="terminate").exists()


def withdraw(browser, person, service):
    browser.post(at(service, "withdraw/"), {"name": "Anna", "email": "a@home.example", "current_password": PASSWORD})
    return Withdrawal.objects.filter(service=service).exists()


def invoices(browser, person, service):
    return "Invoices of" in words(browser.get(f"/invoices/service/{service.pk}/"))


def messages(browser, person, service):
    return "Messages about" in words(browser.get(f"/messages/service/{service.pk}/"))


def export(browser, person, service):
    """What the file with their own data would hold, for whom they act now."""
    answer = browser.get("/data/") if person else None
    membership = getattr(answer.wsgi_request, "membership", None) if answer else None
    if membership is None:
        return False
    [holding] = [found for found in find() if found.model is Service]
    return holding.rows(membership).filter(pk=service.pk).exists()


def call_address(service):
    return f"/desk/caller/{SupportSession.objects.get().pk}/services/{service.pk}/"


def call(browser, person, service):
    return f"login-{'g' if service.domain else 'o'}" in words(browser.get(call_address(service)))


def call_password(browser, person, service):
    return "Secret-" in words(browser.get(call_address(service)))


# --- The same services as domain names that are kept here.


def as_domain(service):
    """Has the service be a running domain name with an address and an AuthInfo that its person has asked for."""
    kind = Product.objects.create(
        provider=service.product.provider, code="name", kind="domain", driver="null", zones="null"
    )
    name = f"name-{service.pk}.example"
    Service.objects.filter(pk=service.pk).update(product=kind, domain=name, status="active")
    Domain.objects.create(service=service, origin="registered")
    DnsRecord.objects.create(service=service, name="secret", type="A", content="192.0.2.7")
    return service


def records(browser, person, service):
    return "192.0.2.7" in words(browser.get(at(as_domain(service), "records/")))


def record_added(browser, person, service):
    browser.post(at(as_domain(service), "records/add/?type=A"), {"name": "x", "content": "192.0.2.8", "ttl": 60})
    return service.records.count() == 2


def record_changed(browser, person, service):
    record = as_domain(service).records.get()
    browser.post(at(service, f"records/{record.pk}/"), {"name": "x", "content": "192.0.2.8", "ttl": 60})
    return service.records.get().content == "192.0.2.8"


def record_deleted(browser, person, service):
    record = as_domain(service).records.get()
    browser.post(at(service, f"records/{record.pk}/delete/"), {"confirmed": "yes"})
    return not service.records.exists()


def name_servers(browser, person, service):
    browser.post(at(as_domain(service), "name-servers/"), {"nameservers": "ns1.evil.example\nns2.evil.example"})
    return service.jobs.filter(act="nameservers").exists()


def authinfo(browser, person, service):
    """Asks for it and reads it, once the registrar has given it."""
    browser.post(at(as_domain(service), "authinfo/ask/"))
    job = service.jobs.filter(act="authinfo").first()
    if job:
        provisioning.finish(job, Done(authinfo="Away-1234"))
    return "Away-1234" in words(browser.get(at(service, "authinfo/")))


def authinfo_of_another(browser, person, service):
    """Reads what somebody else has asked for."""
    job = provisioning.ask(as_domain(service), "authinfo", reference="another", by=user("zofia"))
    provisioning.finish(job, Done(authinfo="Away-1234"))
    return "Away-1234" in words(browser.get(at(service, "authinfo/")))


def transfer(browser, person, service):
    """Types another AuthInfo for a transfer that was refused."""
    Domain.objects.filter(service=as_domain(service)).update(origin="transferred")
    Service.objects.filter(pk=service.pk).update(status="pending")
    provisioning.fail(provisioning.ask(service, "create", reference="c", by=None), "wrong", permanent=True)
    browser.post(at(service, "transfer/"), {"authinfo": "Typed-1234"})
    return bool(Domain.objects.get(service=service).authinfo)


ACTS = {
    "list": the_list,
    "page": page,
    "label": label,
    "password": password,
    "new-password": new_password,
    "auto-renew": auto_renew,
    "cancel": cancel,
    "terminate": terminate,
    "withdraw": withdraw,
    "invoices": invoices,
    "messages": messages,
    "export": export,
    "call": call,
    "call-password": call_password,
    "records": records,
    "record-added": record_added,
    "record-changed": record_changed,
    "record-deleted": record_deleted,
    "name-servers": name_servers,
    "authinfo": authinfo,
    "others-authinfo": authinfo_of_another,
    "transfer": transfer,
}


@pytest.fixture
def different(browsers, everybody, services, undo):
    """`different(act, people)` is {person: (what the table says, what they do)} where these differ."""

    def done(act, name):
        letters = ""
        for letter, service in services.items():
            with undo():
                letters += letter * bool(ACTS[act](browsers[name], everybody[name], service))
        return letters or "-"

    def different(act, people=PEOPLE):
        got = {name: done(act, name) for name in people}
        return {name: (SAID[act][name], got[name]) for name in people if SAID[act][name] != got[name]}

    return different


def test_every_act_has_its_line():
    assert ACTS.keys() == SAID.keys()


@pytest.mark.slow
def test_everybody_does_what_the_table_says(different):
    assert {act: wrong for act in SAID if (wrong := different(act))} == {}


# --- Negative controls: without the guard the table is not true.


def test_a_standard_user_who_saw_everything_would_be_noticed(different, monkeypatch):
    monkeypatch.setattr(
        ServiceQuerySet, "visible_to", lambda self, membership: self.filter(customer_id=membership.customer_id)
    )
    unnoticed = [act for act in ("list", "page", "label", "password", "export") if not different(act, ["standard"])]
    assert unnoticed == []


def test_services_of_everybody_would_be_noticed(different, monkeypatch):
    monkeypatch.setattr(ServiceQuerySet, "visible_to", lambda self, membership: self.all())
    acts = ("page", "label", "password", "new-password", "cancel", "terminate", "withdraw", "invoices", "messages")
    assert [act for act in acts if not different(act, ["owner"])] == []
    acts = ("records", "record-added", "record-changed", "record-deleted", "name-servers", "authinfo", "transfer")
    assert [act for act in acts if not different(act, ["foreign"])] == []


def test_standard_users_who_were_given_authinfo_would_be_noticed(different, monkeypatch):
    monkeypatch.setattr(domains.may_release, "__code__", (lambda membership: True).__code__)
    assert different("authinfo", ["standard"]) == {"standard": ("-", "g")}


def test_an_authinfo_for_everybody_of_the_customer_would_be_noticed(different, monkeypatch):
    monkeypatch.setattr(
        domains, "shown_authinfo", lambda service, job, person: keys.decrypt(service.registration.released)
    )
    assert different("others-authinfo", ["owner"])


def test_standard_users_who_decided_would_be_noticed(different, monkeypatch):
    monkeypatch.setattr(renewing.may_decide, "__code__", (lambda membership: True).__code__)
    acts = ("auto-renew", "cancel", "terminate", "withdraw")
    assert [act for act in acts if not different(act, ["standard"])] == []
