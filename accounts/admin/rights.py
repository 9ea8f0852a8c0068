"""Rights in the administration: of groups, and of single members of staff."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

ACTS = {"view": _("look at"), "add": _("add"), "change": _("change"), "delete": _("delete")}


class RightsField(forms.ModelMultipleChoiceField):
    """Rights by the names of their pages; what Django keeps beside them is English."""

    def label_from_instance(self, right):
        act = right.codename.partition("_")[0]
        return f"{capfirst(right.content_type.name)}: {ACTS.get(act, right.name)}"


class RightsMixin:
    """Offers the rights to pages that the administration has, and no others."""

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.related_model is Permission:
            pages = ContentType.objects.get_for_models(*admin.site._registry, for_concrete_models=False).values()
            kwargs["form_class"] = RightsField
            kwargs["queryset"] = Permission.objects.filter(content_type__in=pages).select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(RightsMixin, DjangoGroupAdmin):
    """Groups of members of staff who may do the same; made by superusers, so that nobody widens their own rights."""

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser
