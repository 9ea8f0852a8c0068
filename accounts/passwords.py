"""Passwords: how they are hashed (argon2id) and what they must contain."""

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Each hash takes 46 MiB; more than this at once would starve the pages of other people.
HASHES_AT_ONCE = 2
MINIMUM_LENGTH = 8
MAXIMUM_LENGTH = 128

hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)


class PanelArgon2Hasher(Argon2PasswordHasher):
    """argon2id with the parameters of the OWASP Password Storage Cheat Sheet: 46 MiB, one pass, one lane."""

    memory_cost = 47104
    time_cost = 1
    parallelism = 1

    def encode(self, password, salt):
        with hashing:
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with hashing:
            return super().verify(password, encoded)


# The rules the page shows and ticks while one types; the server asks the same questions.
RULES = [
    ("length", _("at least 8 characters"), lambda text: len(text) >= MINIMUM_LENGTH),
    ("upper", _("an upper-case letter"), lambda text: any(c.isupper() for c in text)),
    ("lower", _("a lower-case letter"), lambda text: any(c.islower() for c in text)),
    ("digit", _("a digit"), lambda text: any(c.isdigit() for c in text)),
    ("special", _("a special character"), lambda text: any(not c.isalnum() and not c.isspace() for c in text)),
]


class CharacterClasses:
    """The rules of the password page, as a Django password validator."""

    def validate(self, password, user=None):
        missing = [str(label) for _name, label, holds in RULES if not holds(password)]
        if missing:
            raise ValidationError(
                _("The password still needs: %(missing)s."), code="classes", params={"missing": ", ".join(missing)}
            )

    def get_help_text(self):
        return _("The password needs: %(all)s.") % {"all": ", ".join(str(label) for _name, label, _holds in RULES)}


class MaximumLength:
    """Refuses passwords so long that hashing them would be an attack."""

    def validate(self, password, user=None):
        if len(password) > MAXIMUM_LENGTH:
            raise ValidationError(_("The password may have at most 128 characters."), code="too_long")

    def get_help_text(self):
        return ""
