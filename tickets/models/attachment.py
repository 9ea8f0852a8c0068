"""Files that people attach."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_selector


def storage_path(attachment, filename):
    """Where the file lies: a random name of ours; nothing of the name it came with."""
    return f"attachments/{timezone.now():%Y/%m}/{secrets.token_hex(16)}"


def thumbnail_path(attachment, filename):
    """The same for the small picture of it."""
    return f"thumbnails/{timezone.now():%Y/%m}/{secrets.token_hex(16)}"


class AttachmentQuerySet(models.QuerySet):
    def unsent_by(self, user):
        """Uploaded by this person and not yet part of a message."""
        return self.filter(uploaded_by=user, message=None)


class Attachment(models.Model):
    """A file of a message, or one uploaded for a message that is still being written."""

    message = models.ForeignKey(
        "tickets.Message", models.CASCADE, verbose_name=_("message"), null=True, blank=True, related_name="attachments"
    )
    # The draft that it comes back with; empty once it is sent.
    draft = models.ForeignKey(
        "tickets.Draft", models.SET_NULL, verbose_name=_("draft"), null=True, blank=True, related_name="files"
    )
    # Whose conversation it belongs to; empty until it is sent.
    customer = models.ForeignKey(
        "accounts.Customer",
        models.PROTECT,
        verbose_name=_("customer"),
        null=True,
        blank=True,
        related_name="attachments",
    )
    uploaded_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, verbose_name=_("uploaded by"), null=True, related_name="+"
    )
    token = models.CharField(_("name in addresses"), max_length=22, unique=True, default=new_selector)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=120)
    size = models.PositiveIntegerField(_("size"))
    file = models.FileField(_("file"), upload_to=storage_path, max_length=120)
    # Drawn by the worker when the file is a picture; "" until then, and for everything else.
    thumbnail = models.FileField(_("thumbnail"), upload_to=thumbnail_path, max_length=120, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    # Among the files of its message or draft, as the person put them; several that go up at once arrive in any order.
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["uploaded_at"], condition=models.Q(message=None), name="attachment_unsent"),
        ]

    def __str__(self):
        return self.name

    @property
    def stored(self):
        """(storage, name) of every file that lies somewhere because of this row."""
        return [(file.storage, file.name) for file in (self.file, self.thumbnail) if file]
