"""Forms of sub-users in the administration: the same fields as in the panel, without an editor's bounds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import invitations, permissions
from accounts.forms.person import PhoneMixin
from accounts.forms.subusers import ALREADY_HERE, LoginMixin, well_formed_login
from accounts.identifiers import canonical_login
from accounts.models import Membership, User

ROLES = [(role.value, role.label) for role in (Membership.Role.ADMINISTRATIVE, Membership.Role.STANDARD)]


class UserForm(LoginMixin, PhoneMixin, forms.ModelForm):
    """A person's own data and rights."""

    def clean_login(self):
        return canonical_login(self.cleaned_data["login"])


class SubuserRightsForm(forms.ModelForm):
    """Role and permissions."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    permissions = forms.MultipleChoiceField(
        label=_("What a standard user may use"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Membership
        fields = ["role", "permissions"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["permissions"].choices = permissions.choices()


class AddSubuserForm(LoginMixin, PhoneMixin, SubuserRightsForm):
    """A new person and their rights."""

    person_fields = ["login", "name", "email", "phone", "language"]

    login = forms.CharField(label=_("Login"), max_length=150)
    name = forms.CharField(label=_("First and last name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=User._meta.get_field("language").choices)

    class Meta(SubuserRightsForm.Meta):
        fields = ["customer", "role", "permissions"]

    def clean_login(self):
        return well_formed_login(self.cleaned_data["login"])

    def clean(self):
        cleaned = super().clean()
        if {"customer", "login"} <= cleaned.keys() and invitations.is_here(cleaned["customer"], cleaned["login"]):
            self.add_error("login", ALREADY_HERE)
        return cleaned


class ClosingForm(forms.Form):
    """Why a customer's account is closed; opening it again needs no reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer's people read it when they try to sign in."),
    )

    def __init__(self, *args, is_closed, **kwargs):
        super().__init__(*args, **kwargs)
        if is_closed:
            del self.fields["reason"]
