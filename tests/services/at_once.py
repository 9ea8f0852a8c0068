"""The same thing asked for by several at the same moment, and lists of many services, on PostgreSQL."""

import pytest
from django.db import connection

from accounts.models import Event
from accounts.pages import write
from billing.models import Case
from services import credentials, ending, provisioning, withdrawing
from services.models import Credential, ProvisioningJob, Service, Withdrawal
from services.shown import for_page
from tests.crowd import many_services, queries_of
from tests.services.bought import as_consumer, buy
from tests.together import meeting

pytestmark = pytest.mark.usefixtures("postgresql")
TIMES = 8


@pytest.fixture
def bought(customer, hosting, owner):
    as_consumer(customer)
    hosting.customer = customer
    buy(hosting, by=owner)
    return for_page(Service.objects.filter(pk=hosting.pk)).get()


def test_one_withdrawal_however_often_it_is_sent(together, bought, owner):
    said = {"name": "Anna", "email": "anna@home.example", "contract": "Hosting"}
    rows = together(TIMES, lambda number: withdrawing.withdraw(bought, by=owner, **said).pk)
    assert set(rows) == {Withdrawal.objects.get().pk}
    assert ProvisioningJob.objects.count() == Case.objects.count() == 1


def test_one_end_however_many_ask_for_it(together, hosting, owner):
    assert together(TIMES, lambda number: ending.terminate(hosting, by=owner)) == [None] * TIMES
    assert ProvisioningJob.objects.get().act == "terminate"
    assert Event.objects.filter(action="service_terminated").count() == 1


@pytest.fixture
def unlocked(monkeypatch):
    """`unlocked(module, name)`: no service is locked, and two have looked by `name` before either acts."""

    def unlocked(module, name):
        both_looked, look = meeting(), getattr(module, name)

        def looked(service):
            answer = look(service)
            both_looked()
            return answer

        services = Service.objects.select_related("customer", "product")
        for place in (module, provisioning):
            if hasattr(place, "locked_service"):
                monkeypatch.setattr(place, "locked_service", lambda pk: services.get(pk=pk))
        monkeypatch.setattr(module, name, looked)

    return unlocked


def test_without_the_lock_two_would_be_told_of_one_end(together, hosting, owner, unlocked):
    """The negative control."""
    unlocked(ending, "is_being_ended")
    together(2, lambda number: ending.terminate(hosting, by=owner))
    assert Event.objects.filter(action="service_terminated").count() == 2


def test_without_the_lock_the_database_refuses_a_second_withdrawal(together, bought, owner, unlocked):
    """The negative control."""
    said = {"name": "Anna", "email": "anna@home.example", "contract": "Hosting"}
    unlocked(withdrawing, "is_open")
    rows = together(2, lambda number: withdrawing.withdraw(bought, by=owner, **said))
    assert sorted(type(row).__name__ for row in rows) == ["IntegrityError", "Withdrawal"]


def test_withdrawing_and_ending_at_once_end_it_once(together, bought, owner):
    said = {"name": "Anna", "email": "anna@home.example", "contract": "Hosting"}

    def act(number):
        if number % 2:
            return withdrawing.withdraw(bought, by=owner, **said) and None
        return ending.terminate(bought, by=owner)

    assert together(TIMES, act) == [None] * TIMES
    assert ProvisioningJob.objects.get().act == "terminate" and Withdrawal.objects.count() == 1


def test_the_last_of_many_passwords_is_the_one_that_is_set(together, hosting, owner):
    account = Credential.objects.create(service=hosting, login="garden")
    together(TIMES, lambda number: credentials.change(account, f"Secret-Number-{number}", by=owner))
    account.refresh_from_db()
    assert account.changes == ProvisioningJob.objects.count() == TIMES
    assert account.next_password.startswith("Secret-Number-")


def rows_read(sql):
    """How many rows of tables the database looks at for a query."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        return rows_of(cursor.fetchone()[0][0]["Plan"])


def rows_of(plan):
    own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) if "Relation Name" in plan else 0
    return own * plan["Actual Loops"] + sum(map(rows_of, plan.get("Plans", ())))


def test_first_and_last_page_of_twenty_thousand_read_hardly_more_than_they_show(client_of, owner, customer, products):
    many_services(customer, products["hosting"], 20_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE services_service")  # as the database does by itself, some time later
    browser, row = client_of(owner), Service.objects.get(name="hosting 19970")
    addresses = "/services/", f"/services/?after={write(row, 'name')}"
    assert all(sum(map(rows_read, queries_of(browser, address))) < 100 for address in addresses)
