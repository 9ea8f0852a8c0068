"""Changes of products, planned, waiting and done, which are only read."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join

from accounts.admin.reading import NOTHING, ReadOnlyAdmin, ReadOnlyInline
from services.admin.looking import LooksAtServiceMixin
from services.models import ChangeOption, ServiceChange


def changes_of(service):
    """Links to the changes of a service with their states, the newest first, or a dash."""
    if service.pk is None:
        return NOTHING
    rows = service.changes.select_related("service", "former", "product")
    address = "admin:services_servicechange_change"
    found = [(reverse(address, args=[row.pk]), row.former, row.product, row.get_state_display()) for row in rows]
    return format_html_join("", '<div><a href="{}">{} → {}</a>: {}</div>', found) or NOTHING


class ChangeOptionInline(ReadOnlyInline):
    """What was agreed to beside the price."""

    model = ChangeOption
    fields = readonly_fields = ["value", "monthly_net"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("value")


@admin.register(ServiceChange)
class ServiceChangeAdmin(LooksAtServiceMixin, ReadOnlyAdmin):
    """What services are to become: what waits for payment or for the end of the paid time, and what was done."""

    list_display = ["service", "former", "product", "state", "until", "agreed_at", "done_at"]
    list_filter = ["state"]
    list_select_related = ["service", "former", "product"]
    search_fields = ["=reference", "=service__customer__number", "service__name", "service__domain"]
    fields = [*list_display, "price", "reference", "job", "by"]
    inlines = [ChangeOptionInline]
