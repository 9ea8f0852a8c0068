"""What people agreed to, what VIES said, and mails to the mailing list."""

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import mailings
from accounts.admin.reading import ReadOnlyAdmin
from accounts.models import Consent, Mailing, VatCheck


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Proofs: who agreed to what, when and how, and when they took it back."""

    list_display = ["given_at", "user", "kind", "version", "given_how", "ip", "withdrawn_at", "withdrawn_how"]
    list_filter = ["kind", "given_how"]
    list_select_related = ["user"]
    search_fields = ["user__login"]


@admin.register(VatCheck)
class VatCheckAdmin(ReadOnlyAdmin):
    list_display = ["at", "customer", "number", "is_valid", "consultation", "name"]
    list_filter = ["is_valid"]
    list_select_related = ["customer"]
    search_fields = ["number", "customer__number"]


@admin.register(Mailing)
class MailingAdmin(admin.ModelAdmin):
    """Written here, sent once by the action; afterwards nobody changes it."""

    list_display = ["subject_pl", "created_at", "sent_at"]
    readonly_fields = ["sent_at"]
    actions = ["send"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.sent_at)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.sent_at)

    def get_actions(self, request):
        """Without the one that deletes several: it would not ask which were sent."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description=gettext_lazy("Send to the mailing list"), permissions=["change"])
    def send(self, request, queryset):
        sent = sum(mailings.send(mailing, by=request.user) for mailing in queryset)
        text = ngettext("%(count)d mail is being sent.", "%(count)d mails are being sent.", sent) % {"count": sent}
        messages.success(request, text) if sent else messages.error(request, _("These were sent before."))
