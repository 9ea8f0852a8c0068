"""The small registry of the null registrar for administrators."""

from django.contrib import admin

from accounts.admin.reading import ReadOnlyAdmin
from services.models import RegistryName


@admin.register(RegistryName)
class RegistryNameAdmin(ReadOnlyAdmin):
    """What the null registrar knows; the codes that move names away are for nobody here."""

    list_display = ["name", "holder", "expires_on"]
    search_fields = ["name", "=holder"]
    fields = [*list_display, "reference", "nameservers"]
