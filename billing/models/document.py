"""Documents as they were issued: frozen copies, which triggers in the database keep from changing."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models.fields import Amount, Currency
from billing.parties import Buyer, Seller

# In whole grosze: SQLite adds in floating point, where 0.10 + 0.20 is not 0.30.
SUM = Round(F("net") + F("vat"), 2)


class Document(models.Model):
    """A proforma, an invoice or a correction, with everything on it copied when it was issued.

    What happens to it later (payment, delivery, e-invoice) stands in tables of their own.
    """

    class Kind(models.TextChoices):
        PROFORMA = "proforma", _("Proforma invoice")
        INVOICE = "invoice", _("VAT invoice")
        CORRECTION = "correction", _("Correction invoice")

    class Status(models.TextChoices):
        """How it is shown: what is owed for a proforma, and what became of an invoice."""

        OPEN = "open", _("To be paid")
        OVERDUE = "overdue", _("Overdue")
        PAID = "paid", pgettext_lazy("invoice", "Paid")
        CANCELLED = "cancelled", _("Cancelled")
        CORRECTED = "corrected", _("Corrected")
        ISSUED = "issued", _("Issued")

    class CorrectionType(models.IntegerChoices):
        """TypKorekty of FA(3): in which period a correction counts."""

        ORIGINAL = 1, _("in the period of the original invoice")
        CORRECTION = 2, _("in the period of the correction")
        OTHER = 3, _("in another period")

    provider = models.ForeignKey("accounts.Provider", models.PROTECT, verbose_name=_("provider"), related_name="+")
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    series = models.CharField(_("series"), max_length=10)
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("number in the series"))
    number = models.CharField(_("number"), max_length=40)
    issued_at = models.DateTimeField(_("issued at"))
    issued_on = models.DateField(_("date of issue"), help_text=_("In Europe/Warsaw (P_1)."))
    supplied_on = models.DateField(_("date of supply or payment"), null=True, blank=True)  # P_6
    period_from = models.DateField(_("period from"), null=True, blank=True)  # OkresFa, instead of P_6
    period_to = models.DateField(_("period to"), null=True, blank=True)
    due_on = models.DateField(_("payable until"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    paid_by = models.CharField(_("paid by"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=5)
    currency = Currency(_("currency"))
    from_gross = models.BooleanField(_("counted from gross"))
    net, vat, gross = Amount(_("net")), Amount(_("VAT")), Amount(_("gross"))
    seller_data = models.JSONField(_("seller"), encoder=DjangoJSONEncoder)
    buyer_data = models.JSONField(_("buyer"), encoder=DjangoJSONEncoder)
    # Adnotacje of FA(3), as they were when it was issued: see billing.parties.Notes.
    notes_data = models.JSONField(_("annotations"), default=dict)
    order = models.ForeignKey(
        "billing.Order", models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="documents"
    )
    proforma = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("proforma"), null=True, blank=True, related_name="invoices"
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("corrects"), null=True, blank=True, related_name="corrections"
    )
    correction_reason = models.CharField(_("reason of the correction"), max_length=256, blank=True)
    correction_type = models.PositiveSmallIntegerField(_("counts"), choices=CorrectionType, null=True, blank=True)
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 over all that was issued."))

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "series", "year", "sequence"], name="a_number_is_drawn_once"),
            models.UniqueConstraint(fields=["provider", "number"], name="a_number_names_one_document"),
            models.UniqueConstraint(
                fields=["proforma"], condition=Q(kind="invoice"), name="a_proforma_becomes_one_invoice"
            ),
            models.UniqueConstraint(fields=["order"], condition=Q(kind="proforma"), name="an_order_has_one_proforma"),
            models.CheckConstraint(condition=Q(gross=SUM), name="document_adds_up"),
            models.CheckConstraint(
                condition=Q(kind="correction", corrects__isnull=False) | (~Q(kind="correction") & Q(corrects=None)),
                name="only_corrections_correct",
            ),
        ]
        indexes = [models.Index(fields=["customer", "-issued_on", "-id"], name="documents_of_a_customer")]

    def __str__(self):
        return self.number

    @property
    def seller(self):
        """The seller as it was then."""
        return Seller(**self.seller_data)

    @property
    def buyer(self):
        """The buyer as they were then."""
        return Buyer(**self.buyer_data)

    @property
    def is_proforma(self):
        return self.kind == self.Kind.PROFORMA

    @cached_property
    def is_corrected(self):
        """Whether a correction was issued to it; lists find that out for all their rows at once."""
        return self.corrections.exists()

    @property
    def status(self):
        """The Status to show."""
        if self.is_proforma:
            return self.Status(self.receivable.status)
        if self.kind == self.Kind.CORRECTION:
            return self.Status.ISSUED
        return self.Status.CORRECTED if self.is_corrected else self.Status.PAID

    @property
    def is_payable(self):
        """Whether it waits for money."""
        return self.is_proforma and self.receivable.status in (self.Status.OPEN, self.Status.OVERDUE)

    @property
    def paid_day(self):
        """On which day it was paid, or None; what an invoice says, and for a proforma when the money came."""
        if self.is_proforma and self.receivable.paid_at:
            return timezone.localdate(self.receivable.paid_at)
        return self.paid_on

    @property
    def file_name(self):
        """What its PDF is called: the number without what file systems dislike."""
        return f"{self.number.replace('/', '-')}.pdf"


class DocumentLine(models.Model):
    """A line of a document. On a correction lines come in pairs: as it was (`before`) and as it is to be.

    `price` and `amount` are net or gross, as `Document.from_gross` says (P_9A and P_11, or P_9B and P_11A).
    """

    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("document"), related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    before = models.BooleanField(_("before the correction"), default=False)
    name = models.CharField(_("name"), max_length=512)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=6)
    unit = models.CharField(_("unit"), max_length=20)
    price = Amount(_("unit price"))
    amount = Amount(_("amount"))
    tax_rate = models.CharField(_("VAT rate"), max_length=4)
    tax_point = models.CharField(_("tax point"), max_length=10)
    pkwiu = models.CharField(_("PKWiU"), max_length=20, blank=True)
    gtu = models.CharField(_("GTU code"), max_length=6, blank=True)
    in_annex_15 = models.BooleanField(_("in annex 15"), default=False)
    period_from = models.DateField(_("period from"), null=True, blank=True)
    period_to = models.DateField(_("period to"), null=True, blank=True)
    # A plain key: the document outlives the line of the order and the service.
    order_line_id = models.BigIntegerField(_("line of the order"), null=True, blank=True)
    service_id = models.BigIntegerField(_("service"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("line of a document")
        verbose_name_plural = _("lines of documents")
        ordering = ["document", "position", "-before"]
        constraints = [
            models.UniqueConstraint(fields=["document", "position", "before"], name="document_line_position")
        ]

    def __str__(self):
        return f"{self.position}. {self.name}"


class DocumentRate(models.Model):
    """What a document charges at one rate of tax; on a correction, by how much that changes."""

    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("document"), related_name="rates")
    rate = models.CharField(_("VAT rate"), max_length=4)
    net, vat, gross = Amount(_("net")), Amount(_("VAT")), Amount(_("gross"))

    class Meta:
        verbose_name = _("sum of a rate")
        verbose_name_plural = _("sums by rate")
        ordering = ["document", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "rate"], name="a_rate_is_summed_once"),
            models.CheckConstraint(condition=Q(gross=SUM), name="rate_adds_up"),
        ]

    def __str__(self):
        return f"{self.document}: {self.rate}"
