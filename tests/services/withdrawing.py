"""The 14 days of consumers: who sees the link, two steps, the confirmation by mail, the end, and the sum for staff."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from accounts.holdings import find
from accounts.limits import Limit, charge_unasked
from accounts.models import Event, Outbox
from billing import gateway_reports, money
from billing.admin.cases import returnable
from billing.models import Case, Receivable
from services import limits, provisioning, withdrawing
from services.drivers import Done, DriverError, NullDriver
from services.models import ProvisioningJob, Service, Withdrawal
from services.shown import for_page
from tests.billing.buying import form, put  # noqa: F401  a shop for new services
from tests.billing.conftest import begin, buyer, company, prices, report  # noqa: F401
from tests.billing.shop import words
from tests.cast import PASSWORD
from tests.services.bought import as_consumer, buy
from tests.support.jobs import do_jobs

LINK = "withdraw from contract here"
TYPED = {"name": "Anna Ogrodnik", "email": "anna@home.example"}
CONFIRMED = TYPED | {"current_password": PASSWORD}
WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.fixture
def consumer(customer):
    as_consumer(customer)
    return customer


@pytest.fixture
def browser(client_of, owner):
    return client_of(owner)


@pytest.fixture
def address(hosting):
    return f"/services/{hosting.pk}/withdraw/"


@pytest.fixture
def bought(consumer, owner, hosting):
    """`bought(days)` orders the hosting so many days ago."""
    hosting.customer = consumer
    return lambda days=0, **how: buy(hosting, by=owner, at=timezone.now() - timedelta(days=days), **how)


def page_of(browser, hosting):
    return words(browser.get(f"/services/{hosting.pk}/"))


def read(hosting):
    return for_page(Service.objects.filter(pk=hosting.pk)).get()


def withdraw(hosting, owner, **fields):
    return withdrawing.withdraw(read(hosting), contract="Hosting", by=owner, **(TYPED | fields))


# --- The link.


def test_the_link_is_there_in_both_languages(browser, bought, hosting, owner):
    bought()
    page = page_of(browser, hosting)
    assert f">{LINK}</a>" in page and f">{LINK.capitalize()}</a>" in page
    type(owner).objects.update(language="pl")
    assert ">odstąp od umowy tutaj</a>" in page_of(browser, hosting)


@pytest.mark.parametrize(
    ("concluded", "last"),
    [
        (datetime(2026, 11, 2, 12, 0, tzinfo=WARSAW), date(2026, 11, 16)),
        (datetime(2026, 11, 2, 23, 59, tzinfo=WARSAW), date(2026, 11, 16)),
        (datetime(2026, 11, 3, 0, 1, tzinfo=WARSAW), date(2026, 11, 17)),
        (datetime(2026, 10, 28, 12, 0, tzinfo=WARSAW), date(2026, 11, 12)),  # over 11 November
        (datetime(2026, 11, 7, 12, 0, tzinfo=WARSAW), date(2026, 11, 23)),  # a Saturday
        (datetime(2026, 3, 22, 23, 30, tzinfo=WARSAW), date(2026, 4, 7)),  # Easter Sunday and Monday
    ],
)
def test_the_days_are_those_of_warsaw_counted_from_the_next_one(concluded, last):
    assert withdrawing.last_day(concluded) == last


def test_after_the_last_day_there_is_no_link_and_no_withdrawal(browser, bought, hosting, address, owner):
    bought(25)
    assert LINK not in page_of(browser, hosting)
    for sent in (TYPED, CONFIRMED):
        assert "its 14 days are over" in words(browser.post(address, sent, follow=True))
    with pytest.raises(withdrawing.NotWithdrawable):
        withdraw(hosting, owner)
    assert not Withdrawal.objects.exists()


def test_on_the_last_day_it_is_open_and_a_minute_later_it_is_not(bought, hosting, owner):
    bought()
    last = withdrawing.until(read(hosting))
    midnight = datetime.combine(last + timedelta(days=1), time(), WARSAW)
    with time_machine.travel(midnight), pytest.raises(withdrawing.NotWithdrawable):
        withdraw(hosting, owner)
    with time_machine.travel(midnight - timedelta(seconds=1)):
        assert withdraw(hosting, owner).pk


def test_companies_have_no_such_link(browser, bought, hosting, customer, address):
    bought()
    type(customer).objects.update(kind="company")
    assert LINK not in page_of(browser, hosting)
    browser.post(address, CONFIRMED)
    assert not Withdrawal.objects.exists()


def test_what_a_company_bought_stays_a_companys(browser, hosting, customer, owner):
    """Calling oneself a private person afterwards opens nothing."""
    type(customer).objects.update(street="ul. Lipowa 1", postal_code="80-244", city="Gdańsk")
    customer.refresh_from_db()
    hosting.customer = customer
    buy(hosting, by=owner)
    as_consumer(customer)
    assert LINK not in page_of(browser, hosting)


def test_products_can_be_left_out(browser, bought, hosting, products, address):
    bought()
    type(hosting.product).objects.update(is_withdrawable=False)
    assert LINK not in page_of(browser, hosting)
    browser.post(address, CONFIRMED)
    assert not Withdrawal.objects.exists()


def test_a_product_that_is_left_out_stays_so_whatever_it_becomes(browser, bought, hosting, products, address):
    """The contract is about what was bought; becoming something else within the 14 days opens no way out of it."""
    bought()
    type(hosting.product).objects.filter(pk=hosting.product_id).update(is_withdrawable=False)
    Service.objects.filter(pk=hosting.pk).update(product=products["other"])
    assert LINK not in page_of(browser, hosting)
    browser.post(address, CONFIRMED)
    assert not Withdrawal.objects.exists()


def test_what_was_not_bought_in_the_panel_has_no_such_link(browser, consumer, hosting):
    assert LINK not in page_of(browser, hosting)


def test_who_does_not_decide_about_services_does_not_withdraw(client_of, standard, bought, hosting, address):
    bought()
    browser = client_of(standard)
    assert LINK not in page_of(browser, hosting)
    assert browser.get(address).status_code == browser.post(address, CONFIRMED).status_code == 403


# --- The two steps.


def test_two_steps_keep_the_statement_and_confirm_it_by_mail(browser, bought, hosting, address, owner, mailbox):
    bought()
    first = words(browser.get(address))
    assert "Anna Owner" in first and owner.email in first and "Hosting Garden (garden.example), ordered on" in first
    second = words(browser.post(address, TYPED))
    assert "I, Anna Ogrodnik, withdraw from the contract: Hosting Garden" in second
    assert "Confirm withdrawal" in second and not Withdrawal.objects.exists()
    page = words(browser.post(address, CONFIRMED, follow=True))
    assert "The confirmation is on its way to anna@home.example." in page
    assert "You withdrew from this contract on" in page and LINK not in page
    assert page.count("is being ended") == 1 and "ends with its paid time" not in page and "ends in" not in page
    row = Withdrawal.objects.get()
    assert (row.name, row.email, row.by) == ("Anna Ogrodnik", "anna@home.example", owner)
    at = timezone.localtime(row.received_at)
    for to in ("anna@home.example", owner.email):
        [mail] = mailbox(to)
        assert f"{at:%H:%M:%S}" in mail.body and "I, Anna Ogrodnik, withdraw from the contract" in mail.body
        assert "Hosting Garden (garden.example)" in mail.body and "Example Hosting sp. z o.o." in mail.body
    assert Event.objects.filter(action="contract_withdrawn").count() == 1
    do_jobs()
    hosting.refresh_from_db()
    assert hosting.status == "ended"


@pytest.mark.parametrize("typed", ["", "wrong"])
def test_without_the_password_nothing_happens(browser, bought, address, typed):
    bought()
    answer = words(browser.post(address, TYPED | {"current_password": typed}))
    assert "Confirm withdrawal" in answer and "I, Anna Ogrodnik" in answer
    assert not Withdrawal.objects.exists() and not ProvisioningJob.objects.exists()


def test_confirmations_to_strangers_are_few_and_the_own_address_is_always_good(
    browser, bought, hosting, address, owner, customer, monkeypatch
):
    """Its words are the sender's, and nobody has proved the address: the panel is not to mail for just anybody."""
    monkeypatch.setattr(limits, "CONFIRMED_ELSEWHERE", Limit("withdrawals-confirmed-elsewhere", 1, 3600))
    limits.CONFIRMED_ELSEWHERE.charge(customer.pk)
    bought()
    page = words(browser.post(address, CONFIRMED))
    assert "Use your own, anna@example.com" in page
    assert not Withdrawal.objects.exists() and not Outbox.objects.filter(address="anna@home.example").exists()
    browser.post(address, CONFIRMED | {"email": "Anna@Example.com"})
    assert Withdrawal.objects.get().email == "Anna@Example.com"


