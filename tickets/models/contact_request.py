"""What somebody wrote without signing in, until they show that the address is theirs."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import keys


class ContactRequest(models.Model):
    """A message from the contact form that nobody reads yet; gone once confirmed, or when its link has run out.

    The row holds the open half of the link. The secret half is an HMAC over it and the address with a key from
    outside the database, so that a stolen database confirms nothing.
    """

    LIFETIME = timedelta(hours=48)

    # Of the form as it was shown, so that a form sent twice comes once.
    key = models.CharField(_("key of the form"), max_length=32, unique=True, editable=False)
    selector = models.CharField(_("open half"), max_length=32, unique=True, default=keys.new_selector, editable=False)
    name = models.CharField(_("first and last name"), max_length=150)
    email = models.EmailField(_("e-mail"))
    # As it was typed; looked at by support, and by nobody before.
    account = models.CharField(_("login or customer number"), max_length=150, blank=True)
    category = models.ForeignKey(
        "tickets.Category", models.SET_NULL, verbose_name=_("category"), null=True, related_name="+"
    )
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=5)
    created_at = models.DateTimeField(_("written"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("message to be confirmed")
        verbose_name_plural = _("messages to be confirmed")

    def __str__(self):
        return f"{timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"

    @classmethod
    def living(cls):
        """Those that can still be confirmed."""
        return cls.objects.filter(created_at__gt=timezone.now() - cls.LIFETIME)

    @classmethod
    def find(cls, selector, mac):
        """The living one that this link is of, or None. Changes nothing."""
        found = cls.living().filter(selector=selector).first()
        return found if found and keys.same(mac, found.mac) else None

    @property
    def mac(self):
        """The secret half of the link."""
        return keys.link_mac(self.selector, "contact", self.email)

    @property
    def url(self):
        """The whole address as it stands in the mail. The secret is in it: never log or store it."""
        return settings.SITE_URL + reverse("tickets:contact_link", args=[self.selector, self.mac])
