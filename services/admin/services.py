"""Customers' services and sub-users' grants for administrators."""

from django.contrib import admin
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import Act, ActsMixin
from accounts.admin.keeping import KeepsNamedMixin
from accounts.admin.looking import LooksMixin
from accounts.admin.parents import AsParentMixin
from accounts.admin.reading import ReadOnlyAdmin, ReadOnlyInline
from accounts.history import record
from accounts.models import DataExport, Membership
from services import provisioning
from services.actions import Action
from services.admin.changes import changes_of
from services.admin.filters import EndsFilter
from services.admin.job_forms import HoldForm, ReleaseForm
from services.admin.looking import LooksAtServiceMixin
from services.admin.service_forms import SERVICE_FIELDS, ServiceForm
from services.models import Credential, Domain, Extension, Service, ServiceGrant, ServiceOption, Withdrawal


class DomainInline(AsParentMixin, admin.StackedInline):
    model = Domain
    extra = 0


class Untouched(BaseInlineFormSet):
    """Takes nothing of what is sent, and so asks for nothing to be sent."""

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(**kwargs)

    def is_valid(self):
        return True

    def save(self, commit=True):
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        return []


class MadeInline(ReadOnlyInline):
    """Rows that are made by what was bought and by drivers."""

    formset = Untouched


class ServiceOptionInline(MadeInline):
    """What was chosen for the service."""

    model = ServiceOption
    fields = ["option", "value", "monthly_net"]
    readonly_fields = ["option"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("value__option")

    @admin.display(description=_("option"))
    def option(self, chosen):
        return chosen.value.option


class CredentialInline(MadeInline):
    """How the service is signed in to; its passwords are for the customer's eyes only."""

    model = Credential
    fields = ["kind", "login", "host", "changed_at"]


@admin.register(Service)
class ServiceAdmin(ActsMixin, LooksMixin, KeepsNamedMixin, admin.ModelAdmin):
    acts = [
        Act("hold", _("Switch off"), HoldForm, "services.change_service", provisioning.can_be_held),
        Act("release", _("Switch on again"), ReleaseForm, "services.change_service", provisioning.can_be_released),
    ]
    form = ServiceForm
    fields = [*SERVICE_FIELDS, "changes_pages"]
    list_display = ["name", "domain", "customer", "product", "status", "ends_on"]
    list_filter = ["status", "product__kind", EndsFilter]
    list_select_related = ["customer", "product"]
    search_fields = ["name", "domain", "customer__number", "customer__name"]
    autocomplete_fields = ["customer", "product"]
    # By its name thousands would be sorted for each page; whoever looks for one types it.
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False
    inlines = [DomainInline, ServiceOptionInline, CredentialInline]

    def write_look(self, request, service):
        record(Action.ADMIN_LOOKED_AT_SERVICE, customer=service.customer, by=request.user, service=str(service))

    def get_readonly_fields(self, request, obj=None):
        """It stays with its customer, on whose invoices, messages and grants it stands."""
        return ["customer", "changes_pages"] if obj else ["changes_pages"]

    @admin.display(description=_("changes of products"))
    def changes_pages(self, service):
        """What it is to become and what it was, each with its page."""
        return changes_of(service)

    def delete_model(self, request, service):
        """One that nothing names was a slip; the others end."""
        record(Action.SERVICE_DELETED, customer=service.customer, by=request.user, service=str(service))
        super().delete_model(request, service)

    def save_model(self, request, service, form, change):
        """Saves and tells the customer's history; opening and saving without a change tells nothing."""
        super().save_model(request, service, form, change)
        if form.changed_data:
            action = Action.SERVICE_CHANGED if change else Action.SERVICE_ADDED
            record(action, customer=service.customer, by=request.user, service=str(service))


@admin.register(Extension)
class ExtensionAdmin(LooksAtServiceMixin, ReadOnlyAdmin):
    """What has lengthened services."""

    list_display = ["service", "first_day", "last_day", "months", "at"]
    list_select_related = ["service"]
    search_fields = ["=reference", "=service__customer__number", "service__name", "service__domain"]
    fields = [*list_display, "reference"]


@admin.register(Withdrawal)
class WithdrawalAdmin(LooksAtServiceMixin, ReadOnlyAdmin):
    """Statements of consumers; what is given back is a case for staff."""

    list_display = ["received_at", "service", "name", "concluded_at"]
    list_select_related = ["service"]
    search_fields = ["=service__customer__number", "name", "service__name", "service__domain"]
    fields = [*list_display, "contract", "email", "by"]


@admin.register(ServiceGrant)
class ServiceGrantAdmin(admin.ModelAdmin):
    list_display = ["membership", "service"]
    list_select_related = ["membership__user", "membership__customer", "service"]
    search_fields = ["membership__user__login", "membership__customer__number", "service__name", "service__domain"]
    autocomplete_fields = ["membership", "service"]

    def save_model(self, request, grant, form, change):
        super().save_model(request, grant, form, change)
        self.tell(request, grant, f"+ {grant.service}")

    def delete_model(self, request, grant):
        self.tell(request, grant, f"- {grant.service}")
        DataExport.end_all(grant.membership)
        super().delete_model(request, grant)

    def delete_queryset(self, request, queryset):
        for grant in queryset:
            self.delete_model(request, grant)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Nobody gives themselves a service."""
        if db_field.name == "membership":
            kwargs["queryset"] = Membership.objects.exclude(user=request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """A grant is given or taken, never turned into another."""
        return False

    def tell(self, request, grant, changes):
        """Writes the change where the customer reads it."""
        membership = grant.membership
        record(
            Action.GRANTS_CHANGED,
            customer=membership.customer,
            user=membership.known_user,
            by=request.user,
            login=membership.person.login,
            changes=changes,
        )
