"""The workers that are alive, what they do by the clock, and what went wrong in their tasks."""

from traceback import format_exception

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from accounts.work.retry import policy_of


class WorkerHeartbeat(models.Model):
    """A worker and when it last said that it lives; one that leaves in peace takes its row along."""

    worker_id = models.CharField(_("worker"), max_length=64, primary_key=True)
    host = models.CharField(_("host"), max_length=120)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        ordering = ["-seen_at"]

    def __str__(self):
        return f"{self.host} {self.worker_id}"


class PeriodicJob(models.Model):
    """When a task that runs by the clock is due next, and which run of it was the last."""

    name = models.CharField(_("name"), max_length=200, primary_key=True)
    next_run_at = models.DateTimeField(_("next run"), db_index=True)
    last_run_at = models.DateTimeField(_("last run"), null=True)
    last_task = models.UUIDField(_("last task"), null=True)

    class Meta:
        verbose_name = _("periodic job")
        verbose_name_plural = _("periodic jobs")
        ordering = ["name"]

    def __str__(self):
        return self.name


class BackgroundTask(DBTaskResult):
    """A task in the queue: what becomes of it when an attempt fails or its worker dies."""

    class State(models.TextChoices):
        """The library's states in words of ours."""

        READY = "READY", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        SUCCESSFUL = "SUCCESSFUL", _("Done")
        FAILED = "FAILED", _("Failed for good")

    # A task over which so many workers died is poison: it is not run again.
    MOST_DEATHS = 3

    class Meta:
        proxy = True
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")

    def __str__(self):
        return f"{self.task_path} {timezone.localtime(self.enqueued_at):%Y-%m-%d %H:%M:%S}"

    @transaction.atomic
    def set_failed(self, exc):
        """Called by the library's worker with what the task raised: once more later, or failed for good."""
        if isinstance(exc, KeyboardInterrupt | SystemExit):
            # The worker was told to stop at once; the task has done nothing wrong.
            self.run_again(timezone.now())
            return
        failures = self.note("".join(format_exception(exc)))
        wait = policy_of(self).wait_after(exc, failures)
        if wait is None:
            super().set_failed(exc)
        else:
            self.run_again(timezone.now() + wait)

    @transaction.atomic
    def take_back(self):
        """Puts a task whose worker died back into the queue, or gives it up as poison.

        True for one caller only, whoever else noticed the death.
        """
        abandoned = DBTaskResult.objects.filter(pk=self.pk, status="RUNNING", started_at=self.started_at)
        if not abandoned.update(status="READY"):
            return False
        deaths = self.note(f"Worker {self.worker_ids[-1]} died.", worker_died=True)
        if deaths >= self.MOST_DEATHS:
            super().set_failed(WorkerDied(f"{deaths} workers died over this task"))
        else:
            self.run_again(timezone.now())
        return True

    def run_again(self, at):
        """Back into the queue, not before `at`."""
        self.status, self.run_after = "READY", at
        self.save(update_fields=["status", "run_after"])

    def note(self, error, *, worker_died=False):
        """Writes a failed attempt down; returns how many of its sort there are by now."""
        TaskFailure.objects.create(
            task_id=self.pk,
            task_path=self.task_path,
            worker_id=self.worker_ids[-1],
            worker_died=worker_died,
            error=error,
        )
        return TaskFailure.objects.filter(task_id=self.pk, worker_died=worker_died).count()


class WorkerDied(Exception):
    """Stands in the row of a task that was given up because its workers died over it."""


class TaskFailure(models.Model):
    """One failed attempt at a task: what it raised, or that its worker died over it."""

    task_id = models.UUIDField(_("task"), db_index=True)
    task_path = models.CharField(_("name"), max_length=200)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    worker_id = models.CharField(_("worker"), max_length=64)
    worker_died = models.BooleanField(_("the worker died"), default=False)
    error = models.TextField(_("error"))

    class Meta:
        verbose_name = _("failed attempt")
        verbose_name_plural = _("failed attempts")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.task_path} {timezone.localtime(self.at):%Y-%m-%d %H:%M:%S}"
