"""Lines of a bank statement, noted by staff."""

from decimal import Decimal

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import ActForm
from billing import bank
from billing.models import Payment

# What a payment keeps of it: cut off, two movements would be the same.
LONGEST_LINE = Payment._meta.get_field("external_id").max_length
DIFFERENT = _("Noted. It is not what was asked for: it waits among the cases for staff.")


class TransferForm(ActForm):
    """What a line of the statement says. The bank's number of the movement makes a second note of it harmless."""

    amount = forms.DecimalField(label=_("amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    statement_line = forms.CharField(
        label=_("number of the movement"),
        max_length=LONGEST_LINE,
        help_text=_("As the bank calls it on the statement; each movement is noted once."),
    )
    booked_on = forms.DateField(
        label=_("booked on"),
        initial=timezone.localdate,
        widget=AdminDateWidget,
        help_text=_("The invoice says that it was paid on this day."),
    )
    warning = _("A noted transfer pays at once, issues the invoice and extends the services.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = self.asked_for()

    def asked_for(self):
        """The amount that should have come."""
        return self.row.amount

    def clean_booked_on(self):
        """Nothing is booked tomorrow."""
        day = self.cleaned_data["booked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def act(self, *, by):
        try:
            payment = self.note(by=by, **self.cleaned_data)
        except bank.NotedAlready as refusal:
            words = _("This movement was noted before.")
            raise forms.ValidationError({"statement_line": words}) from refusal
        self.done = _("The transfer was noted and the money booked.") if self.fits(payment) else DIFFERENT

    def note(self, **line):
        """Calls the verb; returns the Payment."""
        return bank.received_for(self.row, **line)

    def fits(self, payment):
        """Whether the money did what it was for."""
        return payment.is_paid and not payment.cases.filter(closed_at=None).exists()


class ForDocumentForm(TransferForm):
    """For one proforma, be the transfer announced or not."""

    def asked_for(self):
        return self.row.receivable.amount

    def note(self, **line):
        return bank.received([self.row.receivable], **line)


def awaits_transfer(payment):
    """Whether it is a transfer that somebody announced and that has not come."""
    return payment.gateway == bank.Transfer.name and payment.state == Payment.State.STARTED
