"""Forms of sub-users in the administration: the same fields as in the panel, without an editor's bounds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import invitations, permissions
from accounts.forms.person import BillingForm, ContactForm, PhoneMixin
from accounts.forms.subusers import ALREADY_HERE, LoginMixin, well_formed_login
from accounts.identifiers import EMAIL_LENGTH, canonical_login
from accounts.models import Contact, Membership, User

ROLES = [(role.value, role.label) for role in (Membership.Role.ADMINISTRATIVE, Membership.Role.STANDARD)]


class UserForm(LoginMixin, PhoneMixin, forms.ModelForm):
    """A person's own data and rights."""

    class Meta:
        help_texts = {
            "blocked_reason": _(
                "The person reads it when they are blocked and try to sign in. Save it first; "
                "“Block the chosen users” on the list blocks."
            ),
        }

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
    email = forms.EmailField(label=_("E-mail"), max_length=EMAIL_LENGTH)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=ROLES,
        help_text=_(
            "The first person of a new customer: add them as administrative, and once they are active "
            "make them the owner by the action on the list."
        ),
    )
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


class CustomerForm(BillingForm):
    """Billing data as the customer types them, but an address may be missing for now."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("name", "street", "postal_code", "city"):
            self.fields[name].required = False


class ContactRowForm(ContactForm):
    """A contact person in one row of a table."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contact.Kind)


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


class RestoringForm(forms.Form):
    """How an administrator knows that it is the person who asks."""

    note = forms.CharField(
        label=_("How the identity was checked"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it in the history. No numbers of documents."),
    )
