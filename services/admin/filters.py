"""Filters that several lists of services have."""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from services import choosing


class DriverFilter(admin.SimpleListFilter):
    """By the driver, in words; the list is not read through to find which there are."""

    title, parameter_name = _("driver"), "driver"

    def lookups(self, request, model_admin):
        return choosing.labels().items()

    def queryset(self, request, queryset):
        return queryset.filter(driver=self.value()) if self.value() else queryset


class EndsFilter(admin.SimpleListFilter):
    """By the last paid day, counted from today."""

    title, parameter_name = _("paid until"), "ends"

    def lookups(self, request, model_admin):
        return [("past", _("past")), ("7", _("within 7 days")), ("30", _("within 30 days")), ("never", _("no end"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        ways = {"past": {"ends_on__lt": today}, "never": {"ends_on": None}}
        ways |= {str(days): {"ends_on__range": (today, today + timedelta(days))} for days in (7, 30)}
        return queryset.filter(**ways.get(self.value(), {}))
