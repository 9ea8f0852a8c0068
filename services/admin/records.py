"""The DNS zones and records of customers for administrators, to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.reading import ReadOnlyAdmin
from services.admin.looking import LooksAtServiceMixin
from services.models import DnsRecord, Zone


class OfDomainMixin(LooksAtServiceMixin):
    """Rows that belong to a domain; looking at them is told to its customer."""

    list_select_related = ["service"]
    search_fields = ["=name", "=service__customer__number", "service__domain"]


@admin.register(Zone)
class ZoneAdmin(OfDomainMixin, ReadOnlyAdmin):
    """Which state of a domain's records is published."""

    list_display = ["service", "name", "version", "published", "published_at"]
    fields = [*list_display, "asked"]


@admin.register(DnsRecord)
class DnsRecordAdmin(OfDomainMixin, ReadOnlyAdmin):
    """The records of domains; their customers change them."""

    list_display = ["service", "name_in_words", "type", "beginning", "ttl"]
    list_filter = ["type"]
    fields = ["service", "name_in_words", "type", "whole", "ttl"]

    @admin.display(description=_("name"), ordering="name")
    def name_in_words(self, record):
        return record.shown_name

    @admin.display(description=_("content"))
    def beginning(self, record):
        return record.short_value

    @admin.display(description=_("content"))
    def whole(self, record):
        return record.value
