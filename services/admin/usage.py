"""What was used of services, and the numbers of the pretend switchboard, for administrators."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.reading import ReadOnlyAdmin
from services import choosing
from services.admin.filters import DriverFilter
from services.admin.looking import LooksAtServiceMixin
from services.models import SwitchboardNumber, Usage


@admin.register(Usage)
class UsageAdmin(LooksAtServiceMixin, ReadOnlyAdmin):
    """What was used of services, as drivers have told it; what it costs stands among the charges."""

    list_display = ["started_at", "service", "what", "quantity", "unit", "net", "driver_in_words"]
    list_filter = [DriverFilter, ("started_at", admin.DateFieldListFilter)]
    list_select_related = ["service"]
    # As they were told: of a hundred thousand, sorting by the time of use takes longer than reading.
    ordering = ["-pk"]
    search_fields = ["=reference", "=service__customer__number", "=service__remote_id", "service__name"]
    fields = [*list_display, "ended_at", "reference", "reported_at"]

    @admin.display(description=_("driver"), ordering="driver")
    def driver_in_words(self, usage):
        return choosing.labels().get(usage.driver, usage.driver)


@admin.register(SwitchboardNumber)
class SwitchboardNumberAdmin(admin.ModelAdmin):
    """Numbers that the pretend switchboard may give away; what was given stays as it is."""

    list_display = ["number", "state"]
    list_filter = ["state"]
    search_fields = ["number"]
    fields = ["number"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        is_free = obj is None or obj.state == SwitchboardNumber.State.FREE
        return is_free and super().has_delete_permission(request, obj)

    def get_actions(self, request):
        """Numbers in use would go with the free ones."""
        return {}
