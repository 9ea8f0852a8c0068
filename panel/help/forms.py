"""What readers type in the help centre."""

from django import forms
from django.utils.translation import gettext_lazy as _

from panel.models.help import MISSING_LENGTH, SEARCH_LENGTH


class SearchForm(forms.Form):
    """Words to be looked for; what is too long is cut by the page's own field."""

    q = forms.CharField(
        label=_("Search the articles"), max_length=SEARCH_LENGTH, widget=forms.SearchInput, required=False
    )


class VoteForm(forms.Form):
    """Whether the article helped and, if not, what was missing."""

    helped = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.HiddenInput)
    missing = forms.CharField(
        label=_("What was missing?"),
        max_length=MISSING_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence is enough. We cannot answer it: for an answer, write to us."),
    )
