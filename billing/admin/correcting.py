"""Forms that correct an invoice, and the one that pays back what a correction gave."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import ActForm
from billing import correcting, refunds
from billing.admin.refunding import RefundForm
from billing.models import Document, PaymentPart
from billing.money import ZERO
from billing.parties import Buyer, BuyerNotServed

TYPES = Document.CorrectionType
FINAL = _("A correction gets a number, goes to the customer by mail and cannot be taken back.")


class CorrectionForm(ActForm):
    """Why an invoice is corrected; subclasses say how."""

    reason = forms.CharField(label=_("reason of the correction"), max_length=256, help_text=_("It stands on the PDF."))
    warning = FINAL
    done = _("The correction was issued.")

    def act(self, *, by):
        try:
            self.correct(reason=self.cleaned_data["reason"], by=by)
        except correcting.NotCorrectable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def correct(self, *, reason, by):
        """Calls the verb. Raises NotCorrectable."""
        raise NotImplementedError


class LinesForm(CorrectionForm):
    """The lines of an invoice as they stand, each to be given another quantity or price."""

    correction_type = forms.TypedChoiceField(
        label=_("counts"),
        choices=TYPES,
        coerce=int,
        initial=TYPES.CORRECTION,
        help_text=_("The original period where the invoice was wrong; that of the correction for a later discount."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.standing = dict(enumerate(correcting.standing(self.row), 1))
        for position, line in self.standing.items():
            name = f"{position}. {line.name}"
            self.fields[f"quantity_{position}"] = forms.DecimalField(
                label=_("Quantity"),
                help_text=name,
                min_value=ZERO,
                max_digits=12,
                decimal_places=6,
                initial=line.quantity.normalize(),
            )
            label = _("Gross unit price") if self.row.from_gross else _("Net unit price")
            self.fields[f"price_{position}"] = forms.DecimalField(
                label=label, min_value=ZERO, max_digits=12, decimal_places=2, initial=line.price
            )

    @property
    def rows(self):
        """Quantity and price of a line stand side by side."""
        lines = [(f"quantity_{position}", f"price_{position}") for position in self.standing]
        return [*lines, "reason", "correction_type"]

    def correct(self, *, reason, by):
        data = self.cleaned_data
        changes = {n: (data[f"quantity_{n}"], data[f"price_{n}"]) for n in self.standing}
        correcting.correct(self.row, changes, reason=reason, correction_type=data["correction_type"], by=by)


class ToZeroForm(CorrectionForm):
    """Takes the whole invoice back."""

    def correct(self, *, reason, by):
        correcting.cancel(self.row, reason=reason, by=by)


class BuyerForm(CorrectionForm):
    """Copies the buyer as their billing data stand now."""

    @property
    def warning(self):
        """From whom to whom, so that somebody looks before a number is drawn."""
        was = Buyer(**correcting.standing_buyer(self.row))
        now = self.row.customer
        address = f"{now.street}, {now.postal_code} {now.city}"
        words = _("From: %(was)s. To: %(now)s. These are the billing data of the customer as they stand now.")
        return words % {"was": f"{was.name}, {was.line1}, {was.line2}", "now": f"{now.name}, {address}"}

    def correct(self, *, reason, by):
        try:
            correcting.correct_buyer(self.row, Buyer.of(self.row.customer), reason=reason, by=by)
        except BuyerNotServed as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class PayBackForm(RefundForm):
    """Pays back what was paid for an invoice, or what a correction of it gave back."""

    @property
    def payment(self):
        return payment_of(self.row)

    @property
    def correction(self):
        """The correction by which the money goes back, if it is one."""
        return self.row if self.row.kind == Document.Kind.CORRECTION else None

    def proposed(self):
        """What the document brought, or gave back; its payment may have paid others, too."""
        left = refunds.left(self.payment)
        if self.correction is None:
            return min(left, self.row.gross)
        sent = self.correction.refunds.exclude(state="failed")
        return max(ZERO, min(left, -self.correction.gross - sum((row.amount for row in sent), ZERO)))

    def clean_amount(self):
        """No more than that: the rest of the payment is another document's."""
        if self.cleaned_data["amount"] > self.proposed():
            raise forms.ValidationError(_("Less of what was paid for this document is left."))
        return self.cleaned_data["amount"]


def payment_of(document):
    """The payment that paid for an invoice, or for the invoice that a document corrects; None without one."""
    invoice = document.corrects or document
    part = PaymentPart.objects.filter(receivable__document=invoice.proforma_id, settled=True)
    found = part.select_related("payment__customer").first()
    return found.payment if found else None


def is_invoice(document):
    return document.kind == Document.Kind.INVOICE


def quantity_words(line):
    """A quantity without needless zeros."""
    return f"{Decimal(line.quantity).normalize():f}"
