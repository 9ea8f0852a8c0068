"""What is chosen of a product before it comes into the cart."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext_lazy as _

from billing import pricing
from services.models.price import MONTHS_OF_A_YEAR
from services.names import LONGEST_NAME, canonical_domain
from services.purchasing import Wanted

OPTION = "option-"


class SearchForm(forms.Form):
    """Lives in the address, so that what was found can be linked to."""

    q = forms.CharField(label=_("Product"), max_length=100, required=False, widget=forms.SearchInput)

    @property
    def words(self):
        """What is looked for, or ""."""
        return self.cleaned_data.get("q", "") if self.is_valid() else ""


class DomainField(forms.CharField):
    """A domain name in the form in which it is kept; an address copied from a browser comes down to it."""

    default_error_messages = {"invalid": _("Type a domain name such as example.com.")}

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"})
        super().__init__(max_length=LONGEST_NAME, widget=widget, **kwargs)

    def clean(self, value):
        """The name. Raises ValidationError."""
        name = canonical_domain(super().clean(value))
        if name:
            DomainNameValidator(message=self.error_messages["invalid"])(name)
        return name


class ChoiceForm(forms.Form):
    """The period, a value of every option, and a domain name where the product asks for one.

    The product comes from services.catalogue.find. Without `data`, `chosen` (as in the query of an
    address) is proposed as far as it makes sense. `is_order` says that nothing may be missing.
    """

    price = forms.ChoiceField(
        label=_("Period"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a period."),
            "invalid_choice": _("This price is not offered any more. Choose one of these."),
        },
    )

    def __init__(self, data=None, *, product, reader, chosen=None, is_order=True):
        super().__init__(data)
        self.product, self.reader = product, reader
        self.periods = pricing.periods(reader, product)
        self.prices = {period.key: period.price for period in self.periods}
        self.fields["price"].choices = [(period.key, period.label) for period in self.periods]
        self.fields["price"].initial = usual(self.periods)
        self.values = {}
        for option in product.asked:
            self.add_option(option)
        if product.asks_domain:
            self.fields["domain"] = DomainField(
                label=_("Domain name"),
                required=is_order,
                help_text=_("For which domain it is meant. It need not be yours yet."),
            )
        self.propose(chosen or {})

    def add_option(self, option):
        """Asks for one of the values of an option."""
        answers = {str(value.pk): value for value in option.answers}
        self.values |= answers
        self.fields[f"{OPTION}{option.pk}"] = forms.ChoiceField(
            label=option.name,
            choices=[(key, pricing.answer(self.reader, self.product, value)) for key, value in answers.items()],
            initial=next(iter(answers)),
            error_messages={
                "required": _("Choose one of these."),
                "invalid_choice": _("This is not offered any more. Choose one of these."),
            },
        )

    def propose(self, chosen):
        """Takes over what was chosen before, and passes over what is not offered."""
        for name, field in self.fields.items():
            value = chosen.get(name, "")
            if name == "domain":
                field.initial = value[:LONGEST_NAME]
            elif value in dict(field.choices):
                field.initial = value

    def clean(self):
        """Refuses answers to questions that this product does not ask."""
        if any(name.startswith(OPTION) and name not in self.fields for name in self.data):
            raise ValidationError(
                _("What can be chosen here has changed meanwhile. Look at the choices and the price again.")
            )

    @property
    def wanted(self):
        """What is chosen, as services take it; None while the period or an option makes no sense."""
        price = self.prices.get(self["price"].value())
        values = [self.values.get(self[name].value()) for name in self.questions]
        if price is None or None in values or self.crossed(values):
            return None
        domain = self.cleaned_data.get("domain", "") if self.is_bound else ""
        return Wanted(product=self.product, price=price, values=tuple(values), domain=domain)

    def crossed(self, values):
        """Whether a value answers another option than its own."""
        return any(name != f"{OPTION}{value.option_id}" for name, value in zip(self.questions, values, strict=True))

    @property
    def questions(self):
        """The names of the fields of options, in their order."""
        return [name for name in self.fields if name.startswith(OPTION)]

    @property
    def asked(self):
        """The fields below the periods."""
        return [self[name] for name in self.fields if name != "price"]

    @property
    def chosen_period(self):
        """The Period that is ticked, or None."""
        return next((period for period in self.periods if period.key == self["price"].value()), None)

    @property
    def query(self):
        """What is chosen, for an address."""
        return urlencode({name: value for name in self.fields if (value := self[name].value())})


def usual(periods):
    """The key of the period to propose: a year, else the shortest; None for a product without a price."""
    keys = {period.price.months: period.key for period in reversed(periods)}
    return keys.get(MONTHS_OF_A_YEAR) or next(reversed(keys.values()), None)
