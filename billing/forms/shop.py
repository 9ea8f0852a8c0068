"""Search in the list of renewals, what is ticked there, periods and codes in the cart, and what somebody agrees to."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.typed import whole_number
from services.models import Product


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

    `wanted` is {service's key: price's key, or None when it makes no sense}, `bought` the same for items of the cart
    that are new services, by fields as `period-7`.
    """

    def clean(self):
        self.wanted, self.bought = self.chosen_by("price-"), self.chosen_by("period-")

    def chosen_by(self, start):
        """{key: price's key} of the fields that begin so."""
        keys = {name: whole_number(name.removeprefix(start)) for name in self.data if name.startswith(start)}
        return {key: whole_number(self.data[name]) for name, key in keys.items() if key}


class RenewalsForm(PeriodsForm):
    """The ticked services, with the period chosen in the row of each."""

    def clean(self):
        super().clean()
        ticked = [whole_number(text) for text in self.data.getlist("service")]
        self.chosen = self.wanted
        self.wanted = {service: self.chosen.get(service) for service in ticked if service}
        if not self.wanted:
            raise ValidationError(_("Tick what you want to renew."))


class PromoForm(forms.Form):
    """A promo code; empty takes it away again."""

    code = forms.CharField(label=_("Promo code"), max_length=40, required=False)


class OrderForm(forms.Form):
    """The gross sum that the person saw when pressing the button, and what a contract about new services needs.

    `terms` are those in force when they must be accepted, and `early_start` says whether a consumer must ask for
    the start before 14 days are over: art. 15(3) and 21(2) of the Polish Consumer Rights Act.
    """

    agreed = forms.DecimalField(max_digits=12, decimal_places=2, widget=forms.HiddenInput)
    terms_shown = forms.CharField(widget=forms.HiddenInput, required=False)
    accepted = forms.BooleanField(
        error_messages={"required": _("Without accepting the terms nothing new can be ordered.")}
    )
    early_start = forms.BooleanField(
        label=_("I want the services to start at once, before the 14 days in which I may withdraw are over."),
        help_text=_(
            "We set everything up as soon as it is paid, so we need you to ask for it. You may still withdraw within "
            "14 days, and then pay only for the time until then. Once a service has been provided in full, you can "
            "no longer withdraw from it."
        ),
        error_messages={
            "required": _("We set new services up as soon as they are paid. Tick this if you agree, or do not order.")
        },
    )

    def __init__(self, *args, terms, early_start, **kwargs):
        super().__init__(*args, **kwargs)
        self.terms = terms
        if terms is None:
            del self.fields["accepted"], self.fields["terms_shown"]
        else:
            label = _("I have read and accept the terms of service, version %(version)s.")
            self.fields["accepted"].label = label % {"version": terms.version}
        if not early_start:
            del self.fields["early_start"]

    def clean(self):
        """Whoever accepted an older version has not read the one in force."""
        cleaned = super().clean()
        if self.terms and cleaned.get("terms_shown") != str(self.terms.pk):
            self.add_error("accepted", _("The terms have changed meanwhile. Read them and accept them again."))
        return cleaned

    @property
    def agreement(self):
        """What checkout.place is told."""
        return {
            "agreed": self.cleaned_data["agreed"],
            "terms": self.terms,
            "early_start": self.cleaned_data.get("early_start", False),
        }
