"""Search and filters of the lists, the choice of a sub-user's services, and what the page of a service asks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.person import OwnPasswordMixin
from accounts.forms.signin import password_field
from accounts.passwords import CharacterClasses
from accounts.typed import one_line
from services.models import Credential, Domain, Service


class ServiceFilter(forms.Form):
    """What the list is narrowed to; lives in the address, so that a list can be linked to."""

    q = forms.CharField(label=_("Name, domain or label"), max_length=100, required=False, widget=forms.SearchInput)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Service.Status.choices])

    def apply(self, services):
        """The services that fit; what cannot be understood narrows nothing."""
        self.is_valid()
        services = services.matching(self.cleaned_data.get("q", ""))
        if status := self.cleaned_data.get("status"):
            services = services.filter(status=status)
        return services


class DomainFilter(ServiceFilter):
    """Domains are also told apart by who is their registrar."""

    HERE, ELSEWHERE = "here", "elsewhere"

    kept = forms.ChoiceField(
        label=_("Registration"),
        required=False,
        choices=[("", _("All")), (HERE, _("With us")), (ELSEWHERE, _("Kept elsewhere"))],
    )

    def apply(self, services):
        services = super().apply(services)
        match self.cleaned_data.get("kept"):
            case self.HERE:
                return services.registered_here()
            case self.ELSEWHERE:
                return services.filter(registration__origin=Domain.Origin.ELSEWHERE)
        return services


class GrantsForm(forms.Form):
    """Ticks beside the services of one page of the list; the others are left as they are."""

    shown = forms.ModelMultipleChoiceField(Service.objects.none(), widget=forms.MultipleHiddenInput)
    granted = forms.ModelMultipleChoiceField(Service.objects.none(), required=False)

    def __init__(self, *args, grantable, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shown"].queryset = self.fields["granted"].queryset = grantable


class LabelForm(forms.Form):
    """The customer's own word for a service."""

    label = forms.CharField(
        label=_("Label"),
        max_length=Service._meta.get_field("label").max_length,
        required=False,
        help_text=_("A word of your own, such as “shop of Anna”. It stands in your lists and is found by the search."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    def clean_label(self):
        return one_line(self.cleaned_data["label"])


class ServicePasswordForm(forms.Form):
    """A password for an account of a service; left empty, one is generated. That of a SIP account always is."""

    SHORTEST, LONGEST = 12, 64

    password = password_field(_("New password"), "new-password")

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        if kind == Credential.Kind.SIP:
            del self.fields["password"]
            return
        field = self.fields["password"]
        field.required = False
        field.help_text = _("Leave it empty, and we make a strong one.")

    def clean_password(self):
        """Servers of all ages take signs of ASCII, without spaces."""
        text = self.cleaned_data["password"]
        if not text:
            return ""
        if not self.SHORTEST <= len(text) <= self.LONGEST:
            raise forms.ValidationError(
                _("A password of a service has %(from)s to %(to)s characters."),
                params={"from": self.SHORTEST, "to": self.LONGEST},
            )
        if not text.isascii() or not text.isprintable() or " " in text:
            raise forms.ValidationError(_("Use letters without accents, digits and signs, and no spaces."))
        CharacterClasses().validate(text)
        return text


class WithdrawalForm(forms.Form):
    """Who withdraws, and where the confirmation goes; the contract is that of the page."""

    name = forms.CharField(
        label=_("First and last name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail address for the confirmation"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_name(self):
        """It is mailed, perhaps to a stranger."""
        if not (name := one_line(self.cleaned_data["name"])):
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name


class WithdrawalConfirmForm(OwnPasswordMixin, WithdrawalForm):
    """The same once more, hidden, with the password."""

    current_password = password_field(_("Your panel password"), "current-password")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for name in WithdrawalForm.base_fields:
            self.fields[name].widget = forms.HiddenInput()

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            self.require_own_password("current_password")
        return cleaned
