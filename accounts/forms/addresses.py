"""Forms that change one's own login and e-mail address; both ask for the password."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.person import OwnPasswordForm
from accounts.forms.signin import LOGIN_TAKEN
from accounts.forms.subusers import well_formed_login
from accounts.identifiers import EMAIL_LENGTH, is_anothers_address, mailbox
from accounts.models import User

NOT_YOUR_ADDRESS = _("A login with an @ must be your own e-mail address.")


class LoginForm(OwnPasswordForm):
    """A new login; one with an @ must be the person's own confirmed address."""

    login = forms.CharField(
        label=_("New login"),
        max_length=150,
        help_text=_("You will sign in with it. It may be your e-mail address."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    field_order = ["login", "current_password"]

    def clean_login(self):
        login = well_formed_login(self.cleaned_data["login"])
        if is_anothers_address(login, self.user.email):
            raise ValidationError(NOT_YOUR_ADDRESS)
        if User.objects.filter(login=login).exclude(pk=self.user.pk).exists():
            raise ValidationError(LOGIN_TAKEN)
        return login


class EmailForm(OwnPasswordForm):
    """A new e-mail address, which is asked first."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=EMAIL_LENGTH,
        help_text=_("We send a link there, which works for 24 hours. Until you open it nothing changes."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    field_order = ["email", "current_password"]

    def clean_email(self):
        email = self.cleaned_data["email"]
        if mailbox(email) == mailbox(self.user.email):
            raise ValidationError(_("This is your present e-mail address."))
        if is_anothers_address(self.user.login, email):
            raise ValidationError(_("Your login is your e-mail address. Choose another login first."))
        return email
