"""Forms about the people a customer lets in."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import subusers
from accounts.forms.person import PhoneMixin
from accounts.forms.signin import LOGIN_TAKEN
from accounts.identifiers import canonical_login, is_anothers_address
from accounts.models import Membership, User


class UserFilter(forms.Form):
    """Search in the list; lives in the address, so that a list can be linked to."""

    q = forms.CharField(label=_("Login, name or e-mail"), max_length=100, required=False, widget=forms.SearchInput)

    def apply(self, people):
        """The memberships that fit; what cannot be understood narrows nothing."""
        self.is_valid()
        if words := self.cleaned_data.get("q"):
            return people.filter(
                Q(user__login__icontains=words) | Q(user__name__icontains=words) | Q(user__email__icontains=words)
            )
        return people


class RightsForm(forms.Form):
    """Role and permissions; offers only what the editor may give. `editor` None is the provider."""

    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
        help_text=_("Administrative: everything of this customer. Standard: chosen services only."),
    )
    permissions = forms.MultipleChoiceField(
        label=_("What a standard user may use"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, editor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in subusers.givable_roles(editor)]
        self.fields["role"].initial = Membership.Role.STANDARD
        self.fields["permissions"].choices = subusers.givable_permissions(editor)


class LoginMixin:
    """A login that somebody else gives a person is no third one's e-mail address."""

    def clean(self):
        cleaned = super().clean()
        if is_anothers_address(cleaned.get("login", ""), cleaned.get("email", "")):
            self.add_error("login", _("A login with an @ must be the person's own e-mail address."))
        return cleaned


class PersonForm(PhoneMixin, forms.ModelForm):
    """Name, e-mail and phone of somebody who is not active yet."""

    class Meta:
        model = User
        fields = ["name", "email", "phone"]

    def clean(self):
        cleaned = super().clean()
        if is_anothers_address(self.instance.login, cleaned.get("email", "")):
            self.add_error("email", _("The login is an e-mail address; this one must be the same."))
        return cleaned


class NewSubuserForm(LoginMixin, PhoneMixin, RightsForm):
    """A new person: who it is, and what they may do."""

    login = forms.CharField(label=_("Login"), max_length=150, help_text=_("The person signs in with it."))
    name = forms.CharField(label=_("First and last name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), help_text=_("The activation link goes here."))
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=User._meta.get_field("language").choices)

    field_order = ["login", "name", "email", "phone", "language", "role", "permissions"]

    def clean_login(self):
        return check_new_login(self.cleaned_data["login"])


def check_new_login(typed):
    """The canonical form of a login for a new person; raises ValidationError when it is taken or odd."""
    field = User._meta.get_field("login")
    login = canonical_login(typed)
    field.run_validators(login)
    if User.objects.filter(login=login).exists():
        raise forms.ValidationError(LOGIN_TAKEN)
    return login