def test_a_name_of_nothing_that_can_be_seen_is_none(browser, bought, address):
    bought()
    browser.post(address, CONFIRMED | {"name": "\u202e\u200b"})
    assert not Withdrawal.objects.exists()


def test_one_address_gets_few_confirmations_of_whomever(browser, bought, address):
    bought()
    for _n in range(3):
        charge_unasked("withdrawal", "anna@home.example")
    assert "Use your own" in words(browser.post(address, CONFIRMED))
    assert not Withdrawal.objects.exists()


def test_the_name_of_a_statement_is_a_name_on_one_line(browser, bought, address, owner, mailbox):
    bought()
    browser.post(address, CONFIRMED | {"name": "Anna\r\n\r\nYour account is blocked.\t\u202eOpen"})
    assert Withdrawal.objects.get().name == "Anna Your account is blocked. Open"
    [mail] = mailbox("anna@home.example")
    assert "I, Anna Your account is blocked. Open, withdraw" in mail.body


def test_a_form_without_a_name_comes_back(browser, bought, address):
    bought()
    answer = words(browser.post(address, {"name": "", "email": "no address"}))
    assert "Please correct the marked fields" in answer and "no address" in answer
    forged = words(browser.post(address, {"name": "", "email": "", "current_password": PASSWORD}))
    assert "Confirm withdrawal" in forged and not Withdrawal.objects.exists()


