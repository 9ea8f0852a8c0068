"""The help centre: articles in both languages by category, their pictures, and what readers do with them."""

import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_selector
from accounts.wording import LANGUAGES, reading_language, worded

TITLE_LENGTH = 150
TEXT_LENGTH = 50_000
MISSING_LENGTH = 500
SEARCH_LENGTH = 100


class HelpCategory(models.Model):
    """A topic of the help centre."""

    name_pl = models.CharField(_("name in Polish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    slug = models.SlugField(_("name in addresses"), unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("topic of the help centre")
        verbose_name_plural = _("topics of the help centre")
        ordering = ["position", "id"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("help_topic", args=[self.slug])

    name = worded("name")


class ArticleQuerySet(models.QuerySet):
    def published(self):
        """What everybody may read."""
        return self.filter(state=Article.State.PUBLISHED)

    def titles(self):
        """Only what a list of links shows: texts are long."""
        shown = [f"title_{code}" for code in LANGUAGES]
        return self.only("slug", "category_id", *shown)


class Article(models.Model):
    """A text in Markdown, in both languages or, until it is translated, in one of them."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    category = models.ForeignKey(HelpCategory, models.PROTECT, verbose_name=_("topic"), related_name="articles")
    slug = models.SlugField(_("name in addresses"), max_length=80, unique=True)
    title_pl = models.CharField(_("title in Polish"), max_length=TITLE_LENGTH, blank=True)
    title_en = models.CharField(_("title in English"), max_length=TITLE_LENGTH, blank=True)
    text_pl = models.TextField(_("text in Polish"), max_length=TEXT_LENGTH, blank=True)
    text_en = models.TextField(_("text in English"), max_length=TEXT_LENGTH, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("text changed"), default=timezone.now, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["category", "state", "position", "id"])]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("help_article", args=[self.slug])

    def clean(self):
        """A language has both a title and a text, or neither; one of them is there."""
        for code in LANGUAGES:
            if bool(getattr(self, f"title_{code}")) != bool(getattr(self, f"text_{code}")):
                empty = next(name for name in (f"title_{code}", f"text_{code}") if not getattr(self, name))
                raise ValidationError({empty: _("An article has a title and a text in a language, or neither.")})
        if not any(getattr(self, f"title_{code}") for code in LANGUAGES):
            raise ValidationError(_("Write the article in one language at least."))

    @property
    def language(self):
        """The language in which it is shown: the reader's, or the other one while that is missing."""
        wanted = reading_language()
        return next((code for code in [wanted, *LANGUAGES] if getattr(self, f"title_{code}")), wanted)

    @property
    def is_translated(self):
        """Whether it is shown in the reader's language."""
        return self.language == reading_language()

    @property
    def title(self):
        """The title as it is shown."""
        return getattr(self, f"title_{self.language}")

    @property
    def text(self):
        """The Markdown of what is shown."""
        return getattr(self, f"text_{self.language}")

    def set_dates(self, changed):
        """Notes when it was first published and when its text changed, by the names of fields; does not save."""
        if self.is_published and not self.published_at:
            self.published_at = timezone.now()
        if any(name.startswith(("title_", "text_")) for name in changed):
            self.updated_at = timezone.now()

    @property
    def is_published(self):
        """Whether everybody may read it."""
        return self.state == self.State.PUBLISHED


def picture_path(picture, filename):
    """Stores a picture under a random name; its ending is that of the format we wrote."""
    return f"help/{secrets.token_hex(16)}.{filename.rpartition('.')[2]}"


class HelpImage(models.Model):
    """A picture in articles, as we wrote it anew ourselves."""

    name = models.CharField(_("what it shows"), max_length=150, help_text=_("Read out to people who do not see it."))
    token = models.CharField(_("name in addresses"), max_length=22, unique=True, default=new_selector, editable=False)
    file = models.ImageField(_("picture"), upload_to=picture_path, max_length=120)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("picture of the help centre")
        verbose_name_plural = _("pictures of the help centre")
        ordering = ["-uploaded_at", "-id"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("help_image", args=[self.token])

    @transaction.atomic
    def remove(self):
        """Deletes the picture, and its file once that is certain."""
        storage, name = self.file.storage, self.file.name
        self.delete()
        transaction.on_commit(lambda: storage.delete(name))


class ArticleVote(models.Model):
    """Whether an article helped somebody: one answer of each person, or of each browser that is not signed in."""

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="votes")
    # "u" and the person's key, or "b" and what the browser was given at its first answer.
    voter = models.CharField(_("voter"), max_length=40)
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, verbose_name=_("user"), null=True, blank=True, related_name="+"
    )
    helped = models.BooleanField(_("helped"))
    missing = models.CharField(_("what was missing"), max_length=MISSING_LENGTH, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("reader's answer")
        verbose_name_plural = _("readers' answers")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["article", "voter"], name="one_vote_a_reader")]
        indexes = [models.Index(fields=["-at", "-id"], condition=~Q(missing=""), name="articlevote_in_words")]

    def __str__(self):
        return f"{self.article}: {_('Yes') if self.helped else _('No')}"


class ArticleDay(models.Model):
    """How often an article was opened on one day."""

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="days")
    day = models.DateField(_("day"))
    views = models.PositiveIntegerField(_("views"), default=0)

    class Meta:
        verbose_name = _("day of an article")
        verbose_name_plural = _("days of articles")
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="one_row_a_day")]

    def __str__(self):
        return f"{self.article} {self.day}: {self.views}"


class MissedSearch(models.Model):
    """Words that were looked for and found nowhere."""

    words = models.CharField(_("words"), max_length=SEARCH_LENGTH)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    times = models.PositiveIntegerField(_("how often"), default=0)
    last_at = models.DateTimeField(_("last"), default=timezone.now)

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        constraints = [models.UniqueConstraint(fields=["words", "language"], name="one_row_for_these_words")]
        indexes = [models.Index(fields=["last_at"])]

    def __str__(self):
        return f"{self.words} ({self.language})"
