"""What support types to put a conversation where it belongs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services.models import Service
from tickets.models import Category, Ticket
from tickets.models.ticket import typed_number


class MergeForm(forms.Form):
    """The case number of the conversation that is left."""

    into = forms.CharField(label=_("Case number of the message that stays"), max_length=20)

    def clean_into(self):
        tickets = Ticket.objects.select_related("customer", "service", "merged_into")
        found = tickets.filter(number=typed_number(self.cleaned_data["into"])).first()
        if not found:
            raise forms.ValidationError(_("There is no message with this case number."))
        return found.merged_into or found


class SortForm(forms.Form):
    """Category and service; only services that this member of support may see now are offered."""

    category = forms.ModelChoiceField(Category.objects.all(), label=_("Category"), empty_label=None)
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), required=False)

    def __init__(self, *args, ticket, services, **kwargs):
        initial = {"category": ticket.category_id, "service": ticket.service_id}
        super().__init__(*args, initial=initial, **kwargs)
        known = services.values_list("pk", flat=True)
        self.fields["service"].queryset = Service.objects.filter(pk__in=[*known, ticket.service_id or 0])
        self.fields["service"].label_from_instance = lambda service: service.name
        self.fields["service"].empty_label = _("none")
        if not known:
            self.fields["service"].help_text = _(
                "Other services of the customer are offered with an authorization code, or after a signed-in message."
            )
