"""What drivers were asked to do, for administrators: what failed and why, and what waits for a person."""

import json

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import Act, ActsMixin
from accounts.admin.reading import NOTHING, ReadOnlyAdmin, moment, say_tried_again
from services import by_hand, domains, provisioning
from services.admin.filters import DriverFilter
from services.admin.job_forms import DoneForm, GiveUpForm, RefuseForm, RepeatForm
from services.admin.looking import LooksAtServiceMixin
from services.choosing import label_of
from services.models import Credential, ProvisioningJob
from services.turns import TURNS, turn_of

Job = ProvisioningJob
PERMISSION = "services.change_provisioningjob"
SHOWN_OF_AN_ERROR = 100
TURN_WORDS = {
    "staff": _("staff are to do it"),
    "failed": _("failed: staff decide"),
    "again": _("failed: it will be tried again"),
    "new": _("not tried yet"),
    "server": _("a server is at it"),
}


class TurnFilter(admin.SimpleListFilter):
    """By who is to do something next."""

    title = _("whose turn it is")
    parameter_name = "turn"

    def lookups(self, request, model_admin):
        return TURN_WORDS.items()

    def queryset(self, request, queryset):
        return queryset.filter(TURNS[self.value()]) if self.value() in TURNS else queryset


def can_be_repeated(job):
    """Whether asking again now makes a difference."""
    return job.state == Job.State.FAILED or (job.state == Job.State.WAITING and job.failures and not job.claimed_by)


@admin.register(Job)
class ProvisioningJobAdmin(ActsMixin, LooksAtServiceMixin, ReadOnlyAdmin):
    """The rows are the jobs; passwords are in none of them."""

    acts = [
        Act("done", _("Say that it is done"), DoneForm, PERMISSION, by_hand.can_be_done),
        Act("refuse", _("Refuse it"), RefuseForm, PERMISSION, by_hand.can_be_refused),
        Act("give-up", _("Give it up"), GiveUpForm, PERMISSION, by_hand.can_be_given_up),
        Act("again", _("Ask the driver again"), RepeatForm, PERMISSION, can_be_repeated),
    ]
    list_display = [
        "service",
        "customer",
        "act",
        "how_it_stands",
        "reason",
        "attempts",
        "driver_label",
        "created_at",
    ]
    list_filter = [TurnFilter, "state", "act", DriverFilter]
    list_select_related = ["service__customer", "service__product"]
    search_fields = ["=reference", "=service__customer__number", "service__name", "service__domain"]
    fields = [
        "act",
        "service_page",
        "customer",
        "product",
        "driver_label",
        "state",
        "what_next",
        "error",
        "attempts",
        "request_in_words",
        "new_password",
        "typed_authinfo",
        "answer_in_words",
        "reference",
        "by",
        "created_at",
        "tried_at",
        "done_at",
    ]
    readonly_fields = fields
    actions = ["repeat"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("service__customer", "service__product", "by")

    def get_fields(self, request, obj=None):
        """A password or AuthInfo stands there only as long as somebody is to use it."""
        may = obj and request.user.has_perm(PERMISSION)
        hidden = {"new_password"} if not (may and wanted_password(obj)) else set()
        hidden |= {"typed_authinfo"} if not (may and wanted_authinfo(obj)) else set()
        return [name for name in self.fields if name not in hidden]

    def has_repeat_permission(self, request):
        return request.user.has_perm(PERMISSION)

    @admin.action(description=_("Repeat what failed"), permissions=["repeat"])
    def repeat(self, request, queryset):
        say_tried_again(
            request, provisioning.repeat(Job.objects.filter(pk__in=queryset.values("pk")), by=request.user)
        )

    @admin.display(description=_("service"))
    def service_page(self, job):
        address = reverse("admin:services_service_change", args=[job.service_id])
        return format_html('<a href="{}">{}</a>', address, job.service)

    @admin.display(description=_("customer"))
    def customer(self, job):
        return job.service.customer

    @admin.display(description=_("product"))
    def product(self, job):
        return job.service.product

    @admin.display(description=_("driver"), ordering="driver")
    def driver_label(self, job):
        return label_of(job)

    @admin.display(description=_("state"))
    def how_it_stands(self, job):
        """Whose turn it is, or how it ended."""
        next_step = self.what_next(job)
        return job.get_state_display() if next_step == NOTHING else next_step

    @admin.display(description=_("last error"))
    def reason(self, job):
        return Truncator(job.error).chars(SHOWN_OF_AN_ERROR)

    @admin.display(description=_("what happens next"))
    def what_next(self, job):
        if job.state == Job.State.WAITING and job.claimed_by:
            return _("it is being done")
        turn = turn_of(job)
        if turn == "again":
            return format_html("{}: {}", TURN_WORDS[turn], moment(max(job.next_at, timezone.now())))
        return TURN_WORDS.get(turn, NOTHING)

    @admin.display(description=_("request"))
    def request_in_words(self, job):
        return lines(job.asked)

    @admin.display(description=_("answer"))
    def answer_in_words(self, job):
        return lines(job.answered)

    @admin.display(description=_("password to set"))
    def new_password(self, job):
        account = wanted_password(job)
        return format_html("{}: <code>{}</code>", account.login, account.next_password or NOTHING)

    @admin.display(description=_("AuthInfo of the transfer"))
    def typed_authinfo(self, job):
        return format_html("<code>{}</code>", wanted_authinfo(job))


def wanted_password(job):
    """The account whose new password a person is to set, or None."""
    if job.act != Job.Act.PASSWORD or turn_of(job) not in ("staff", "failed"):
        return None
    return Credential.waiting_for(job)


def wanted_authinfo(job):
    """The AuthInfo with which a person is to move a name here, or ""."""
    return domains.typed_authinfo(job) if turn_of(job) == "staff" else ""


def lines(content):
    """What was asked or answered, one name a line."""
    shown = [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in content.items()
    ]
    return format_html_join("\n", "<div>{}: {}</div>", shown) or NOTHING
