"""Documents, with what staff do to them."""

from django import forms
from django.contrib import admin
from django.http import FileResponse, Http404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import Act, ActForm, ActsMixin
from accounts.admin.looking import LooksMixin
from accounts.admin.reading import NOTHING, ReadOnlyAdmin, ReadOnlyInline
from accounts.history import record
from billing import checkout, delivering
from billing.actions import Action
from billing.admin import correcting
from billing.admin.parts import amount, link, links
from billing.admin.refunding import can_go_back
from billing.admin.transferring import ForDocumentForm
from billing.models import Delivery, Document, DocumentLine, DocumentRate, EInvoice, Receivable


class SendAgainForm(ActForm):
    warning = _("The mail with the document is sent again; a PDF that is missing is made.")
    done = _("The document is being sent.")

    def act(self, *, by):
        delivering.send_again(self.row, by=by)


class CancelForm(ActForm):
    warning = _("The proforma is no longer to be paid, and its services can be ordered anew.")
    done = _("The order was cancelled.")

    def act(self, *, by):
        if not checkout.cancel(self.row.receivable, by=by):
            raise forms.ValidationError(_("It has been paid meanwhile."))


def owed(document):
    """What is owed for a proforma; None for what is none."""
    return getattr(document, "receivable", None)


def is_open(document):
    """Whether the document waits for payment."""
    return owed(document) is not None and owed(document).state == Receivable.State.OPEN


ACTS = [
    Act("send", _("Send again"), SendAgainForm, "billing.change_document", lambda d: not d.is_proforma or is_open(d)),
    Act("transfer", _("Note a bank transfer"), ForDocumentForm, "billing.add_payment", is_open),
    Act("cancel", _("Cancel the order"), CancelForm, "billing.change_order", is_open),
    Act("correct", _("Correct"), correcting.LinesForm, "billing.add_document", correcting.is_invoice),
    Act("zero", _("Correct to zero"), correcting.ToZeroForm, "billing.add_document", correcting.is_invoice),
    Act("buyer", _("Correct the buyer's data"), correcting.BuyerForm, "billing.add_document", correcting.is_invoice),
    Act(
        "refund",
        _("Pay back"),
        correcting.PayBackForm,
        "billing.add_refund",
        lambda d: not d.is_proforma and can_go_back(correcting.payment_of(d)),
    ),
]


class LineInline(ReadOnlyInline):
    model = DocumentLine
    fields = readonly_fields = ["position", "before", "name", "shown_quantity", "unit", "price", "amount", "tax_rate"]

    @admin.display(description=_("quantity"))
    def shown_quantity(self, line):
        return correcting.quantity_words(line)


class RateInline(ReadOnlyInline):
    model = DocumentRate
    fields = readonly_fields = ["rate", "net", "vat", "gross"]


class ReceivableInline(ReadOnlyInline):
    model = Receivable
    fields = readonly_fields = ["amount", "due_on", "state", "paid_at", "cancelled_at"]


class DeliveryInline(ReadOnlyInline):
    model = Delivery
    fields = readonly_fields = ["made_at", "mailed_at", "attempts", "error", "sha256"]


class EInvoiceInline(ReadOnlyInline):
    model = EInvoice
    fields = readonly_fields = ["provider", "state", "number", "attempts", "error"]


@admin.register(Document)
class DocumentAdmin(ActsMixin, LooksMixin, ReadOnlyAdmin):
    """What was issued; nothing here changes it."""

    acts = ACTS
    list_display = ["number", "customer", "issued_on", "total", "state", "due_on"]
    list_filter = ["kind", "receivable__state"]
    list_select_related = ["customer", "receivable"]
    search_fields = ["number", "=customer__number", "customer__name"]
    ordering = ["-pk"]
    inlines = [LineInline, RateInline, ReceivableInline, DeliveryInline, EInvoiceInline]
    fieldsets = [
        (None, {"fields": ["number", "kind", "customer_page", "total", "net", "vat", "pdf"]}),
        (_("Dates"), {"fields": ["issued_at", "supplied_on", "period_from", "period_to", "due_on", "paid_on"]}),
        (_("Parties"), {"fields": ["seller_text", "buyer_text", "language"]}),
        (
            _("What belongs to it"),
            {"fields": ["proforma_page", "invoices_pages", "corrects_page", "corrections_pages", "payments_pages"]},
        ),
        (_("Correction"), {"fields": ["correction_reason", "correction_type"]}),
    ]
    readonly_fields = [name for _words, part in fieldsets for name in part["fields"]]

    def get_queryset(self, request):
        related = ["customer__provider", "receivable", "proforma", "corrects", "delivery"]
        return super().get_queryset(request).select_related(*related)

    def get_urls(self):
        pdf = self.admin_site.admin_view(self.pdf_file)
        return [path("<path:object_id>/pdf/", pdf, name="billing_document_pdf"), *super().get_urls()]

    def get_fieldsets(self, request, obj=None):
        is_correction = obj and obj.kind == Document.Kind.CORRECTION
        return self.fieldsets if is_correction else self.fieldsets[:-1]

    def get_inlines(self, request, obj):
        """A proforma is owed and is no e-invoice; the others are paid for by it."""
        return [inline for inline in self.inlines if inline is not (EInvoiceInline if owed(obj) else ReceivableInline)]

    def write_look(self, request, document):
        record(Action.ADMIN_LOOKED_AT_DOCUMENT, customer=document.customer, by=request.user, document=document.number)

    def pdf_file(self, request, object_id):
        """The PDF as the customer has it; opening it is a look."""
        document = self.get_object(request, object_id)
        if document is None or not self.has_view_permission(request, document) or not document.delivery.pdf:
            raise Http404
        try:
            file = document.delivery.pdf.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        self.write_look(request, document)
        return FileResponse(file, filename=document.file_name, content_type="application/pdf")

    @admin.display(description=_("PDF"))
    def pdf(self, document):
        if not document.delivery.pdf:
            return NOTHING
        address = reverse("admin:billing_document_pdf", args=[document.pk])
        return format_html('<a href="{}">{}</a>', address, document.file_name)

    @admin.display(description=_("customer"))
    def customer_page(self, document):
        return link(document.customer)

    @admin.display(description=_("gross"), ordering="gross")
    def total(self, document):
        return amount(document, "gross")

    @admin.display(description=_("state"))
    def state(self, document):
        return owed(document).get_state_display() if owed(document) else document.get_kind_display()

    @admin.display(description=_("seller"))
    def seller_text(self, document):
        return party(document.seller)

    @admin.display(description=_("buyer"))
    def buyer_text(self, document):
        return party(document.buyer)

    @admin.display(description=_("proforma"))
    def proforma_page(self, document):
        return link(document.proforma)

    @admin.display(description=_("VAT invoice"))
    def invoices_pages(self, document):
        return links(document.invoices.all())

    @admin.display(description=_("corrects"))
    def corrects_page(self, document):
        return link(document.corrects)

    @admin.display(description=_("corrections"))
    def corrections_pages(self, document):
        return links(document.corrections.order_by("pk"))

    @admin.display(description=_("payments"))
    def payments_pages(self, document):
        if owed(document):
            parts = document.receivable.parts.select_related("payment")
            return links(part.payment for part in parts)
        return link(correcting.payment_of(document))


def party(who):
    """Seller or buyer in a few lines."""
    lines = [who.name, who.line1, who.line2, f"NIP {who.tax_id}" if who.tax_id else ""]
    return "\n".join(line for line in lines if line)
