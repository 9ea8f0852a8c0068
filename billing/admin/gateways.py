"""What gateways told us, to be read and never obeyed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.reading import ReadOnlyAdmin
from billing.admin.parts import link, links, text
from billing.models import GatewayEvent, RefusedNotification


@admin.register(GatewayEvent)
class GatewayEventAdmin(ReadOnlyAdmin):
    """Notifications whose signature was right, and lines of the bank's statement, word for word."""

    list_display = ["received_at", "gateway", "event_id", "state", "outcome", "repeats", "payment_page"]
    list_filter = ["state", "gateway"]
    search_fields = ["=event_id", "=payment__pk"]
    fields = [*list_display, "done_at", "cases_pages", "content"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("payment")

    @admin.display(description=_("payment"))
    def payment_page(self, event):
        return link(event.payment)

    @admin.display(description=_("cases"))
    def cases_pages(self, event):
        return links(event.cases.order_by("pk"))

    @admin.display(description=_("body"))
    def content(self, event):
        return text(event.body)


@admin.register(RefusedNotification)
class RefusedNotificationAdmin(ReadOnlyAdmin):
    """What was not believed: a wrong secret on our side, or somebody who tries."""

    list_display = ["at", "gateway", "reason", "ip"]
    list_filter = ["gateway"]
    search_fields = ["=ip"]
    fields = [*list_display, "content"]

    @admin.display(description=_("body"))
    def content(self, refused):
        return text(refused.body)
