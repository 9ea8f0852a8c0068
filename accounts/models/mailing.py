"""Mails to everybody on the mailing list."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mailing(models.Model):
    """One mail to the mailing list, in both languages. Once it is being sent nobody changes it."""

    subject_pl = models.CharField(_("subject in Polish"), max_length=150)
    subject_en = models.CharField(_("subject in English"), max_length=150)
    text_pl = models.TextField(_("text in Polish"))
    text_en = models.TextField(_("text in English"))
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    # How far the worker has come, by the keys of people.
    sent_up_to = models.BigIntegerField(_("sent up to the person"), default=0, editable=False)

    class Meta:
        verbose_name = _("mail to the mailing list")
        verbose_name_plural = _("mails to the mailing list")
        ordering = ["-pk"]

    def __str__(self):
        return self.subject_pl
