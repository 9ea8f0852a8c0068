"""Rows of the one provider, which nobody chooses."""

from accounts.models import Provider


class OfProviderMixin:
    """Gives new rows to the provider; before there is one, none are added."""

    def has_add_permission(self, request):
        return super().has_add_permission(request) and Provider.objects.exists()

    def save_form(self, request, form, change):
        row = super().save_form(request, form, change)
        if not change:
            row.provider = Provider.objects.earliest("pk")
        return row
