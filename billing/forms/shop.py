"""Search in the list of renewals, what is ticked there, periods in the cart, and the sum that somebody agrees to."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from services.models import Product

LONGEST_KEY = 18  # digits that fit into a key of the database


class RenewalFilter(forms.Form):
    """What the list is narrowed to; lives in the address, so that a list can be linked to."""

    q = forms.CharField(label=_("Name or domain"), max_length=100, required=False, widget=forms.SearchInput)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Product.Kind.choices])
    ends = forms.TypedChoiceField(
        label=_("Ends"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("At any time")), ("30", _("Within 30 days")), ("90", _("Within 90 days"))],
    )

    def apply(self, services):
        """The services that fit; what cannot be understood narrows nothing."""
        self.is_valid()
        services = services.matching(self.cleaned_data.get("q", ""))
        if kind := self.cleaned_data.get("kind"):
            services = services.filter(product__kind=kind)
        if days := self.cleaned_data.get("ends"):
            services = services.filter(ends_on__lte=timezone.localdate() + timedelta(days=days))
        return services


class PeriodsForm(forms.Form):
    """A period for each of several services: the field `price-5` names the price that service 5 is renewed at.

    `wanted` is {service's key: price's key, or None when it makes no sense}.
    """

    def clean(self):
        names = [name for name in self.data if name.startswith("price-")]
        services = {name: key(name.removeprefix("price-")) for name in names}
        self.wanted = {service: key(self.data[name]) for name, service in services.items() if service}


class RenewalsForm(PeriodsForm):
    """The ticked services, with the period chosen in the row of each."""

    def clean(self):
        super().clean()
        ticked = [key(text) for text in self.data.getlist("service")]
        self.chosen = self.wanted
        self.wanted = {service: self.chosen.get(service) for service in ticked if service}
        if not self.wanted:
            raise ValidationError(_("Tick what you want to renew."))


class OrderForm(forms.Form):
    """The gross sum that the person saw when pressing the button."""

    agreed = forms.DecimalField(max_digits=12, decimal_places=2, widget=forms.HiddenInput)


def key(text):
    """A row's key out of a request, or None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else None
