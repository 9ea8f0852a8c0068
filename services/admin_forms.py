"""Forms of the administration for the catalogue and for services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services import drivers
from services.calendar import months_later
from services.models import Price, Product, Service

WRITTEN = {"months", "net", "currency"}
ON_INVOICES = ["tax_rate", "tax_point", "unit", "pkwiu", "gtu", "in_annex_15"]
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


class ProductForm(forms.ModelForm):
    """The driver is one of those that this version has."""

    driver = forms.ChoiceField(
        label=_("Driver"), choices=drivers.choices, help_text=_("What tells the servers when a service is extended.")
    )

    class Meta:
        model = Product
        fields = ["provider", "code", "kind", "name_pl", "name_en", "driver", *ON_INVOICES]


class PriceForm(forms.ModelForm):
    """A price that somebody was charged by is not rewritten; each period has one price on offer."""

    class Meta:
        model = Price
        fields = ["months", "net", "currency", "is_offered"]

    def clean(self):
        data = super().clean()
        if self.instance.pk and WRITTEN & set(self.changed_data) and self.instance.is_used:
            self.add_error("net", _("Customers pay this price. Take it off the offer and add another one."))
        if data.get("is_offered") and "months" in data and self.others_on_offer(data["months"]).exists():
            self.add_error("months", _("There is a price for this period already. Take it off the offer first."))
        return data

    def others_on_offer(self, months):
        """Other prices of the product for the same period that customers can choose."""
        same = Price.objects.filter(product=self.instance.product_id, months=months, is_offered=True)
        return same.exclude(pk=self.instance.pk)


class ServiceForm(forms.ModelForm):
    """A service costs what one of its product's prices says."""

    class Meta:
        model = Service
        fields = SERVICE_FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "price" in self.fields:
            self.fields["price"].queryset = Price.objects.select_related("product")

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
