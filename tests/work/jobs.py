"""What the clock clears away, and what it must not touch."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import jobs
from accounts.models import (
    BackgroundTask,
    Customer,
    LimitCounter,
    Link,
    Membership,
    OneTimeCode,
    Outbox,
    TaskFailure,
    TermsAcceptance,
    TrustedBrowser,
    User,
    UserSession,
    WorkerHeartbeat,
)
from accounts.registration import register
from accounts.unconfirmed import forget_unconfirmed
from services.models import Service
from tests.support.workshop import tasks

DAY = timedelta(days=1)


def days_ago(days):
    return timezone.now() - days * DAY


@pytest.fixture
def registered(provider, terms):
    """`registered(days)` registered so long ago and never opened the link."""

    def registered(days=8, login="nora"):
        user = register(login=login, email=f"{login}@example.com", password="Test-1234!", language="en", terms=terms)
        User.objects.filter(pk=user.pk).update(created_at=days_ago(days))
        Link.objects.filter(user=user).update(expires_at=days_ago(days - 2))
        return user

    return registered


def test_finished_tasks_go_after_a_week_and_failed_ones_much_later(db):
    ids = {}
    for status, days in [("SUCCESSFUL", 8), ("SUCCESSFUL", 6), ("FAILED", 8), ("FAILED", 91), ("READY", 91)]:
        ids[status, days] = tasks.arrive.enqueue().id
        BackgroundTask.objects.filter(pk=ids[status, days]).update(status=status, finished_at=days_ago(days))
    jobs.clear_traces_of_work.call()
    left = {str(pk) for pk in BackgroundTask.objects.values_list("pk", flat=True)}
    assert left == {ids["SUCCESSFUL", 6], ids["FAILED", 8], ids["READY", 91]}


def test_traces_of_workers_go(db):
    for days in (0, 2):
        WorkerHeartbeat.objects.create(worker_id=f"worker-{days}", seen_at=days_ago(days))
    for days in (1, 91):
        TaskFailure.objects.create(task_id="0" * 32, task_path="t", at=days_ago(days), worker_id="w", error=str(days))
    jobs.clear_traces_of_work.call()
    assert WorkerHeartbeat.objects.get().worker_id == "worker-0"
    assert TaskFailure.objects.get().error == "1"


def test_counters_go_after_two_days(db):
    for days in (1, 3):
        LimitCounter.objects.create(name="n", key=str(days), count=1, started_at=time.time() - days * 86400)
    jobs.clear_counters.call()
    assert LimitCounter.objects.get().key == "1"


def test_settled_messages_go_after_ninety_days_and_failed_ones_stay(write):
    for state, days in [("sent", 91), ("sent", 89), ("dropped", 91), ("failed", 91), ("waiting", 91)]:
        (row,) = write()
        Outbox.objects.filter(pk=row.pk).update(state=state, created_at=days_ago(days))
    jobs.clear_messages.call()
    assert sorted(Outbox.objects.values_list("state", flat=True)) == ["failed", "sent", "waiting"]


def test_dead_links_and_codes_go_after_thirty_days(owner):
    for days in (29, 31):
        Link.objects.create(user=owner, purpose="password", expires_at=days_ago(days))
        OneTimeCode.objects.create(user=owner, purpose="sign-in", channel="mail", expires_at=days_ago(days))
    jobs.clear_links_and_codes.call()
    assert Link.objects.get().expires_at > days_ago(30)
    assert OneTimeCode.objects.get().expires_at > days_ago(30)


def test_expired_sessions_go(client, db):
    for days in (-1, 1):
        UserSession.objects.create(session_key=f"key{days}", session_data="", expire_date=days_ago(days))
    jobs.clear_sessions.call()
    assert UserSession.objects.get().session_key == "key-1"


def test_browsers_trusted_too_long_go(owner):
    for days in (-1, 1):
        TrustedBrowser.objects.create(user=owner, expires_at=days_ago(days))
    jobs.clear_sessions.call()
    assert TrustedBrowser.objects.get().expires_at > timezone.now()


def test_a_registration_nobody_confirmed_is_forgotten_with_its_customer(registered):
    registered()
    jobs.clear_registrations.call()
    assert not User.objects.exists()
    assert not Customer.objects.exists()
    assert not TermsAcceptance.objects.exists()


def test_a_registration_that_may_still_be_confirmed_is_kept(registered):
    registered(days=6)
    again = registered(login="sent-again")
    Link.issue(again, Link.Purpose.REGISTRATION)
    assert forget_unconfirmed() == 0
    assert User.objects.count() == 2


def test_a_confirmed_person_is_kept(registered):
    user = registered()
    User.objects.filter(pk=user.pk).update(activated_at=days_ago(7))
    assert forget_unconfirmed() == 0


def test_a_sub_user_who_was_never_activated_is_kept(owner, customer):
    newcomer = User.objects.create(login="nowy", email="nowy@example.com")
    User.objects.filter(pk=newcomer.pk).update(created_at=days_ago(400))
    Membership.objects.create(user=newcomer, customer=customer, role="standard")
    assert forget_unconfirmed() == 0


def test_a_customer_with_a_service_or_a_second_person_is_kept(registered, products, owner):
    with_service, with_company = registered(login="has-service"), registered(login="has-company")
    Service.objects.create(
        customer=with_service.memberships.get().customer, product=products["hosting"], name="Hosting"
    )
    Membership.objects.create(user=owner, customer=with_company.memberships.get().customer, role="standard")
    assert forget_unconfirmed() == 0
    assert User.objects.filter(login__startswith="has-").count() == 2


def test_a_person_on_whom_something_of_another_app_hangs_is_kept(registered, customer, hosting):
    from services.models import ServiceGrant

    user = registered()
    ServiceGrant.objects.create(membership=user.memberships.get(), service=hosting)
    assert forget_unconfirmed() == 0
    assert ServiceGrant.objects.exists()
