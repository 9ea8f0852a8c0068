"""The contact form for people who are not signed in, and what keeps machines from filling it in."""

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import EMAIL_LENGTH
from accounts.keys import new_selector
from tickets.incoming.parsing import cleaned
from tickets.limits import CONTACT_TEXT_LENGTH, QUICKEST_SECONDS
from tickets.models import Category, ContactRequest

SIGNER = TimestampSigner(salt="tickets.contact")
ONCE_MORE = _("Your message has not been sent yet. Please look at it again and send it once more.")


def new_stamp():
    """A key for one form, with the time at which it was shown."""
    return SIGNER.sign(new_selector())


class OneLineField(forms.CharField):
    """Words on one line, without characters that hide or turn them round."""

    def clean(self, value):
        return " ".join(cleaned(super().clean(value)).split())


def one_line(name, **more):
    """The field of a column."""
    return OneLineField(max_length=ContactRequest._meta.get_field(name).max_length, **more)


class ContactForm(forms.Form):
    """Who writes, and what. `key` of the cleaned data tells one form from another.

    A person never sees `homepage`; whoever fills it in, or needs no time at all, is asked to send it again.
    """

    name = one_line("name", label=_("First and last name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=EMAIL_LENGTH,
        help_text=_("We send a link there that confirms your message. The answer comes there, too."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    account = one_line(
        "account",
        label=_("Login or customer number"),
        required=False,
        help_text=_("If you know it; it helps us to find your account."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    category = forms.ModelChoiceField(
        Category.objects.filter(is_active=True), label=_("Category"), empty_label=_("Choose a category")
    )
    text = forms.CharField(label=_("Text of the message"), max_length=CONTACT_TEXT_LENGTH, widget=forms.Textarea)
    homepage = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(required=False, initial=new_stamp, widget=forms.HiddenInput)

    def clean(self):
        typed = super().clean()
        if typed.pop("homepage", ""):
            self.show_again("homepage", "")
        typed["key"] = self.key(typed.pop("stamp", ""))
        return typed

    def key(self, stamp):
        """The key in a stamp of ours that is old enough for a person; otherwise the form is shown again."""
        try:
            SIGNER.unsign(stamp, max_age=QUICKEST_SECONDS)
        except SignatureExpired:
            return SIGNER.unsign(stamp)
        except BadSignature:
            self.show_again("stamp", new_stamp())
        else:
            self.show_again("stamp", stamp)
        return ""

    def show_again(self, name, value):
        """Asks to send it once more, with everything that was typed still there but for one hidden field."""
        if not self.non_field_errors():
            self.add_error(None, ONCE_MORE)
        self.data = self.data.copy()
        self.data[name] = value
