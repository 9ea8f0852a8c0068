"""Forms about the people a customer lets in."""

from functools import reduce
from operator import or_

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import subusers
from accounts.forms.person import PhoneMixin
from accounts.identifiers import EMAIL_LENGTH, canonical_login, is_anothers_address
from accounts.models import Membership, User

ALREADY_HERE = _("This login is in your list already.")


class UserFilter(forms.Form):
    """Search in the list; lives in the address, so that a list can be linked to."""

    q = forms.CharField(label=_("Login, name or e-mail"), max_length=100, required=False, widget=forms.SearchInput)

    def apply(self, people):
        """The memberships that fit; what cannot be understood narrows nothing."""
        self.is_valid()
        if words := self.cleaned_data.get("q"):
            known = Q(user__login__icontains=words) | Q(user__name__icontains=words) | Q(user__email__icontains=words)
            return people.filter(Q(known, accepted_at__isnull=False) | Q(typed(words), accepted_at=None))
        return people


def typed(words):
    """Invited people are found by what was typed, never by who they are."""
    fields = ("login", "name", "email")
    return reduce(or_, (Q(**{f"invited_as__{field}__icontains": words}) for field in fields))


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


class PersonForm(PhoneMixin, forms.Form):
    """Name, e-mail and phone of a `person` who has not finished."""

    name = forms.CharField(label=_("First and last name"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=EMAIL_LENGTH)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)

    def __init__(self, *args, person, **kwargs):
        initial = {name: getattr(person, name) for name in ("name", "email", "phone")}
        super().__init__(*args, initial=initial, **kwargs)
        self.person = person

    def clean(self):
        cleaned = super().clean()
        if is_anothers_address(self.person.login, cleaned.get("email", "")):
            self.add_error("email", _("The login is an e-mail address; this one must be the same."))
        return cleaned


class NewSubuserForm(LoginMixin, PhoneMixin, RightsForm):
    """A new person: who it is, and what they may do."""

    login = forms.CharField(label=_("Login"), max_length=150, help_text=_("The person signs in with it."))
    name = forms.CharField(label=_("First and last name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=EMAIL_LENGTH, help_text=_("The activation link goes here."))
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=User._meta.get_field("language").choices)

    field_order = ["login", "name", "email", "phone", "language", "role", "permissions"]

    def clean_login(self):
        return well_formed_login(self.cleaned_data["login"])


def well_formed_login(text):
    """The canonical form of a login; raises ValidationError when it is odd, and does not ask whose it is."""
    login = canonical_login(text)
    User._meta.get_field("login").run_validators(login)
    return login