def test_twice_is_harmless(browser, bought, hosting, address, owner, mailbox):
    bought()
    for _time in range(2):
        browser.post(address, CONFIRMED)
        withdraw(hosting, owner, name="Somebody Else")
    assert Withdrawal.objects.get().name == "Anna Ogrodnik"
    assert len(mailbox("anna@home.example")) == 1
    assert ProvisioningJob.objects.count() == Case.objects.count() == 1


def test_what_is_still_being_set_up_ends_as_soon_as_it_runs(bought, hosting, owner):
    bought()
    Service.objects.update(status="pending")
    provisioning.ask(hosting, "create", reference="create:1", by=owner, months=12)
    withdraw(hosting, owner)
    assert do_jobs() == 2
    hosting.refresh_from_db()
    assert hosting.status == "ended"


def test_what_cannot_be_set_up_ends_all_the_same(bought, hosting, owner, monkeypatch):
    def refuse(self, job):
        if job.act == "create":
            raise DriverError("no", permanent=True)
        return Done()

    monkeypatch.setattr(NullDriver, "perform", refuse)
    bought()
    Service.objects.update(status="pending")
    provisioning.ask(hosting, "create", reference="create:1", by=owner, months=12)
    withdraw(hosting, owner)
    do_jobs()
    hosting.refresh_from_db()
    assert hosting.status == "ended"
    assert list(ProvisioningJob.objects.order_by("pk").values_list("state", flat=True)) == ["dropped", "done"]
    assert [case.reason for case in Case.objects.filter(closed_at=None)] == ["withdrawal"]


# --- The money.


@pytest.mark.parametrize(
    ("days", "early", "back"), [(0, True, "365.00"), (5, True, "360.00"), (5, False, "365.00"), (10, True, "355.00")]
)
def test_staff_are_told_the_sum_to_give_back(bought, hosting, owner, days, early, back):
    invoice = bought(days, early=early)
    withdraw(hosting, owner)
    case = Case.objects.get()
    assert (case.reason, case.customer, case.document) == ("withdrawal", hosting.customer, invoice)
    assert (case.details["amount"], case.details["paid"]) == (back, "365.00")


def test_what_never_ran_is_given_back_whole(bought, hosting, owner):
    bought(5)
    Service.objects.update(status="pending")
    withdraw(hosting, owner)
    assert Case.objects.get().details["amount"] == "365.00"


def test_from_the_checkout_to_the_case(client_of, consumer, buyer, put, form, begin, report):  # noqa: F811
    """What the shop writes is what withdrawing reads; the money can go back the way it came."""
    browser = client_of(buyer)
    put(buyer)
    browser.post("/checkout/", form("123.00", early_start="on"))
    gateway_reports.apply(report(begin(buyer, Receivable.objects.get())), gateway="sandbox")
    do_jobs()
    service = Service.objects.get()
    assert LINK in page_of(browser, service)
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        withdraw(service, buyer)
    case = Case.objects.get(reason="withdrawal")
    days = (service.ends_on - service.starts_on).days + 1
    back = Decimal("123.00") - money.rounded(Decimal("123.00") * 10 / days)
    assert case.details["amount"] == str(back) and case.document.kind == "invoice"
    assert returnable(case) == back


def test_the_case_is_read_in_the_administration(client_of, administrator, bought, hosting, owner):
    bought(5)
    withdraw(hosting, owner)
    page = words(client_of(administrator).get(f"/admin/billing/case/{Case.objects.get().pk}/change/"))
    assert "A consumer withdrew from a contract" in page and "360.00" in page
    row = Withdrawal.objects.get()
    page = words(client_of(administrator).get(f"/admin/services/withdrawal/{row.pk}/change/"))
    assert "anna@home.example" in page


def test_the_statement_is_among_ones_own_data(bought, hosting, owner, standard):
    bought()
    row = withdraw(hosting, owner)
    [holding] = [found for found in find() if found.model is Withdrawal]
    assert list(holding.rows(owner.membership)) == [row]
    assert list(holding.rows(standard.membership)) == []


def test_the_contract_is_named_in_the_language_of_the_page(bought, hosting):
    bought()
    with translation.override("pl"):
        assert "Hosting Garden" in withdrawing.in_words(read(hosting))
