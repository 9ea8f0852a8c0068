"""What use of services costs, and what of it waits for a top-up."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LooksMixin
from accounts.admin.reading import ReadOnlyAdmin, SinceFilter
from accounts.history import record
from billing import money
from billing.actions import Action
from billing.admin.parts import link
from billing.models import UsageCharge, UsageInvoice


class ChargedFilter(SinceFilter):
    """What was charged, and what waits."""

    title, parameter_name, path = _("charged"), "charged", "charged_at"

    def lookups(self, request, model_admin):
        return [("no", _("waits for a top-up")), ("yes", _("charged"))]


@admin.register(UsageCharge)
class UsageChargeAdmin(LooksMixin, ReadOnlyAdmin):
    """The price of each use; drivers tell the uses, the worker charges them."""

    list_display = ["usage", "customer", "shown", "tax_rate", "created_at", "charged_at"]
    list_filter = [ChargedFilter]
    list_select_related = ["usage__service", "customer"]
    search_fields = ["=usage__reference", "=customer__number", "=invoice__document__number"]
    fields = [*list_display, "usage_page", "entry_page", "document_page"]

    def get_queryset(self, request):
        related = [*self.list_select_related, "entry__wallet", "invoice__document"]
        return super().get_queryset(request).select_related(*related)

    def write_look(self, request, charge):
        record(Action.ADMIN_LOOKED_AT_WALLET, customer=charge.customer, by=request.user)

    @admin.display(description=_("gross"))
    def shown(self, charge):
        return money.in_words(charge.gross)

    @admin.display(description=_("use of a service"))
    def usage_page(self, charge):
        return link(charge.usage)

    @admin.display(description=_("movement"))
    def entry_page(self, charge):
        return link(charge.entry)

    @admin.display(description=_("invoice"))
    def document_page(self, charge):
        return link(charge.invoice and charge.invoice.document)


@admin.register(UsageInvoice)
class UsageInvoiceAdmin(LooksMixin, ReadOnlyAdmin):
    """For which month each of these invoices is."""

    list_display = ["document", "customer", "month"]
    list_select_related = ["document", "customer"]
    date_hierarchy = "month"
    search_fields = ["=document__number", "=customer__number"]
    fields = ["document_page", "customer", "month"]

    def write_look(self, request, invoice):
        record(Action.ADMIN_LOOKED_AT_DOCUMENT, customer=invoice.customer, by=request.user, document=str(invoice))

    @admin.display(description=_("document"))
    def document_page(self, invoice):
        return link(invoice.document)
