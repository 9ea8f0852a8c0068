"""Promo codes: made, changed and looked after by administrators."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from billing.models import PromoCode
from billing.promos import canonical


class PromoCodeForm(forms.ModelForm):
    """Per cents or an amount, not both; in capital letters, however it was typed."""

    class Meta:
        model = PromoCode
        fields = [
            "code",
            "percent",
            "net",
            "products",
            "groups",
            "first_period_only",
            "valid_from",
            "valid_until",
            "most_uses",
            "most_of_a_customer",
        ]

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Buyers may type it in small letters, too."))

    def clean_code(self):
        return canonical(self.cleaned_data["code"])

    def clean(self):
        data = super().clean()
        if bool(data.get("percent")) == bool(data.get("net")) and not {"percent", "net"} & self.errors.keys():
            self.add_error("percent", _("Say either how many per cent, or which amount is taken off."))
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("This is before the first day."))
        return data


@admin.register(PromoCode)
class PromoCodeAdmin(admin.ModelAdmin):
    """What a code takes off, for what, until when and how often; one that was used stays."""

    form = PromoCodeForm
    list_display = ["code", "percent", "net", "valid_from", "valid_until", "uses", "most_uses"]
    search_fields = ["code"]
    readonly_fields = ["uses"]
    autocomplete_fields = ["products", "groups"]
    list_filter = [("valid_until", admin.DateFieldListFilter)]
    fieldsets = [
        (None, {"fields": ["code", "percent", "net"]}),
        (_("For what"), {"fields": ["products", "groups", "first_period_only"]}),
        (_("Limits"), {"fields": ["valid_from", "valid_until", "most_uses", "most_of_a_customer", "uses"]}),
    ]
