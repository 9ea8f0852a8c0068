"""Answers that support gives again and again."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.wording import wording
from tickets.models.message import TEXT_LENGTH

# A word in braces is a field; "{}" and braces around more than a word are left as they are.
FIELD = re.compile(r"\{(\w+)\}")
FIELDS = ("customer_name", "case_number", "my_name", "service")


def validate_fields(text):
    """Refuses fields that nothing is put into."""
    unknown = sorted({f"{{{name}}}" for name in FIELD.findall(text) if name not in FIELDS})
    if unknown:
        raise ValidationError(
            _("There is no field %(unknown)s. Known are: %(known)s."),
            params={"unknown": ", ".join(unknown), "known": ", ".join(f"{{{name}}}" for name in FIELDS)},
        )


class CannedAnswer(models.Model):
    """A text that is put into an answer; what stands in braces is filled in, see tickets.canned."""

    title_pl = models.CharField(_("title in Polish"), max_length=80)
    title_en = models.CharField(_("title in English"), max_length=80)
    text_pl = models.TextField(_("text in Polish"), max_length=TEXT_LENGTH, validators=[validate_fields])
    text_en = models.TextField(_("text in English"), max_length=TEXT_LENGTH, validators=[validate_fields])
    category = models.ForeignKey(
        "tickets.Category",
        models.SET_NULL,
        verbose_name=_("category"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Offered in messages of this category only; in all of them when there is none."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("canned answer")
        verbose_name_plural = _("canned answers")
        ordering = ["position", "id"]

    def __str__(self):
        return wording(self, "title")
