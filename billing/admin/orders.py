"""Orders, number series and e-invoices, which are only read."""

from django.contrib import admin
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LooksMixin
from accounts.admin.reading import NOTHING, ReadOnlyAdmin, ReadOnlyInline
from accounts.history import record
from billing.actions import Action
from billing.admin.parts import link, links
from billing.models import EInvoice, NumberSeries, Order, OrderLine
from services.models import OptionValue

# Lines of an order that its row in the list tells of.
SHOWN_LINES = 3


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    """The last number drawn of each series; an administrator changes none."""

    list_display = fields = ["code", "year", "last"]


class OrderLineInline(ReadOnlyInline):
    model = OrderLine
    fields = readonly_fields = ["position", "act", "thing", "options", "price", "months", "state"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("service", "product", "price__product")

    @admin.display(description=_("service"))
    def thing(self, line):
        """The service, or what is bought while there is none."""
        return link(line.service, line.thing) if line.service else line.thing

    @admin.display(description=_("options"))
    def options(self, line):
        values = OptionValue.objects.filter(pk__in=line.chosen).select_related("option") if line.chosen else []
        return ", ".join(f"{value.option}: {value}" for value in values) or NOTHING


@admin.register(Order)
class OrderAdmin(LooksMixin, ReadOnlyAdmin):
    """What was ordered at once, and whether it was done."""

    list_display = ["number", "customer", "what", "how_it_stands", "placed_by", "placed_at"]
    list_select_related = ["customer", "placed_by"]
    search_fields = ["=pk", "=customer__number", "customer__name"]
    list_filter = ["is_free", "lines__act", "lines__state"]
    fields = [
        *("customer", "placed_by", "placed_at", "promo", "is_free", "terms", "early_start_asked_at"),
        "documents_pages",
    ]
    inlines = [OrderLineInline]

    def get_queryset(self, request):
        lines = OrderLine.objects.select_related("service", "product").order_by("position")
        return super().get_queryset(request).prefetch_related(Prefetch("lines", lines))

    @admin.display(description=_("number"), ordering="pk")
    def number(self, order):
        return order.pk

    @admin.display(description=_("what"))
    def what(self, order):
        """The first things in it; there may be hundreds."""
        lines = list(order.lines.all())
        more = ["…"] if len(lines) > SHOWN_LINES else []
        return ", ".join([f"{line.get_act_display()}: {line.thing}" for line in lines[:SHOWN_LINES]] + more)

    @admin.display(description=_("state"))
    def how_it_stands(self, order):
        return ", ".join(dict.fromkeys(line.get_state_display() for line in order.lines.all())) or NOTHING

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
