"""Links and one-time codes: what proves that a person reads a mailbox or holds a phone."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import keys, limits


def hold(user):
    """Keeps others from the person's row until the transaction ends, so that of two issued at once the later lives."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)


class Link(models.Model):
    """A link with one purpose for one person, good once and until it expires.

    The row holds only a random selector. The secret half is an HMAC over selector, purpose and
    person with a key from outside the database, together with the person's e-mail and password hash:
    a stolen database makes no link, the worker writes the same link again when it repeats a mail, and
    a changed password or e-mail ends the link by itself. "This was not me" and the way back to an
    older address outlive such changes: a thief would make them first.
    """

    class Purpose(models.TextChoices):
        REGISTRATION = "registration", _("confirming a registration")
        ACTIVATION = "activation", _("activating a sub-user")
        PASSWORD = "password", _("setting a new password")
        NOT_ME = "not-me", _("“this was not me”")
        INVITATION = "invitation", _("accepting an invitation")
        EMAIL = "email", _("confirming a new e-mail address")
        EMAIL_BACK = "email-back", _("taking a new e-mail address back")

    LIFETIMES = {
        Purpose.REGISTRATION: timedelta(hours=48),
        Purpose.ACTIVATION: timedelta(hours=48),
        Purpose.PASSWORD: timedelta(hours=1),
        Purpose.NOT_ME: timedelta(days=7),
        Purpose.INVITATION: timedelta(hours=48),
        Purpose.EMAIL: timedelta(hours=24),
        Purpose.EMAIL_BACK: timedelta(days=7),
    }
    # A newer link of these ends the older ones; every sign-in mail keeps its own "not me".
    NEWER_ENDS_OLDER = {Purpose.REGISTRATION, Purpose.ACTIVATION, Purpose.PASSWORD, Purpose.EMAIL, Purpose.INVITATION}
    # What a changed password or e-mail, a block or "this was not me" ends. The others undo such things.
    ENDED_BY_CHANGES = NEWER_ENDS_OLDER

    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("user"), related_name="links")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, verbose_name=_("sub-user"), null=True, blank=True, related_name="links"
    )
    address = models.EmailField(_("e-mail"), blank=True)
    selector = models.CharField(_("open half"), max_length=32, unique=True, default=keys.new_selector)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("lives until"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        indexes = [models.Index(fields=["user", "purpose"])]

    def __str__(self):
        return f"{self.purpose} → {self.user}"

    @classmethod
    @transaction.atomic
    def issue(cls, user, purpose, *, membership=None, address=""):
        """A new link for `user`; ends the older ones of the same purpose where that is the rule.

        An invitation is one to `membership`; links about an e-mail change carry the other `address`.
        """
        hold(user)
        now = timezone.now()
        if purpose in cls.NEWER_ENDS_OLDER:
            older = cls.objects.filter(user=user, purpose=purpose, membership=membership, ended_at=None)
            older.update(ended_at=now)
        return cls.objects.create(
            user=user,
            purpose=purpose,
            membership=membership,
            address=address,
            created_at=now,
            expires_at=now + cls.LIFETIMES[purpose],
        )

    @classmethod
    def end_all(cls, user, *purposes):
        """Ends the person's living links of the named purposes."""
        cls.objects.filter(user=user, purpose__in=purposes, ended_at=None).update(ended_at=timezone.now())

    @classmethod
    def find(cls, token, purpose):
        """The living link that `token` is the secret of, or None. Changes nothing."""
        selector, _dot, mac = token.partition(".")
        link = cls.objects.select_related("user").filter(selector=selector, purpose=purpose).first()
        if link and link.is_alive and keys.same(mac, link.mac) and not link.user.is_shut_out:
            return link
        return None

    @property
    def is_alive(self):
        """Neither used nor replaced nor expired."""
        return self.ended_at is None and timezone.now() < self.expires_at

    @property
    def mac(self):
        """The secret half of the token."""
        bound_to = [self.user.email, self.user.password] if self.purpose in self.ENDED_BY_CHANGES else []
        about = [part for part in (self.membership_id, self.address) if part]
        return keys.link_mac(self.selector, self.purpose, self.user_id, *bound_to, *about)

    @property
    def url(self):
        """The whole address as it stands in the mail. The secret is in it: never log or store it."""
        return settings.SITE_URL + reverse("accounts:link", args=[self.purpose, f"{self.selector}.{self.mac}"])

    def use(self):
        """Uses the link up; True for exactly one caller, whoever else tries at the same moment."""
        now = timezone.now()
        return bool(Link.objects.filter(pk=self.pk, ended_at=None, expires_at__gt=now).update(ended_at=now))


class OneTimeCode(models.Model):
    """Six digits sent to a person for one purpose within one session.

    The digits are an HMAC of the row's nonce under a key from outside the database; the row alone
    tells nobody the code, and a mail that is sent again carries the same one.
    """

    LIFETIME = timedelta(minutes=10)
    RESEND_AFTER = timedelta(seconds=60)
    TRIES = 5
    RESENDS = 3
    DIGITS = 6

    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("user"), related_name="one_time_codes")
    purpose = models.CharField(_("purpose"), max_length=20)
    channel = models.CharField(_("channel"), max_length=10)
    nonce = models.CharField(_("open half"), max_length=32, default=keys.new_selector)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("lives until"))
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        indexes = [models.Index(fields=["user", "purpose"])]

    def __str__(self):
        return f"{self.purpose} → {self.user}"

    @classmethod
    @transaction.atomic
    def issue(cls, user, purpose, channel):
        """A new code; ends every older one of the same purpose."""
        hold(user)
        now = timezone.now()
        cls.objects.filter(user=user, purpose=purpose, ended_at=None).update(ended_at=now)
        return cls.objects.create(
            user=user, purpose=purpose, channel=channel, created_at=now, expires_at=now + cls.LIFETIME
        )

    @property
    def digits(self):
        """The code itself. Only the worker asks, while it writes the message."""
        return keys.short_code("one-time", self.nonce, self.DIGITS)

    @property
    def is_alive(self):
        """Neither used nor replaced nor expired nor guessed at too often."""
        return self.ended_at is None and self.tries < self.TRIES and timezone.now() < self.expires_at

    def may_resend(self, times):
        """Whether a fresh code may be sent after this one, when `times` were sent already."""
        return times < self.RESENDS and timezone.now() >= self.created_at + self.RESEND_AFTER

    def check_digits(self, typed):
        """Whether `typed` is the code; counts the try before comparing and uses the code up when right.

        The count is one conditional statement, so that of any number of parallel guesses only
        TRIES are looked at. Raises limits.TooMany when the account's hourly or daily allowance over
        all methods is used up.
        """
        limits.charge_second_step(self.user_id)
        now = timezone.now()
        living = OneTimeCode.objects.filter(pk=self.pk, ended_at=None, expires_at__gt=now)
        if not living.filter(tries__lt=self.TRIES).update(tries=F("tries") + 1):
            return False
        if not keys.same(typed, self.digits):
            return False
        if not living.update(ended_at=now):
            return False
        limits.give_back_second_step(self.user_id)
        limits.CODES_SENT.reset(self.user_id)
        if self.channel == "sms":
            limits.CODES_TO_NUMBER.reset(self.user.phone)
        return True
