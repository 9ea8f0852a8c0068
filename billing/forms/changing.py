"""What somebody agrees to who changes a service to another product."""

from django import forms

from billing.changes import Agreed, Way


class ChangeForm(forms.Form):
    """The product, and what the person saw of it: how it comes, what is to be paid now, what a period costs."""

    product = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    way = forms.ChoiceField(choices=Way.choices, widget=forms.HiddenInput)
    gross = forms.DecimalField(max_digits=12, decimal_places=2, widget=forms.HiddenInput)
    net = forms.DecimalField(max_digits=12, decimal_places=2, widget=forms.HiddenInput)

    @classmethod
    def of(cls, offer):
        """The form that agrees to this offer."""
        agreed = offer.agreed
        values = {"product": offer.target.product.pk, "way": agreed.way, "gross": agreed.gross, "net": agreed.net}
        return cls(initial=values)

    @property
    def agreed(self):
        """What was sent, once it is valid."""
        return Agreed(**{name: self.cleaned_data[name] for name in ("way", "gross", "net")})
