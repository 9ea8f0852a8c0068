"""Forms of people who are not signed in yet."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import consents
from accounts.identifiers import canonical_login, is_anothers_address
from accounts.models import Consent, Terms, User
from accounts.passwords import MAXIMUM_LENGTH

LOGIN_TAKEN = User._meta.get_field("login").error_messages["unique"]


def password_field(label, autocomplete):
    """A password that is never stripped, cut off or shown again."""
    field = forms.CharField(
        label=label,
        strip=False,
        max_length=MAXIMUM_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )
    # With it a browser would cut off what a password manager puts in, and say nothing.
    del field.widget.attrs["maxlength"]
    return field


class SignInForm(forms.Form):
    """First step: login and password."""

    login = forms.CharField(
        label=_("Login"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = password_field(_("Password"), "current-password")


class RecoveryForm(forms.Form):
    """Forgotten login or password."""

    who = forms.CharField(
        label=_("Login or e-mail address"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )


class NewPasswordForm(forms.Form):
    """A password typed twice, by the rules of the house. Needs the person, whose data it may not resemble."""

    password = password_field(_("New password"), "new-password")
    repeated = password_field(_("The same password again"), "new-password")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]

    def clean(self):
        cleaned = super().clean()
        if "password" in cleaned and "repeated" in cleaned and cleaned["password"] != cleaned["repeated"]:
            self.add_error("repeated", _("The two passwords differ."))
        return cleaned


class RegistrationForm(forms.ModelForm):
    """A new customer's first person."""

    password = password_field(_("Password"), "new-password")
    repeated = password_field(_("The same password again"), "new-password")
    accepted = forms.BooleanField(
        label=_("I have read and accept the terms of service."),
        error_messages={"required": _("Without accepting the terms no account can be opened.")},
    )
    mailing = forms.BooleanField(label=_(consents.TEXTS[Consent.Kind.MAILING]), required=False)

    class Meta:
        model = User
        fields = ["email", "login", "language"]
        labels = {"email": _("E-mail address")}
        help_texts = {"login": _("You will sign in with it. It may be your e-mail address.")}
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
            "login": forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
        }

    field_order = ["email", "login", "password", "repeated", "language", "accepted", "mailing"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.terms = Terms.in_force()

    def clean_login(self):
        return canonical_login(self.cleaned_data["login"])

    def clean(self):
        cleaned = super().clean()
        if is_anothers_address(cleaned.get("login", ""), cleaned.get("email", "")):
            self.add_error("login", _("A login with an @ must be your own e-mail address."))
        self.check_passwords(cleaned)
        return cleaned

    def check_passwords(self, cleaned):
        """The password is judged last: it may not resemble what else was typed."""
        password = cleaned.get("password")
        if password is None:
            return
        if cleaned.get("repeated", password) != password:
            self.add_error("repeated", _("The two passwords differ."))
        person = User(login=cleaned.get("login", ""), email=cleaned.get("email", ""))
        try:
            validate_password(password, person)
        except ValidationError as error:
            self.add_error("password", error)
