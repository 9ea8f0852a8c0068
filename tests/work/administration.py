"""What administrators see of tasks that went wrong, and how they give one another attempt."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import Event, TaskFailure, WorkerHeartbeat
from accounts.work import heartbeat
from tests.cast import user
from tests.support.workshop import tasks

QUEUE = reverse("admin:accounts_backgroundtask_changelist")


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


def try_again(browser, result):
    return browser.post(QUEUE, {"action": "try_again", "_selected_action": [result.id]}, follow=True)


def test_a_failed_task_shows_its_error_and_gets_one_more_attempt(admin, administrator, runner):
    result = tasks.sink.enqueue()
    runner.run_one()
    page = admin.get(QUEUE, {"status": "FAILED"}).content.decode()
    assert "ValueError: no bottom" in page and "Failed for good" in page
    assert "1 was put back into the queue." in try_again(admin, result).content.decode()
    event = Event.objects.get(action="task_tried_again")
    assert (event.by_id, event.details["task"]) == (administrator.pk, "tests.support.workshop.tasks.sink")
    assert runner.row(result).status == "READY"
    assert runner.run_one()
    assert runner.row(result).status == "FAILED"
    assert TaskFailure.objects.count() == 2


def test_a_task_that_went_well_is_not_run_again(admin, runner):
    result = tasks.arrive.enqueue()
    runner.run_one()
    assert "0 were put back into the queue." in try_again(admin, result).content.decode()
    assert runner.row(result).status == "SUCCESSFUL"


def test_who_may_only_look_tries_nothing_again(client_of, runner):

    looker = user("looker", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename="view_backgroundtask"))
    result = tasks.sink.enqueue()
    runner.run_one()
    try_again(client_of(looker), result)
    assert runner.row(result).status == "FAILED"


def test_a_silent_worker_is_shown_as_dead(admin):
    heartbeat.beat("worker-1")
    page = reverse("admin:accounts_workerheartbeat_changelist")
    assert 'alt="True"' in admin.get(page).content.decode()
    WorkerHeartbeat.objects.update(seen_at="2026-01-01T00:00Z")
    assert 'alt="False"' in admin.get(page).content.decode()


def test_what_failed_before_is_found_by_the_tasks_number(admin, runner):
    result = tasks.sink.enqueue()
    runner.run_one()
    failures = reverse("admin:accounts_taskfailure_changelist")
    assert "no bottom" in admin.get(failures, {"q": result.id}).content.decode()
    assert "no bottom" not in admin.get(failures, {"q": "0" * 32}).content.decode()
