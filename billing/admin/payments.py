"""Payments and refunds, with what staff do to them."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import Act, ActForm, ActsMixin
from accounts.admin.looking import LooksMixin
from accounts.admin.reading import KeyFilter, ReadOnlyAdmin, ReadOnlyInline
from accounts.history import record
from billing import asking, gateways, money, refunds
from billing.actions import Action, in_words
from billing.admin.parts import amount, link, links
from billing.admin.refunding import RefundForm, can_go_back
from billing.admin.transferring import TransferForm, awaits_transfer
from billing.models import Payment, PaymentPart, Refund, WalletEntry


class AskForm(ActForm):
    warning = _("The worker asks the gateway what became of the payment, and does what it answers.")
    done = _("The gateway is being asked. Look again in a moment.")

    def act(self, *, by):
        asking.look(self.row)


def can_be_asked(payment):
    """Whether there is a gateway that knows more than we do."""
    known = payment.gateway in gateways.GATEWAYS and gateways.find(payment.gateway).can_be_asked
    return known and not payment.is_paid


class PartInline(ReadOnlyInline):
    model = PaymentPart
    fields = readonly_fields = ["document_page", "amount", "settled"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("payment", "receivable__document")

    @admin.display(description=_("document"))
    def document_page(self, part):
        return link(part.receivable.document)


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = readonly_fields = ["page", "way", "state", "reason", "created_at", "done_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("payment")

    @admin.display(description=_("amount"))
    def page(self, refund):
        return link(refund, refund.amount)


class EntryInline(ReadOnlyInline):
    model = WalletEntry
    fields = readonly_fields = ["at", "kind", "amount", "balance_after", "reference"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("wallet__customer")


class WayFilter(KeyFilter):
    """The way of paying, in words."""

    title, parameter_name = _("way of paying"), "gateway"

    def lookups(self, request, model_admin):
        return [(name, gateways.label(name)) for name in [*gateways.GATEWAYS, gateways.WALLET]]


@admin.register(Payment)
class PaymentAdmin(ActsMixin, LooksMixin, ReadOnlyAdmin):
    """Money on its way; what it did is told by gateways and by the bank only."""

    acts = [
        Act("refund", _("Pay back"), RefundForm, "billing.add_refund", can_go_back),
        Act("ask", _("Ask the gateway"), AskForm, "billing.change_payment", can_be_asked),
        Act("transfer", _("Note a bank transfer"), TransferForm, "billing.add_payment", awaits_transfer),
    ]
    list_display = ["number", "customer", "shown", "purpose", "way", "state", "started_at", "paid_at"]
    list_filter = ["state", "purpose", WayFilter]
    list_select_related = ["customer"]
    search_fields = ["=pk", "=token", "=external_id", "=customer__number", "=parts__receivable__document__number"]
    search_help_text = _("Number of the payment, here or at the gateway; of a document; of a customer.")
    fields = [
        "customer_page",
        "shown",
        "purpose",
        "way",
        "state",
        "external_id",
        "token",
        "started_by",
        "started_at",
        "asked_at",
        "paid_at",
        "events_pages",
        "cases_pages",
    ]
    inlines = [PartInline, RefundInline, EntryInline]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("customer__provider", "started_by")

    def write_look(self, request, payment):
        words = in_words(payment.amount, payment.currency)
        record(Action.ADMIN_LOOKED_AT_PAYMENT, customer=payment.customer, by=request.user, amount=words)

    @admin.display(description=_("customer"))
    def customer_page(self, payment):
        return link(payment.customer)

    @admin.display(description=_("amount"), ordering="amount")
    def shown(self, payment):
        return amount(payment)

    @admin.display(description=_("number"), ordering="pk")
    def number(self, payment):
        return payment.pk

    @admin.display(description=_("way of paying"), ordering="gateway")
    def way(self, payment):
        return gateways.label(payment.gateway)

    @admin.display(description=_("notifications"))
    def events_pages(self, payment):
        return links(payment.events.defer("body").order_by("pk"))

    @admin.display(description=_("cases"))
    def cases_pages(self, payment):
        return links(payment.cases.order_by("pk"))


class ConfirmForm(ActForm):
    warning = _("Only after the money was transferred: the customer reads that it was paid back.")
    done = _("The refund is done.")

    def act(self, *, by):
        refunds.confirm_by_hand(self.row, by=by)
        self.row.refresh_from_db()
        if self.row.state != Refund.State.DONE:
            raise forms.ValidationError(_("This cannot be done any more."))


class GiveUpForm(ActForm):
    warning = _(
        "Only when the money has not gone and will not go: it can then be paid back another way. What was topped up "
        "returns to the balance."
    )
    done = _("The refund was given up.")

    def act(self, *, by):
        refunds.give_up(self.row, by=by)
        self.row.refresh_from_db()
        if self.row.state != Refund.State.FAILED:
            raise forms.ValidationError(_("This cannot be done any more."))


def is_underway(refund):
    return refund.state in refunds.UNDERWAY


def waits_for_hand(refund):
    """Whether somebody has to transfer the money."""
    return refund.way == Refund.Way.BY_HAND and refund.state == Refund.State.WAITING


@admin.register(Refund)
class RefundAdmin(ActsMixin, LooksMixin, ReadOnlyAdmin):
    """Money that goes back; what is transferred by hand is confirmed here."""

    acts = [
        Act("confirm", _("It was transferred"), ConfirmForm, "billing.change_refund", waits_for_hand),
        Act("give-up", _("Give up"), GiveUpForm, "billing.change_refund", is_underway),
    ]
    list_display = ["pk", "customer", "shown", "way", "state", "created_at", "done_at", "error"]
    list_filter = ["state", "way"]
    search_fields = ["=pk", "=payment__pk", "=payment__customer__number", "=external_id"]
    fields = [
        "payment_page",
        "shown",
        "way",
        "state",
        "reason",
        "correction_page",
        "asked_by",
        "created_at",
        "done_at",
        "external_id",
        "attempts",
        "error",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("payment__customer", "correction", "asked_by")

    def write_look(self, request, refund):
        payment = refund.payment
        words = in_words(payment.amount, payment.currency)
        record(Action.ADMIN_LOOKED_AT_PAYMENT, customer=payment.customer, by=request.user, amount=words)

    @admin.display(description=_("customer"))
    def customer(self, refund):
        return refund.payment.customer

    @admin.display(description=_("amount"), ordering="amount")
    def shown(self, refund):
        return money.in_words(refund.amount, refund.payment.currency)

    @admin.display(description=_("payment"))
    def payment_page(self, refund):
        return link(refund.payment)

    @admin.display(description=_("correction"))
    def correction_page(self, refund):
        return link(refund.correction)
