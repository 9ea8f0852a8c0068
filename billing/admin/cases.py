"""The staff queue: what money did that nobody expected, and what staff do about it."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import F
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import Act, ActForm, ActsMixin
from accounts.admin.looking import LooksMixin
from accounts.admin.reading import NOTHING, ReadOnlyAdmin, SinceFilter
from accounts.history import record
from billing import cases, gateways, refunds, wallet, withdrawals
from billing.actions import Action
from billing.admin.parts import link
from billing.admin.refunding import RefundForm
from billing.locks import locked_one
from billing.models import Case, Payment, Refund
from billing.money import CURRENCY, ZERO, in_words
from services.models import ProvisioningJob

DETAILS = {
    "amount": _("amount"),
    "documents": _("documents"),
    "number": _("document"),
    "service": _("service"),
    "paid": _("paid for it, gross"),
    "of_it": _("of it"),
    "used_days": _("days to be paid, as the start was asked for"),
    "until": _("paid until"),
    "error": _("error"),
    "kind": _("what was reported"),
    "merchant": _("merchant"),
    "customer_number": _("customer"),
    "external_id": _("number at the gateway"),
}
REASON = Case.Reason
# Money that came, stayed, and paid for nothing.
MONEY_IS_HERE = (REASON.WRONG_AMOUNT, REASON.WRONG_CUSTOMER, REASON.UNKNOWN_PAYMENT, REASON.PAID_ALREADY)


class CloseForm(ActForm):
    """What was done; the customer reads it."""

    resolution = forms.CharField(
        label=_("what was done"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer reads it in the history."),
    )
    done = _("The case is closed.")

    def act(self, *, by):
        cases.close(self.row, resolution=self.cleaned_data["resolution"], by=by)


def amount_of(case):
    """The amount that a case is about, or nothing."""
    try:
        return Decimal(case.details.get("amount", ""))
    except InvalidOperation:
        return ZERO


class CreditForm(CloseForm):
    """Money that paid for nothing goes into the balance, and the case is closed."""

    amount = forms.DecimalField(label=_("amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    done = _("The money is in the balance, and the case is closed.")
    field_order = ["amount", "resolution"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = creditable(self.row)

    def clean_amount(self):
        """No more than came, less what has gone back already."""
        if self.cleaned_data["amount"] > creditable(self.row):
            raise forms.ValidationError(_("Less money came than that."))
        return self.cleaned_data["amount"]

    def act(self, *, by):
        with transaction.atomic():
            hold(self.row)
            try:
                self.credit(self.cleaned_data["amount"], self.cleaned_data["resolution"], by)
            except refunds.NotRefundable as refusal:
                raise forms.ValidationError({"amount": str(refusal)}) from refusal
            super().act(by=by)

    def credit(self, amount, words, by):
        """The unused part of a payment goes back into the balance; money beyond any payment is a movement of ours.

        The case names both, so that they happen once.
        """
        reference = f"case:{self.row.pk}"
        if is_about_its_payment(self.row):
            way = Refund.Way.WALLET
            refunds.request(self.row.payment, amount, way=way, reason=words[:256], by=by, token=reference)
        else:
            wallet.adjust(self.row.customer, amount, text=words[:200], reference=reference, by=by)


class PayBackForm(RefundForm):
    """Pays money of a case back the way it came; the last one closes the case by what the reason says.

    What a consumer has paid by several payments goes back one by one.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = f"case:{self.row.pk}"
        if self.row.reason == REASON.WITHDRAWAL:
            self.fields["token"].initial = withdrawals.next_token(self.row, self.payment)
            self.warning = warning_of(withdrawals.to_pay_back(self.row))

    @cached_property
    def payment(self):
        return payment_back(self.row)

    def proposed(self):
        return returnable(self.row)

    def clean_amount(self):
        """No more than is not needed for what the payment did pay."""
        if self.cleaned_data["amount"] > returnable(self.row):
            raise forms.ValidationError(_("Less of this payment is free to go back."))
        return self.cleaned_data["amount"]

    def act(self, *, by):
        with transaction.atomic():
            hold(self.row, self.payment)
            self.refuse_a_second_time()
            super().act(by=by)
            if self.row.reason != REASON.WITHDRAWAL or not withdrawals.to_pay_back(self.row):
                cases.close(self.row, resolution=self.cleaned_data["reason"], by=by)

    def refuse_a_second_time(self):
        """A form that is sent twice would pay the next share: its token says which one was meant."""
        is_next = self.cleaned_data["token"] == withdrawals.next_token(self.row, self.payment)
        if self.row.reason == REASON.WITHDRAWAL and not is_next:
            raise forms.ValidationError(_("This cannot be done any more."))


def warning_of(shares):
    """What must be known when several payments go back: that each does so by itself, and how much of which."""
    if len(shares) < 2:
        return ""
    parts = ", ".join(f"{gateways.label(payment.gateway)} {in_words(amount)}" for payment, amount in shares)
    words = _(
        "This was paid by several payments, each of which goes back by itself. Still to be paid back: %(parts)s."
    )
    return words % {"parts": parts}


