"""How a document reaches its buyer: the PDF, the mail, the e-invoice. Beside what was issued, never in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_selector


def pdf_path(delivery, filename):
    """PDFs lie under random names, outside anything that is served."""
    return f"documents/{delivery.document.issued_on:%Y/%m}/{new_selector()}.pdf"


class Delivery(models.Model):
    """The PDF of a document, made once, and whether it was mailed."""

    document = models.OneToOneField(
        "billing.Document", models.PROTECT, verbose_name=_("document"), related_name="delivery"
    )
    pdf = models.FileField(_("PDF"), upload_to=pdf_path, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mail written"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self):
        return str(self.document)


class EInvoice(models.Model):
    """What became of a document at the e-invoice system that its seller uses."""

    class State(models.TextChoices):
        NOT_NEEDED = "not_needed", _("Not sent as an e-invoice")
        QUEUED = "queued", _("Waiting")
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    document = models.OneToOneField(
        "billing.Document", models.PROTECT, verbose_name=_("document"), related_name="e_invoice"
    )
    provider = models.CharField(_("e-invoice system"), max_length=20)
    state = models.CharField(_("state"), max_length=12, choices=State)
    number = models.CharField(_("number there"), max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("e-invoice")
        verbose_name_plural = _("e-invoices")

    def __str__(self):
        return str(self.document)
