"""People who sign in, and for which customers they act."""

from dataclasses import dataclass, fields

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import permissions
from accounts.identifiers import canonical_login, validate_phone
from accounts.models.security import Link

# What the login of an erased person begins with; no login that can be chosen has a colon.
ERASED_LOGIN = "erased:"


class LoginField(models.CharField):
    """A login kept in one canonical form (NFKC, trimmed, case-folded), so that case never makes two.

    Values are brought to that form on every way to the database, lookups included; therefore the
    plain unique index makes logins unique without regard to case on any database.
    """

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return canonical_login(value) if isinstance(value, str) else value

    def pre_save(self, model_instance, add):
        value = canonical_login(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


class UserManager(BaseUserManager):
    def get_by_natural_key(self, login):
        return self.get(login=login)

    def create_superuser(self, login, email, password):
        """An administrator, active at once: whoever runs the command has the server in hand."""
        user = self.model(login=login, email=email, is_staff=True, is_superuser=True, activated_at=timezone.now())
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Active only once their own link was used and a password set."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("E-mail")
        SMS = "sms", _("SMS")

    class Way(models.TextChoices):
        """How the second step of signing in is taken; a person may prefer any but the recovery codes."""

        APP = "app", _("Authenticator app")
        PASSKEY = "passkey", _("Passkey")
        MAIL = "mail", _("Code by e-mail")
        SMS = "sms", _("Code by SMS")
        RECOVERY = "recovery", _("Recovery code")

    login = LoginField(
        _("login"),
        max_length=150,
        unique=True,
        validators=[
            RegexValidator(r"^[\w.@+-]{3,}$", _("Use at least 3 letters, digits or the characters . @ + - _"))
        ],
        error_messages={"unique": _("This login is taken.")},
    )
    email = models.EmailField(_("e-mail"), db_index=True)
    name = models.CharField(_("first and last name"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True, validators=[validate_phone])
    language = models.CharField(
        _("language"), max_length=5, default="pl", choices=[("pl", "Polski"), ("en", "English")]
    )
    # SMS goes nowhere until its owner has typed a code from it; another number loses that by itself.
    confirmed_phone = models.CharField(_("confirmed phone"), max_length=20, blank=True, editable=False)
    second_step = models.CharField(_("second step by"), max_length=10, choices=Way, default=Way.MAIL)
    # Beside an app or a passkey, which are stronger; without either codes always come.
    message_codes = models.BooleanField(_("codes by e-mail or SMS as well"), default=True)
    muted = models.JSONField(_("notifications switched off"), default=list, blank=True)
    texted = models.JSONField(_("notifications by text message"), default=list, blank=True)
    activated_at = models.DateTimeField(_("activated"), null=True, blank=True)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    blocked_reason = models.CharField(_("why blocked"), max_length=300, blank=True)
    is_support = models.BooleanField(
        _("support staff"), default=False, help_text=_("Answers messages and checks authorization codes.")
    )
    is_staff = models.BooleanField(
        _("administrator"), default=False, help_text=_("May open the administration pages.")
    )
    # Raised to end every session at once: it is part of what a session must match.
    session_generation = models.PositiveIntegerField(_("generation of sessions"), default=0, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["login"]
        constraints = [
            models.CheckConstraint(condition=~Q(login=""), name="user_has_a_login"),
        ]

    def __str__(self):
        return self.login

    @property
    def is_active(self):
        """May hold a session: activated and not blocked. Asked anew at every request."""
        return self.activated_at is not None and self.blocked_at is None

    @property
    def is_shut_out(self):
        """Whether every door is shut: blocked by the provider, or all that this person acted for is closed."""
        return self.blocked_at is not None or self.is_closed

    @property
    def is_closed(self):
        """Whether every customer of this person is closed; an invitation of an open one lets them in to answer it."""
        if self.has_staff_rights:
            return False
        closed = set(self.memberships.values_list("customer__closed_at", flat=True))
        return bool(closed) and None not in closed

    @property
    def is_any_staff(self):
        """Works for the provider, at the desk or in the administration."""
        return self.is_support or self.is_staff

    @property
    def has_staff_rights(self):
        """Whether there is anything of the provider's that this person may do."""
        return self.is_any_staff or self.is_superuser

    @property
    def display_name(self):
        """What others call this person: the name, or the login while there is none."""
        return self.name or self.login

    def get_full_name(self):
        return self.display_name

    def _get_session_auth_hash(self, secret=None):
        return f"{self.session_generation}:{super()._get_session_auth_hash(secret=secret)}"


@dataclass(frozen=True)
class Invited:
    """Somebody who has not accepted, by the words with which they were invited: who it is stays untold until then."""

    login: str
    name: str
    email: str
    phone: str
    language: str
    activated_at = blocked_at = None

    @property
    def display_name(self):
        return self.name or self.login


class Membership(models.Model):
    """A person acting for a customer: the role, and for a standard sub-user what it may do.

    While an invitation waits, `accepted_at` is empty, `invited_as` holds what was typed, and the row
    is blocked by a constraint: whoever asks for people with access never finds one who has not agreed.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        ADMINISTRATIVE = "administrative", _("Administrative")
        STANDARD = "standard", _("Standard")

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("user"), related_name="memberships")
    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, verbose_name=_("customer"), related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.STANDARD)
    permissions = models.JSONField(_("permissions"), default=list, blank=True)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True, default=timezone.now)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)
    invited_as = models.JSONField(_("invited as"), default=dict, blank=True)

    class Meta:
        verbose_name = _("sub-user")
        verbose_name_plural = _("users and sub-users")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "customer"],
                condition=Q(accepted_at__isnull=False),
                name="one_membership_per_person",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=False) | Q(blocked_at__isnull=False),
                name="invited_people_are_shut_out",
            ),
            models.UniqueConstraint(fields=["customer"], condition=Q(role="owner"), name="one_owner_per_customer"),
        ]

    def __str__(self):
        return f"{self.user} @ {self.customer}"

    @property
    def is_invitation(self):
        """Whether the person, who has a login already, has not agreed yet."""
        return self.accepted_at is None

    @property
    def person(self):
        """Whom the customer sees here: the person, or until they agree only what was typed."""
        if not self.is_invitation:
            return self.user
        return Invited(**{field.name: self.invited_as.get(field.name, "") for field in fields(Invited)})

    @property
    def known_user(self):
        """The person, or None while the customer must not learn who it is."""
        return None if self.is_invitation else self.user

    @property
    def is_waiting(self):
        """Whether the person has neither accepted nor set a password: for the customer these are the same."""
        return self.is_invitation or self.user.activated_at is None

    @property
    def other_address(self):
        """The address typed for somebody who accepted from another one and stays blocked until they are looked at."""
        return self.invited_as.get("email", "") if self.blocked_at and not self.is_invitation else ""

    @property
    def link_expires_at(self):
        """Until when the mailed activation or invitation works; None when it no longer does."""
        until = self.invited_at and self.invited_at + Link.LIFETIMES[Link.Purpose.ACTIVATION]
        return until if until and until > timezone.now() else None

    @property
    def sees_everything(self):
        """Whether everything of the customer is theirs to see: the owner and administrative people."""
        return self.role in (self.Role.OWNER, self.Role.ADMINISTRATIVE)

    @property
    def is_owner(self):
        """Whether this is the person who registered or was handed the customer."""
        return self.role == self.Role.OWNER

    def may(self, permission):
        """Whether this person has `permission` (a member of some app's Permission enum) here."""
        return self.sees_everything or permission.value in self.permissions

    @property
    def permission_labels(self):
        """The words for what a standard sub-user may use."""
        return permissions.labels(self.permissions)
