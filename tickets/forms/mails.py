"""Filters above the mails that were not taken."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.forms.filters import Filters
from tickets.incoming.accepting import HARDLY_WORTH_A_LOOK
from tickets.models import IncomingMail

SEARCH_LENGTH = 100


class MailFilters(Filters):
    """Shows what waits for somebody to look; what is in the address and makes no sense is left out."""

    ALL = "all"
    State = IncomingMail.State

    q = forms.CharField(
        label=_("Sender or subject"), required=False, max_length=SEARCH_LENGTH, widget=forms.SearchInput
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        choices=[("", _("From people")), (ALL, _("All")), *IncomingMail.Reason.choices],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", State.REFUSED.label), (State.SETTLED.value, State.SETTLED.label)],
    )

    def apply(self, mails):
        """The mails that are asked for."""
        mails = mails.filter(state=self.chosen("state") or self.State.REFUSED)
        reason = self.chosen("reason")
        if not reason:
            mails = mails.exclude(reason__in=HARDLY_WORTH_A_LOOK)
        elif reason != self.ALL:
            mails = mails.filter(reason=reason)
        if words := self.chosen("q"):
            mails = mails.filter(
                Q(sender_email__icontains=words) | Q(sender_name__icontains=words) | Q(subject__icontains=words)
            )
        return mails
