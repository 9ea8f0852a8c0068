"""What works behind the pages: tasks and what went wrong in them, jobs by the clock, and the workers."""

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResultAdmin  # noqa: F401  registers the page that is taken away below
from django_tasks_db.models import DBTaskResult

from accounts.admin.reading import NOTHING, KeyFilter, ReadOnlyAdmin, moment, say_tried_again
from accounts.models import BackgroundTask, PeriodicJob, TaskFailure, WorkerHeartbeat
from accounts.work import heartbeat, tasks

# The library's own page: the same rows, in English and without what failed before.
admin.site.unregister(DBTaskResult)

State = BackgroundTask.State


def last_line(error):
    """What a traceback says in the end: the exception."""
    return error.strip().splitlines()[-1] if error and error.strip() else NOTHING


class StateFilter(KeyFilter):
    """How far a task has come."""

    title, parameter_name = _("state"), "status"

    def lookups(self, request, model_admin):
        return State.choices


@admin.register(BackgroundTask)
class BackgroundTaskAdmin(ReadOnlyAdmin):
    """The queue of tasks; one that failed for good can be given one more attempt."""

    list_display = ["name", "state", "last_error", "failures", "queued", "next_try", "ended"]
    list_filter = [StateFilter]
    fields = [*list_display, "arguments", "last_traceback"]
    search_fields = ["task_path"]
    ordering = ["-enqueued_at"]
    actions = ["try_again"]

    def get_queryset(self, request):
        failures = TaskFailure.objects.filter(task_id=OuterRef("pk")).order_by("-pk")
        count = failures.order_by().values("task_id").annotate(count=Count("pk")).values("count")
        rows = super().get_queryset(request)
        return rows.annotate(failure_count=Subquery(count), error=Subquery(failures.values("error")[:1]))

    @admin.display(description=_("name"), ordering="task_path")
    def name(self, row):
        return row.task_path

    @admin.display(description=_("state"), ordering="status")
    def state(self, row):
        return State(row.status).label

    @admin.display(description=_("queued"), ordering="enqueued_at")
    def queued(self, row):
        return moment(row.enqueued_at)

    @admin.display(description=_("failed attempts"))
    def failures(self, row):
        return row.failure_count or 0

    @admin.display(description=_("last error"))
    def last_error(self, row):
        return last_line(row.error)

    @admin.display(description=_("next attempt"))
    def next_try(self, row):
        return moment(row.run_after if row.status == State.READY and row.failure_count else None)

    @admin.display(description=_("finished"), ordering="finished_at")
    def ended(self, row):
        return moment(row.finished_at)

    @admin.display(description=_("arguments"))
    def arguments(self, row):
        return row.args_kwargs

    @admin.display(description=_("error"))
    def last_traceback(self, row):
        return row.error or NOTHING

    def has_try_permission(self, request):
        return request.user.has_perm("accounts.change_backgroundtask")

    @admin.action(description=_("Try failed tasks once more"), permissions=["try"])
    def try_again(self, request, queryset):
        say_tried_again(request, tasks.try_again(queryset, by=request.user))


@admin.register(TaskFailure)
class TaskFailureAdmin(ReadOnlyAdmin):
    """Every attempt that failed, also of tasks that went well later."""

    list_display = ["at", "task_path", "last_error", "worker_died"]
    list_filter = ["worker_died"]
    fields = ["at", "task_path", "task_id", "worker_died", "worker_id", "error"]
    search_fields = ["task_path", "=task_id"]
    date_hierarchy = "at"

    @admin.display(description=_("error"))
    def last_error(self, failure):
        return last_line(failure.error)


@admin.register(PeriodicJob)
class PeriodicJobAdmin(ReadOnlyAdmin):
    """When what runs by the clock ran last, how that went, and when it runs next."""

    list_display = ["name", "last_run_at", "outcome", "next_run_at"]
    fields = list_display
    search_fields = ["name"]

    def get_queryset(self, request):
        last = DBTaskResult.objects.filter(pk=OuterRef("last_task")).values("status")
        return super().get_queryset(request).annotate(status=Subquery(last))

    @admin.display(description=_("state"))
    def outcome(self, job):
        return State(job.status).label if job.status else NOTHING


@admin.register(WorkerHeartbeat)
class WorkerHeartbeatAdmin(ReadOnlyAdmin):
    """Who sends mails and does the tasks; when nobody here lives, nothing is sent."""

    list_display = ["host", "worker_id", "started_at", "seen_at", "lives"]
    fields = list_display

    def get_queryset(self, request):
        living = heartbeat.living().filter(pk=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_alive=Exists(living))

    @admin.display(description=_("lives"), boolean=True)
    def lives(self, worker):
        return worker.is_alive
