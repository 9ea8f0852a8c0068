"""Forms of the administration for services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.typed import whole_number
from services.calendar import months_later
from services.models import Price, Service

SERVICE_FIELDS = [
    "customer",
    "product",
    "name",
    "domain",
    "status",
    "starts_on",
    "ends_on",
    "anchor_day",
    "price",
    "configuration",
]


class ServiceForm(forms.ModelForm):
    """A service costs what one of its product's prices says."""

    class Meta:
        model = Service
        fields = SERVICE_FIELDS
        help_texts = {
            "product": _("Written down here only: what its server is to change is ordered by the customer."),
            "status": _("Written down here only: no server is told. To have it switched off or on, use the button."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "product" in self.fields:
            self.fields["product"].widget.can_delete_related = False
        if "price" in self.fields:
            # Those of its product; of all products there may be thousands.
            named = {self.instance.product_id, whole_number(self.data.get("product", ""))} - {None}
            self.fields["price"].queryset = Price.objects.filter(product__in=named).select_related("product")
            self.fields["price"].error_messages["invalid_choice"] = _("This is a price of another product.")

    def clean_product(self):
        product = self.cleaned_data["product"]
        if self.instance.pk and product.kind != self.instance.product.kind:
            raise forms.ValidationError(_("A service stays of its kind: hosting does not become a domain."))
        return product

    def clean_configuration(self):
        """Names with texts: what drivers answer is put to it."""
        typed = self.cleaned_data["configuration"] or {}
        if not isinstance(typed, dict):
            raise forms.ValidationError(_('Type names with texts, such as {"Number": "+48 22…"}.'))
        return typed

    def clean(self):
        data = super().clean()
        price, product = data.get("price"), data.get("product")
        if price and product and price.product_id != product.pk:
            self.add_error("price", _("This is a price of another product."))
        if "anchor_day" not in self.changed_data and self.was_moved(data.get("ends_on"), data.get("anchor_day")):
            # The next period would end on the former day, and days that were given would be lost.
            data["anchor_day"] = None
        return data

    def was_moved(self, ends_on, anchor_day):
        """Whether the end was moved to a day of the month that is not the one meant so far."""
        if "ends_on" not in self.changed_data or not ends_on or not anchor_day:
            return False
        return months_later(ends_on, 0, anchor_day) != ends_on
