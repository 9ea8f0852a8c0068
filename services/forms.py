"""Search and filters of the lists, and the choice of a sub-user's services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services.models import Domain, Service


class ServiceFilter(forms.Form):
    """What the list is narrowed to; lives in the address, so that a list can be linked to."""

    q = forms.CharField(label=_("Name or domain"), max_length=100, required=False, widget=forms.SearchInput)
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
