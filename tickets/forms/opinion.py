"""What customers say about support."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models.opinion import SENTENCE_LENGTH


class OpinionForm(forms.Form):
    """Yes or no, and a sentence if they like."""

    helped = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    sentence = forms.CharField(label=_("In a sentence"), max_length=SENTENCE_LENGTH, required=False)

    @classmethod
    def on(cls, opinion):
        """The form with the answer that was given before, which may be changed."""
        given = {"helped": "yes" if opinion.helped else "no", "sentence": opinion.sentence}
        return cls(initial=given if opinion.answered_at else None)
