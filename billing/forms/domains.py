"""Which domain name somebody looks for, and the one that goes into the cart."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.domain_forms import AuthInfoForm
from services.domain_names import BadName, NotSold, only, parse

# A whole name in Unicode with "https://www." before it has room.
LONGEST_TYPED = 300
# More are not named in a sentence.
SUFFIXES_NAMED = 12


class SearchForm(forms.Form):
    """`cleaned_data["name"]` are the Names that were meant, one for each suffix that is sold."""

    name = forms.CharField(
        label=gettext_lazy("Domain name"),
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(
            attrs={"type": "search", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
        error_messages={"required": gettext_lazy("Type the name that you look for.")},
    )

    def __init__(self, *args, suffixes, **kwargs):
        super().__init__(*args, **kwargs)
        self.suffixes = list(suffixes)

    def clean_name(self):
        try:
            return self.meant(self.cleaned_data["name"])
        except NotSold as error:
            named = ", ".join(f".{suffix}" for suffix in self.suffixes[:SUFFIXES_NAMED])
            raise ValidationError(
                _("%(error)s Sold are: %(suffixes)s") % {"error": error, "suffixes": named}
            ) from None
        except BadName as error:
            raise ValidationError(str(error)) from None

    def meant(self, text):
        return parse(text, self.suffixes)


class NameForm(SearchForm):
    """One whole name."""

    def meant(self, text):
        return only(text, self.suffixes)


class TransferForm(NameForm, AuthInfoForm):
    """One whole name with the code that moves it here."""

    field_order = ["name", "authinfo"]