def hold(case, payment=None):
    """Locks a case, after its payment as everywhere; raises ValidationError when somebody has closed it meanwhile."""
    if payment := payment or case.payment:
        locked_one(Payment.objects, pk=payment.pk)
    if not is_open(locked_one(Case.objects, pk=case.pk)):
        raise forms.ValidationError(_("This cannot be done any more."))


def is_open(case):
    return case.closed_at is None


def is_about_its_payment(case):
    """Whether its money is that of its payment; else it came beside it, and the payment does not know of it."""
    return case.payment is not None and case.key == f"payment:{case.payment_id}"


def creditable(case):
    """How much of a case's money a balance can still take."""
    return min(amount_of(case), unused(case.payment)) if is_about_its_payment(case) else amount_of(case)


def unused(payment):
    """How much of a payment paid for nothing and has not gone back."""
    if payment is None or not payment.is_paid:
        return ZERO
    free = sum((part.amount for part in payment.parts.filter(settled=False)), ZERO)
    return min(free, refunds.left(payment))


def returnable(case):
    """How much may go back because of a case: what was not used, or what could not be delivered."""
    if case.payment and case.reason == REASON.NOT_DELIVERED and not case.payment.is_top_up:
        return min(refunds.left(case.payment), case.document.gross if case.document else case.payment.amount)
    if case.reason == REASON.WITHDRAWAL:
        return next((amount for _payment, amount in withdrawals.to_pay_back(case)), ZERO)
    return unused(case.payment)


def payment_back(case):
    """The payment of which `returnable` can go back."""
    if case.reason == REASON.WITHDRAWAL:
        return next((payment for payment, _amount in withdrawals.to_pay_back(case)), case.payment)
    return case.payment


def can_be_paid_back(case):
    return is_open(case) and returnable(case) > 0


def can_be_credited(case):
    """Whether there is money of a known customer that a balance can take."""
    is_ours = case.customer is not None and case.details.get("currency", CURRENCY) == CURRENCY
    return is_open(case) and is_ours and case.reason in MONEY_IS_HERE and creditable(case) > 0


class OpenFilter(SinceFilter):
    """Cases that wait, or that were closed."""

    title, parameter_name, path = _("state"), "closed", "closed_at"

    def lookups(self, request, model_admin):
        return [("no", _("open")), ("yes", _("closed"))]


@admin.register(Case)
class CaseAdmin(ActsMixin, LooksMixin, ReadOnlyAdmin):
    """Open cases stand first, the newest on top."""

    acts = [
        Act("credit", _("Credit to the balance"), CreditForm, "billing.change_wallet", can_be_credited),
        Act("refund", _("Pay back"), PayBackForm, "billing.add_refund", can_be_paid_back),
        Act("close", _("Close the case"), CloseForm, "billing.change_case", is_open),
    ]
    list_display = ["opened_at", "reason", "customer", "in_short", "times", "closed_at"]
    list_filter = [OpenFilter, "reason"]
    list_select_related = ["customer"]
    search_fields = ["=customer__number", "key", "=payment__pk", "=document__number"]
    ordering = [F("closed_at").desc(nulls_first=True), "-pk"]
    fields = [
        "reason",
        "in_words",
        "customer_page",
        "payment_page",
        "document_page",
        "event_page",
        "job_page",
        "opened_at",
        "times",
        "closed_at",
        "closed_by",
        "resolution",
    ]

    def get_queryset(self, request):
        related = ["customer", "payment__customer", "document", "event", "closed_by"]
        return super().get_queryset(request).select_related(*related).defer("event__body")

    def write_look(self, request, case):
        if case.customer:
            record(Action.ADMIN_LOOKED_AT_CASE, customer=case.customer, by=request.user)

    @admin.display(description=_("details"))
    def in_short(self, case):
        return ", ".join(str(value) for _words, value in details(case))[:120] or NOTHING

    @admin.display(description=_("details"))
    def in_words(self, case):
        return format_html_join("\n", "<div>{}: {}</div>", details(case)) or NOTHING

    @admin.display(description=_("customer"))
    def customer_page(self, case):
        return link(case.customer)

    @admin.display(description=_("payment"))
    def payment_page(self, case):
        return link(case.payment)

    @admin.display(description=_("document"))
    def document_page(self, case):
        return link(case.document)

    @admin.display(description=_("event"))
    def event_page(self, case):
        return link(case.event)

    @admin.display(description=_("work at the server"))
    def job_page(self, case):
        about, _colon, pk = case.key.partition(":")
        if about != "job" or not pk.isdecimal():
            return NOTHING
        return link(ProvisioningJob.objects.select_related("service").filter(pk=pk).first())


def details(case):
    """(words, value) of what is known, in the order of DETAILS."""
    for name, words in DETAILS.items():
        value = case.details.get(name)
        if name == "amount" and amount_of(case):
            value = in_words(amount_of(case), case.details.get("currency", CURRENCY))
        if value:
            yield words, ", ".join(value) if isinstance(value, list) else value
