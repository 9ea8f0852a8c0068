"""Passwords: how they are hashed (argon2id) and what they must contain."""

import re
import threading
import unicodedata

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Provider

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


class CommonPassword(CommonPasswordValidator):
    """Refuses the 20,000 commonest passwords, also dressed up to meet the rules: "Password1!" for "password1"."""

    DRESSING = re.compile(r"^[\W_]+|[\W_]+$")

    def validate(self, password, user=None):
        plain = password.lower().strip()
        bare = self.DRESSING.sub("", plain)
        if {plain, bare, bare.rstrip("0123456789"), bare.translate(LEET)} & self.passwords:
            raise ValidationError(self.get_error_message(), code="password_too_common")


# How letters are written to look like something else.
LEET = str.maketrans("@4310$5!7", "aaeiossit")
# Shorter words occur in any text.
SHORTEST_WORD = 4


class OwnWords:
    """Refuses passwords with a word in them that anyone would try first: the person's, the customer's, the brand's."""

    def validate(self, password, user=None):
        if user is None:
            return
        text = plain(password)
        if any(word in text or word in text.translate(LEET) for word in own_words(user)):
            raise ValidationError(
                _("The password contains your login, e-mail address, name or the name of a company."), code="own_words"
            )

    def get_help_text(self):
        return _("The password must not contain your login, e-mail address, name or the name of a company.")


def plain(text):
    """Case-folded and without accents, as somebody would type it who guesses."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def own_words(user):
    """The words of login, e-mail, name, customers and provider that are long enough to tell."""
    names = [user.login, user.email.partition("@")[0], user.name]
    if user.pk:
        names += user.memberships.filter(accepted_at__isnull=False).values_list("customer__name", flat=True)
    if provider := Provider.current():
        names.append(provider.name)
    words = {word for name in names for word in re.split(r"[\W_]+", plain(name))}
    return {word for word in words if len(word) >= SHORTEST_WORD}
