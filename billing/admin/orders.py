"""Orders, number series and e-invoices, which are only read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LooksMixin
from accounts.admin.reading import NOTHING, ReadOnlyAdmin
from accounts.history import record
from billing.actions import Action
from billing.admin.parts import ReadOnlyInline, links
from billing.models import EInvoice, NumberSeries, Order, OrderLine


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    """The last number drawn of each series; an administrator changes none."""

    list_display = fields = ["code", "year", "last"]


class OrderLineInline(ReadOnlyInline):
    model = OrderLine
    fields = readonly_fields = ["position", "service", "price", "months", "state"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("service", "price__product")


@admin.register(Order)
class OrderAdmin(LooksMixin, ReadOnlyAdmin):
    """What was ordered at once, and whether it was done."""

    list_display = ["pk", "customer", "placed_by", "placed_at"]
    list_select_related = ["customer", "placed_by"]
    search_fields = ["=pk", "=customer__number", "customer__name"]
    fields = ["customer", "placed_by", "placed_at", "documents_pages"]
    inlines = [OrderLineInline]

    def write_look(self, request, order):
        proforma = order.documents.order_by("pk").first()
        number = proforma.number if proforma else NOTHING
        record(Action.ADMIN_LOOKED_AT_DOCUMENT, customer=order.customer, by=request.user, document=number)

    @admin.display(description=_("documents"))
    def documents_pages(self, order):
        return links(order.documents.order_by("pk"))


@admin.register(EInvoice)
class EInvoiceAdmin(ReadOnlyAdmin):
    """What became of documents at the e-invoice system."""

    list_display = ["document", "provider", "state", "number", "attempts", "error", "updated_at"]
    fields = list_display
    list_filter = ["state"]
    list_select_related = ["document"]
    search_fields = ["document__number", "number"]
