"""Forms of the caller's screen."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services.models import Service


class CallerForm(forms.Form):
    """Who is calling, and the code they read out."""

    caller = forms.CharField(
        label=_("Who is calling"),
        max_length=254,
        help_text=_("Customer number, login, domain or phone."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("Authorization code"),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "one-time", "inputmode": "numeric", "autocomplete": "off"}),
    )


class InstructionForm(forms.Form):
    """What a customer asks for; on the page of a service it is about that service."""

    text = forms.CharField(
        label=_("What the customer asks for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    service = forms.ModelChoiceField(Service.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, services, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services
