"""What is only read: the history, outgoing messages, support sessions, proofs of consent."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import history
from accounts.models import Event, Outbox, SupportSession, TermsAcceptance


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that nobody adds, changes or deletes by hand."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "sentence", "customer_id", "by_name", "by_staff", "ip", "browser"]
    list_filter = ["by_staff", "action"]
    search_fields = ["=customer_id", "=user_id", "by_name"]
    date_hierarchy = "at"

    @admin.display(description=_("what happened"))
    def sentence(self, event):
        return history.sentence(event)


@admin.register(Outbox)
class OutboxAdmin(ReadOnlyAdmin):
    """Outgoing mails and text messages; a failed one can be tried again."""

    list_display = ["created_at", "channel", "letter", "address", "state", "attempts", "sent_at", "error"]
    list_filter = ["state", "channel", "letter"]
    search_fields = ["address"]
    actions = ["try_again"]

    def has_try_permission(self, request):
        return request.user.has_perm("accounts.change_outbox")

    @admin.action(description=_("Try failed messages again"), permissions=["try"])
    def try_again(self, request, queryset):
        queryset.filter(state=Outbox.State.FAILED).update(
            state=Outbox.State.WAITING, attempts=0, next_attempt_at=timezone.now()
        )


@admin.register(SupportSession)
class SupportSessionAdmin(ReadOnlyAdmin):
    list_display = ["opened_at", "staff", "customer", "closed_at"]
    search_fields = ["staff__login", "customer__number"]


@admin.register(TermsAcceptance)
class TermsAcceptanceAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "terms", "ip"]
    search_fields = ["user__login"]
