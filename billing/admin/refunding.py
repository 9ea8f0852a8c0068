"""Money that goes back, asked for by staff."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import ActForm
from accounts.keys import new_selector
from billing import refunds, wallet
from billing.models import Refund


class RefundForm(ActForm):
    """How much, which way and why. Its token makes a form that is sent twice one refund."""

    way = forms.ChoiceField(label=_("way"), choices=Refund.Way.choices)
    amount = forms.DecimalField(label=_("amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    reason = forms.CharField(label=_("reason"), max_length=256, help_text=_("The customer reads it in the history."))
    token = forms.CharField(widget=forms.HiddenInput, initial=new_selector, max_length=40)
    done = _("The refund is on its way.")
    correction = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = dict(Refund.Way.choices)
        self.fields["way"].choices = [(way, labels[way]) for way in refunds.ways(self.payment)]
        self.fields["amount"].initial = self.proposed()

    @property
    def payment(self):
        """The payment whose money goes back."""
        return self.row

    def proposed(self):
        """The amount that stands in the form at first."""
        return refunds.left(self.payment)

    def act(self, *, by):
        try:
            refunds.request(self.payment, by=by, correction=self.correction, **self.cleaned_data)
        except refunds.NotRefundable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        except wallet.NotEnough as refusal:
            words = _("The balance has been spent meanwhile: it is smaller than this amount.")
            raise forms.ValidationError({"amount": words}) from refusal


def can_go_back(payment):
    """Whether there is money of this payment that could go back."""
    return payment is not None and refunds.left(payment) > 0
