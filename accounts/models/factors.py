"""What a person has registered for the second step of signing in: an app, passkeys, recovery codes."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import keys


class AuthenticatorApp(models.Model):
    """An app that makes codes from a shared seed and the time (TOTP, RFC 6238); one a person."""

    user = models.OneToOneField(
        "accounts.User", models.CASCADE, verbose_name=_("user"), related_name="authenticator_app"
    )
    seed = models.TextField(_("seed, encrypted"))
    # A code is good for one use: the step of the last accepted one, and none at or before it, again.
    last_step = models.BigIntegerField(_("last accepted time step"))
    created_at = models.DateTimeField(_("added"), default=timezone.now)
    used_at = models.DateTimeField(_("last used"), default=timezone.now)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")

    def __str__(self):
        return f"{self.user}"

    def use(self, step):
        """Takes the code of this time step; True for exactly one caller, and never for a step used before."""
        later = AuthenticatorApp.objects.filter(pk=self.pk, seed=self.seed, last_step__lt=step)
        return bool(later.update(last_step=step, used_at=timezone.now()))


class Passkey(models.Model):
    """A key pair in somebody's phone, computer or security key (WebAuthn); we keep the public half."""

    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("user"), related_name="passkeys")
    name = models.CharField(_("name"), max_length=60)
    credential_id = models.CharField(_("id, base64url"), max_length=1400, unique=True)
    public_key = models.BinaryField(_("public key"))
    # Counted by the authenticator itself, if it counts at all; one that runs backwards is a copy.
    sign_count = models.BigIntegerField(_("counter of signatures"))
    created_at = models.DateTimeField(_("added"), default=timezone.now)
    used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        ordering = ["created_at"]

    def __str__(self):
        return f"{self.name} ({self.user})"

    def use(self, sign_count):
        """Notes a signature; False when its counter did not grow beyond what was seen before."""
        known = Passkey.objects.filter(pk=self.pk)
        if sign_count or self.sign_count:
            known = known.filter(sign_count__lt=sign_count)
        return bool(known.update(sign_count=sign_count, used_at=timezone.now()))


class RecoveryCode(models.Model):
    """One of the codes that a person has printed; only its HMAC is kept, and it works once."""

    # So few are told of, and warned about.
    FEW = 3

    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("user"), related_name="recovery_codes")
    code_mac = models.CharField(_("fingerprint of the code"), max_length=64)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user", "code_mac"], name="recovery_code_once_a_person")]

    def __str__(self):
        return f"{self.user}, {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"

    @staticmethod
    def mac_of(user, typed):
        """What is kept of a code; bound to its person, whatever case, dashes or spaces it was typed with."""
        plain = "".join(letter for letter in typed.lower() if letter.isalnum())
        return keys.mac("recovery", user.pk, plain)

    @classmethod
    def use(cls, user, typed):
        """Uses up the person's code that `typed` is; True for exactly one caller."""
        unused = cls.objects.filter(user=user, code_mac=cls.mac_of(user, typed), used_at=None)
        return bool(unused.update(used_at=timezone.now()))

    @classmethod
    def left(cls, user):
        """How many of the person's codes still work."""
        return cls.objects.filter(user=user, used_at=None).count()
