"""The catalogue, customers' services and sub-users' grants for administrators."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LooksMixin
from accounts.admin.reading import ReadOnlyAdmin, say_tried_again
from accounts.history import record
from services import expiry
from services.actions import Action
from services.admin_forms import ON_INVOICES, SERVICE_FIELDS, PriceForm, ProductForm, ServiceForm
from services.models import Domain, Extension, Price, Product, Service, ServiceGrant


class PriceInline(admin.TabularInline):
    """What a product costs; a price in use is taken off the offer and another takes its place."""

    model = Price
    form = PriceForm
    extra = 0
    can_delete = False
    fields = ["months", "net", "currency", "is_offered"]


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """The catalogue: what is sold, at which prices, and what stands about it on invoices."""

    form = ProductForm
    list_display = ["name_pl", "name_en", "kind", "code", "tax_rate"]
    list_filter = ["kind"]
    search_fields = ["name_pl", "name_en", "code"]
    inlines = [PriceInline]
    fieldsets = [
        (None, {"fields": ["provider", "code", "kind", "name_pl", "name_en", "driver"]}),
        (_("On invoices"), {"fields": ON_INVOICES}),
    ]


class DomainInline(admin.StackedInline):
    model = Domain
    extra = 0


@admin.register(Service)
class ServiceAdmin(LooksMixin, admin.ModelAdmin):
    form = ServiceForm
    fields = SERVICE_FIELDS
    list_display = ["name", "domain", "customer", "product", "status", "ends_on"]
    list_filter = ["status", "product__kind"]
    list_select_related = ["customer", "product"]
    search_fields = ["name", "domain", "customer__number", "customer__name"]
    autocomplete_fields = ["customer", "product"]
    date_hierarchy = "ends_on"
    inlines = [DomainInline]

    def write_look(self, request, service):
        record(Action.ADMIN_LOOKED_AT_SERVICE, customer=service.customer, by=request.user, service=str(service))

    def save_model(self, request, service, form, change):
        """Saves and tells the customer's history; opening and saving without a change tells nothing."""
        super().save_model(request, service, form, change)
        if form.changed_data:
            action = Action.SERVICE_CHANGED if change else Action.SERVICE_ADDED
            record(action, customer=service.customer, by=request.user, service=str(service))


@admin.register(Extension)
class ExtensionAdmin(LooksMixin, ReadOnlyAdmin):
    """What has lengthened services, and whether their drivers have heard of it."""

    list_display = ["service", "first_day", "last_day", "state", "attempts", "error", "at"]
    list_filter = ["state"]
    list_select_related = ["service"]
    search_fields = ["=reference", "=service__customer__number", "service__name", "service__domain"]
    fields = [*list_display, "months", "reference", "done_at"]
    actions = ["tell_again"]

    def write_look(self, request, extension):
        service = extension.service
        record(Action.ADMIN_LOOKED_AT_SERVICE, customer=service.customer, by=request.user, service=str(service))

    def has_tell_permission(self, request):
        return request.user.has_perm("services.change_extension")

    @admin.action(description=_("Tell the driver again of what failed"), permissions=["tell"])
    def tell_again(self, request, queryset):
        say_tried_again(request, expiry.tell_again(queryset, by=request.user))


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
        super().delete_model(request, grant)

    def delete_queryset(self, request, queryset):
        for grant in queryset:
            self.delete_model(request, grant)

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
