"""The standing cast: one provider, one customer with its people, a stranger, and the provider's staff."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import Contact, Customer, Membership, Outbox, Provider, Terms, TermsAcceptance, User
from accounts.sessions import SessionStore
from accounts.signin import open_session
from accounts.work.tasks import TaskRunner
from services.models import Domain, Product, Service, ServiceGrant
from tests.support.jobs import do_jobs

PASSWORD = "Test-1234!"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def provider(db):
    return Provider.objects.create(
        name="Example Hosting",
        legal_name="Example Hosting sp. z o.o.",
        tax_id="5260250274",
        street="ul. Prosta 1",
        postal_code="00-001",
        city="Warszawa",
        email="support@example.com",
        phone="+48 22 000 00 00",
    )


@pytest.fixture
def terms(db):
    return Terms.objects.create(version="1.0", text_pl="Regulamin.", text_en="Be kind.")


@pytest.fixture
def customer(provider):
    """The customer that the owner, the administrative and the standard sub-users belong to."""
    return Customer.objects.create(
        provider=provider, number=1000001, kind="company", name="Ogrody Anny", tax_id="5252344078"
    )


@pytest.fixture
def products(provider):
    """One product of each kind, by kind."""
    return {
        kind: Product.objects.create(provider=provider, code=kind, kind=kind, name_pl=f"{label} (pl)", name_en=label)
        for kind, label in [("hosting", "Hosting"), ("domain", "Domain"), ("voip", "Phone line"), ("other", "Other")]
    }


@pytest.fixture
def hosting(customer, products):
    """The service that `standard` may see."""
    return service(customer, products["hosting"], "Hosting Garden", domain="garden.example")


@pytest.fixture
def voip(customer, products):
    """A service of the same customer that was granted to nobody."""
    return service(customer, products["voip"], "Office phone")


@pytest.fixture
def domain(customer, products):
    """A domain name of the same customer that was granted to nobody."""
    domain = service(customer, products["domain"], "garden.example", domain="garden.example")
    Domain.objects.create(service=domain, origin=Domain.Origin.REGISTERED)
    return domain


@pytest.fixture
def contact(customer):
    return Contact.objects.create(
        customer=customer, kind="technical", name="Tomasz Techniczny", email="tech@garden.example"
    )


@pytest.fixture
def owner(customer, terms):
    return member(customer, "anna", "Anna Owner", "owner")


@pytest.fixture
def administrative(customer):
    return member(customer, "adam", "Adam Administrative", "administrative")


@pytest.fixture
def standard(customer, hosting):
    """A standard sub-user with one service and the permission for tickets."""
    person = member(customer, "stefan", "Stefan Standard", "standard", ["tickets"])
    ServiceGrant.objects.create(membership=person.membership, service=hosting)
    return person


@pytest.fixture
def standard_without(customer):
    """A standard sub-user to whom nothing was given."""
    return member(customer, "beata", "Beata Bare", "standard")


@pytest.fixture
def stranger(provider, products, terms):
    """The owner of another customer; `stranger.service` is theirs."""
    other = Customer.objects.create(provider=provider, number=2000002, name="Obcy sp. z o.o.")
    person = member(other, "olga", "Olga Other", "owner")
    person.service = service(other, products["hosting"], "Hosting Elsewhere", domain="elsewhere.example")
    return person


@pytest.fixture
def support(provider):
    return user("sylwia", "Sylwia Support", is_support=True)


@pytest.fixture
def administrator(provider):
    return user("aleks", "Aleks Administrator", is_staff=True, is_superuser=True)


@pytest.fixture
def anonymous(provider):
    """A browser in which nobody is signed in."""
    return Client(headers=ENGLISH)


@pytest.fixture
def client_of(db):
    """`client_of(person)` is a browser in which this person is signed in."""
    return signed_in


@pytest.fixture
def deliver(db):
    """`deliver()` lets the worker send what waits and returns all mails sent so far."""

    def deliver():
        from accounts.outbox import send_waiting

        send_waiting()
        return mail.outbox

    return deliver


@pytest.fixture
def run_tasks(db):
    """`run_tasks()` lets the worker run every task that is ready, and do every job of a driver."""

    def run():
        runner = TaskRunner("test-worker")
        while runner.run_one() or do_jobs():
            pass

    return run


@pytest.fixture
def mailbox(deliver):
    """`mailbox(address)` sends what waits and returns the mails to that address, oldest first."""
    return lambda address: [message for message in deliver() if address in message.to]


@pytest.fixture
def undo(db):
    """`with undo():` takes back every row written inside. A savepoint, because limits want no transaction around."""

    @contextmanager
    def undo():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)

    return undo


def user(login, name="", **fields):
    """An active person with PASSWORD."""
    person = User(
        login=login, name=name, email=f"{login}@example.com", language="en", activated_at=timezone.now(), **fields
    )
    person.set_password(PASSWORD)
    person.save()
    return person


def member(customer, login, name, role, permissions=()):
    """An active person acting for a customer; `.membership` says how."""
    person = user(login, name)
    person.membership = Membership.objects.create(
        user=person, customer=customer, role=role, permissions=list(permissions)
    )
    if role == "owner" and (terms := Terms.in_force()):
        TermsAcceptance.objects.create(user=person, terms=terms)
    return person


def service(customer, product, name, **fields):
    """A running service, paid for another year."""
    defaults = {"status": Service.Status.ACTIVE, "ends_on": timezone.localdate() + timedelta(days=365)}
    return Service.objects.create(customer=customer, product=product, name=name, **(defaults | fields))


def signed_in(person):
    """A browser in which this person came through the panel's own door, after both steps; staff with their app.

    The mail that tells of the sign-in is taken away: it would stand in the way of every test about mails.
    """
    request = RequestFactory().post("/", REMOTE_ADDR="127.0.0.1")
    request.session = SessionStore()
    open_session(request, person, way=User.Way.APP if person.has_staff_rights else User.Way.MAIL)
    request.session.save()
    Outbox.objects.filter(letter="signed_in", user=person, state=Outbox.State.WAITING).delete()
    client = Client(headers=ENGLISH)
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client
