"""Balances, their movements, and the one that staff answer for."""

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import Act, ActForm, ActsMixin
from accounts.admin.looking import LooksMixin
from accounts.admin.reading import ReadOnlyAdmin
from accounts.history import record
from accounts.keys import new_selector
from billing import money, wallet
from billing.actions import Action
from billing.admin.parts import link, list_of
from billing.models import Wallet, WalletEntry


class AdjustForm(ActForm):
    """How much more or less, and why. Its token makes a form that is sent twice one movement."""

    amount = forms.DecimalField(
        label=_("amount"), max_digits=12, decimal_places=2, help_text=_("With a minus to take money away.")
    )
    text = forms.CharField(label=_("for"), max_length=200, help_text=_("The customer reads it beside the movement."))
    token = forms.CharField(widget=forms.HiddenInput, initial=new_selector, max_length=40)
    done = _("The balance was changed.")

    def clean_amount(self):
        """Nothing is no movement."""
        if not self.cleaned_data["amount"]:
            raise forms.ValidationError(_("Type an amount other than zero."))
        return self.cleaned_data["amount"]

    def act(self, *, by):
        data = self.cleaned_data
        reference = f"adjustment:{data['token']}"
        try:
            wallet.adjust(self.row.customer, data["amount"], text=data["text"], reference=reference, by=by)
        except wallet.NotEnough as refusal:
            words = _("The balance is smaller than this amount.")
            raise forms.ValidationError({"amount": words}) from refusal


@admin.register(Wallet)
class WalletAdmin(ActsMixin, LooksMixin, ReadOnlyAdmin):
    """What customers have, which is the sum of what moved."""

    acts = [Act("adjust", _("Change the balance"), AdjustForm, "billing.change_wallet")]
    list_display = ["customer", "shown", "threshold", "warned_at"]
    search_fields = ["=customer__number", "customer__name"]
    fields = ["customer_page", "shown", "threshold", "warned_at", "entries_page"]

    def get_queryset(self, request):
        last = WalletEntry.objects.filter(wallet=OuterRef("pk")).order_by("-pk").values("balance_after")
        return super().get_queryset(request).select_related("customer").annotate(last=Subquery(last[:1]))

    def write_look(self, request, row):
        record(Action.ADMIN_LOOKED_AT_WALLET, customer=row.customer, by=request.user)

    @admin.display(description=_("balance"))
    def shown(self, row):
        return money.in_words(row.last or money.ZERO, row.currency)

    @admin.display(description=_("customer"))
    def customer_page(self, row):
        return link(row.customer)

    @admin.display(description=_("movements"))
    def entries_page(self, row):
        return list_of(WalletEntry, _("all movements"), wallet=row.pk)


@admin.register(WalletEntry)
class WalletEntryAdmin(LooksMixin, ReadOnlyAdmin):
    """Movements, which never change: a wrong one is set right by another."""

    list_display = ["at", "customer", "kind", "amount", "balance_after", "text", "by"]
    list_filter = ["kind"]
    list_select_related = ["wallet__customer", "by", "payment"]
    search_fields = ["=reference", "=wallet__customer__number"]
    fields = [*list_display, "reference", "payment_page"]

    def lookup_allowed(self, lookup, value, request):
        return lookup == "wallet" or super().lookup_allowed(lookup, value, request)

    def write_look(self, request, entry):
        record(Action.ADMIN_LOOKED_AT_WALLET, customer=entry.wallet.customer, by=request.user)

    @admin.display(description=_("customer"))
    def customer(self, entry):
        return entry.wallet.customer

    @admin.display(description=_("payment"))
    def payment_page(self, entry):
        return link(entry.payment)
