"""What pages about rows that are only read have in common."""

from django.contrib import admin, messages
from django.utils import formats, timezone
from django.utils.translation import ngettext

NOTHING = "–"


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


class ReadOnlyInline(admin.TabularInline):
    """Rows below another one that are only read; whoever may open that page may read them."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class KeyFilter(admin.SimpleListFilter):
    """Filters by a key that is kept in the field `parameter_name` and shown in words, which `lookups` gives."""

    def queryset(self, request, queryset):
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class SinceFilter(admin.SimpleListFilter):
    """By whether the time in the field `path` has come."""

    path = ""

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(**{f"{self.path}__isnull": self.value() == "no"})


def moment(at):
    """A time as the reader writes it, or a dash."""
    return formats.localize(timezone.localtime(at)) if at else NOTHING


def say_tried_again(request, count):
    """Tells how many rows went back into the queue; the others had not failed."""
    text = ngettext("%(count)d was put back into the queue.", "%(count)d were put back into the queue.", count)
    tell = messages.success if count else messages.warning
    tell(request, text % {"count": count})
