"""Use that the balance is too small for: told once, switched off beyond a limit, on again when it is paid."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import cases, charging, owing, wallet
from billing.models import Case
from services import provisioning, usage
from services.models import Service
from tests.billing.shop import page_of
from tests.billing.usage import call, put
from tests.support.jobs import do_jobs

D = Decimal
LIMIT = 50


@pytest.fixture(autouse=True)
def limit(settings):
    settings.USAGE_DEBT_LIMIT = LIMIT


@pytest.fixture
def use(company, voip, owner):
    """`use(net)` is a call for so much, reported and charged as far as the balance reaches."""
    made = iter(range(100))

    def use(net="10.00", service=voip):
        usage.report(service, [call(f"c{next(made)}", net)])
        charging.charge.call(company.pk)

    return use


def pay(company, amount, reference="paid"):
    put(company, amount, reference)
    charging.charge.call(company.pk)
    do_jobs()


def status(service):
    do_jobs()
    service.refresh_from_db()
    return service.status


def subjects(mailbox):
    return [mail.subject for mail in mailbox("anna@example.com")]


def test_what_waits_is_told_once_to_the_customer_and_to_staff(company, voip, use, mailbox):
    for _time in range(3):
        use()
    assert subjects(mailbox) == ["Your balance is too small for what was used: PLN 36.90 are missing"]
    case = Case.objects.get()
    assert (case.reason, case.times, case.customer) == ("use_not_paid", 1, company)
    assert case.details == {"amount": "36.90", "service": "Office phone"}
    assert status(voip) == "active"


def test_a_balance_that_is_enough_is_no_trouble(company, use, mailbox):
    put(company, "100.00")
    use()
    assert subjects(mailbox) == [] and not Case.objects.exists()


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_letter_names_the_sum_the_limit_and_where_to_pay(use, owner, mailbox, language):
    type(owner).objects.filter(pk=owner.pk).update(language=language)
    use()
    [mail] = mailbox("anna@example.com")
    sums = {"en": ["PLN\N{NO-BREAK SPACE}12.30", "PLN\N{NO-BREAK SPACE}50.00"], "pl": ["12,30", "50,00"]}[language]
    assert all(words in mail.body for words in [*sums, "/wallet/"])
    assert ("could not be paid" in mail.body) == (language == "en")


def test_a_letter_that_is_not_true_any_more_is_not_sent(company, use, mailbox):
    use()
    pay(company, "20.00")
    assert subjects(mailbox) == [] and Case.objects.get().closed_at


def test_beyond_the_limit_the_service_is_off_until_all_is_paid(client_of, owner, company, voip, hosting, use, mailbox):
    use("40.65")
    assert status(voip) == "active", "50.00 is not more than the limit"
    use("0.01")
    assert (status(voip), status(hosting)) == ("suspended", "active")
    told = mailbox("anna@example.com")[-1]
    assert "Services are switched off" in told.subject and "- Office phone" in told.body
    page = page_of(client_of(owner), f"/services/{voip.pk}/")
    assert "Top up the balance, and it runs again." in page
    pay(company, "49.99")
    assert status(voip) == "suspended", "a grosz is missing"
    pay(company, "0.02", "rest")
    assert status(voip) == "active" and voip.held_at is None
    assert Case.objects.get().closed_at and wallet.of(company).balance == 0


def test_while_it_is_off_nobody_is_told_again(voip, use, mailbox):
    for _time in range(4):
        use("50.00")
    assert len(subjects(mailbox)) == 1 and voip.jobs.count() == 1


def test_what_staff_switch_on_again_stays_on(company, administrator, voip, use):
    use("50.00")
    status(voip)
    provisioning.release(voip, by=administrator)
    use("50.00")
    assert status(voip) == "active"


def test_what_staff_have_switched_off_stays_off_when_it_is_paid(company, administrator, voip, use):
    provisioning.hold(voip, by=administrator)
    use("50.00")
    pay(company, "100.00")
    assert status(voip) == "suspended" and not owing.is_held(voip)


def test_what_staff_switched_off_after_letting_it_run_stays_off(company, administrator, voip, use):
    use("50.00")
    provisioning.release(voip, by=administrator)
    provisioning.hold(voip, by=administrator)
    pay(company, "100.00")
    assert status(voip) == "suspended"


def test_a_service_whose_paid_time_is_over_meanwhile_waits_for_that(company, voip, use):
    use("50.00")
    status(voip)
    Service.objects.filter(pk=voip.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    pay(company, "100.00")
    assert status(voip) == "suspended" and voip.held_at is None


def test_a_case_that_staff_closed_is_opened_anew_and_what_is_off_runs_again_when_paid(
    company, administrator, voip, use
):
    use("50.00")
    cases.close(Case.objects.get(), resolution="They pay tomorrow", by=administrator)
    use("1.00")
    assert Case.objects.filter(closed_at=None).count() == 1
    pay(company, "100.00")
    assert status(voip) == "active"


@pytest.mark.parametrize(("limit", "expected"), [(-1, "active"), (0, "suspended")])
def test_the_limit_is_the_companys_to_set(settings, company, voip, use, mailbox, limit, expected):
    settings.USAGE_DEBT_LIMIT = limit
    use("500.00" if limit else "0.01")
    assert status(voip) == expected
    [mail] = mailbox("anna@example.com")
    assert ("switch the services off" in mail.body) is False


def test_the_next_time_it_is_told_again(company, voip, use, mailbox):
    for number in range(2):
        use("50.00")
        assert len(subjects(mailbox)) == number + 1
        pay(company, "61.50", f"paid {number}")
        assert status(voip) == "active"
    assert Case.objects.count() == 2
