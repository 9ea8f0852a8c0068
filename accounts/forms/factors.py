"""Forms of the second step: taking it, and setting up what it is taken with."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.passkeys import ANSWER_AT_MOST

Way = User.Way

TRUST = _("Trust this browser for 30 days")
TRUST_HELP = _("The password will be enough here. Choose it only on a device that is yours alone.")
NO_ANSWER = _("Your browser gave no answer. Try again, or choose another way.")


class OneTimeInput(forms.TextInput):
    """Empty again after a wrong code: the next one is typed from the start."""

    def format_value(self, value):
        return None


def code_widget(**attrs):
    """Digits of a one-time code."""
    common = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "one-time", "autofocus": True}
    return OneTimeInput(attrs=common | attrs)


def trust_field():
    return forms.BooleanField(label=TRUST, help_text=TRUST_HELP, required=False)


class CodeForm(forms.Form):
    """The second step by a code: one that was sent, or one of the app."""

    code = forms.CharField(label=_("One-time code"), max_length=20, widget=code_widget())
    trust = trust_field()

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split())

    @property
    def typed(self):
        return self.cleaned_data["code"]


class RecoveryCodeForm(CodeForm):
    """The second step by one of the printed codes; they are for emergencies, no browser is trusted by them."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "autofocus": True}),
    )
    trust = None


class AnswerMixin:
    """A script puts a passkey's answer into the hidden field `self.answer_field`; nobody can correct it there."""

    answer_field = "code"

    @staticmethod
    def hidden():
        """The field."""
        return forms.CharField(
            required=False, max_length=ANSWER_AT_MOST, widget=forms.HiddenInput(attrs={"data-passkey-answer": True})
        )

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get(self.answer_field):
            self.errors.pop(self.answer_field, None)
            self.add_error(None, NO_ANSWER)
        return cleaned


class PasskeyForm(AnswerMixin, forms.Form):
    """The second step by a passkey."""

    code = AnswerMixin.hidden()
    trust = trust_field()

    @property
    def typed(self):
        return self.cleaned_data["code"]


FORMS = {Way.RECOVERY: RecoveryCodeForm, Way.PASSKEY: PasskeyForm}


def step_form(way, data, *, offers_trust):
    """The form of this way."""
    form = FORMS.get(way, CodeForm)(data)
    if not offers_trust:
        form.fields.pop("trust", None)
    return form


class MessagesMixin:
    """Asks with the first strong way what becomes of codes by message; nobody decides that for the person."""

    def __init__(self, *args, asks, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["message_codes"]

    @staticmethod
    def question():
        """The question, without a default."""
        return forms.TypedChoiceField(
            label=_("Codes by e-mail or SMS"),
            choices=[
                ("no", _("Switch them off: from now on only the app, passkeys and recovery codes open the account.")),
                ("yes", _("Keep them as another way, although they are easier to steal.")),
            ],
            coerce=lambda value: value == "yes",
            widget=forms.RadioSelect,
        )

    @property
    def message_codes(self):
        return self.cleaned_data.get("message_codes", True)


class AppForm(MessagesMixin, forms.Form):
    """The first code of an app that is being added."""

    code = forms.CharField(
        label=_("The code your app shows now"),
        max_length=20,
        # The focus would scroll the picture off a phone.
        widget=code_widget(autofocus=False),
    )
    message_codes = MessagesMixin.question()

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split())


class NewPasskeyForm(MessagesMixin, AnswerMixin, forms.Form):
    """A name for a new passkey."""

    answer_field = "answer"

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=60,
        help_text=_("By which you will know it: “phone”, “work laptop”, “blue key”."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    message_codes = MessagesMixin.question()
    answer = AnswerMixin.hidden()


class PhoneCodeForm(forms.Form):
    """The code that was sent to the phone."""

    code = forms.CharField(label=_("Code from the text message"), max_length=20, widget=code_widget())

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split())
