"""What the provider tells its customers: news and banners, in both languages, with dates and for whom."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.wording import worded
from services.models import Product


class PublishedQuerySet(models.QuerySet):
    def current(self):
        """What stands between its dates now."""
        now = timezone.now()
        return self.filter(Q(published_until=None) | Q(published_until__gt=now), published_from__lte=now)

    def for_holder_of(self, active):
        """What is meant for somebody with these active services; everything meant for all is among it."""
        return self.current().filter(
            Q(for_kind=Published.Audience.ALL) | Exists(active.filter(product__kind=OuterRef("for_kind"))),
            Q(product=None) | Exists(active.filter(product=OuterRef("product"))),
        )


class Published(models.Model):
    """A text in both languages that stands from one date to another for some of the customers."""

    class Audience(models.TextChoices):
        ALL = "all", _("Everybody")
        HOSTING = Product.Kind.HOSTING.value, _("Customers with hosting")
        DOMAIN = Product.Kind.DOMAIN.value, _("Customers with a domain")
        VOIP = Product.Kind.VOIP.value, _("Customers with VoIP")

    for_kind = models.CharField(_("for whom"), max_length=20, choices=Audience, default=Audience.ALL)
    product = models.ForeignKey(
        Product,
        models.CASCADE,
        verbose_name=_("only with the product"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Then only people who see an active service of this product read it."),
    )
    published_from = models.DateTimeField(_("from"), default=timezone.now)
    published_until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-published_from", "-pk"]
        indexes = [models.Index(fields=["-published_from", "-id"])]

    text = worded("text")

    def clean(self):
        """What would be over before it begins nobody would ever see."""
        if self.published_from and self.published_until and self.published_until <= self.published_from:
            raise ValidationError({"published_until": _("This is not after the beginning.")})


class News(Published):
    """Something that happened or will: maintenance, a new price, a new product."""

    title_pl = models.CharField(_("title in Polish"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150)
    text_pl = models.TextField(_("text in Polish"), help_text=_("Plain text; an empty line begins a paragraph."))
    text_en = models.TextField(_("text in English"), help_text=_("Plain text; an empty line begins a paragraph."))

    class Meta(Published.Meta):
        verbose_name = _("news item")
        verbose_name_plural = _("news")

    def __str__(self):
        return self.title_pl

    title = worded("title")


class Banner(Published):
    """One sentence or two at the top of the first page; the newest that fits is shown."""

    class Tone(models.TextChoices):
        INFO = "info", _("Information")
        OK = "ok", _("Offer")
        WARN = "warn", _("Warning")

    tone = models.CharField(_("tone"), max_length=10, choices=Tone, default=Tone.INFO)
    text_pl = models.CharField(_("text in Polish"), max_length=300)
    text_en = models.CharField(_("text in English"), max_length=300)
    link = models.CharField(
        _("link"),
        max_length=300,
        blank=True,
        validators=[RegexValidator(r"^(https://|/(?![/\\]))", _("Type an address that begins with https:// or /."))],
    )

    class Meta(Published.Meta):
        verbose_name = _("banner")
        verbose_name_plural = _("banners")

    def __str__(self):
        return self.text_pl
