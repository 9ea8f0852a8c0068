"""What was erased after an account was closed: when and how much, and no word of what it was."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """One term (accounts.retention.Term) of one customer, or all of one person; `rows` counts by model.

    The person is a plain copy of the key: their row says nothing of them any more.
    """

    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), null=True, related_name="erasures"
    )
    person_id = models.BigIntegerField(_("user"), null=True)
    term = models.CharField(_("what is erased"), max_length=10)
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    rows = models.JSONField(_("rows"), default=dict)
    error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "term"], name="a_term_is_erased_once"),
            models.UniqueConstraint(fields=["person_id"], name="a_person_is_erased_once"),
            models.CheckConstraint(
                condition=Q(customer=None, person_id__isnull=False) | Q(customer__isnull=False, person_id=None),
                name="erasure_is_of_a_customer_or_a_person",
            ),
        ]

    def __str__(self):
        return f"{self.customer or self.person_id}: {self.term}"
