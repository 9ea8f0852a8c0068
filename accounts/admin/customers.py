"""The provider, its terms, and its customers."""

from django.contrib import admin
from django.core.cache import cache
from django.db import models

from accounts import people
from accounts.admin.looking import LooksMixin
from accounts.forms.person import ContactForm
from accounts.history import Action, record
from accounts.models import Contact, Customer, Membership, Provider, Terms


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    """Brand and seller data; there is one provider, and it is not deleted."""

    list_display = ["name", "legal_name", "tax_id"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Provider.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        cache.delete("provider")


@admin.register(Terms)
class TermsAdmin(admin.ModelAdmin):
    """Versions of the terms; one that somebody accepted is never changed."""

    list_display = ["version", "published_at"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.acceptances.exists())

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.acceptances.exists())


class MembershipInline(admin.TabularInline):
    """Who acts for the customer; changed on the sub-users' own pages, which send mails and write history."""

    model = Membership
    fields = ["user", "role", "blocked_at"]
    readonly_fields = ["user", "role", "blocked_at"]
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False


class ContactInline(admin.TabularInline):
    model = Contact
    form = ContactForm
    extra = 0


@admin.register(Customer)
class CustomerAdmin(LooksMixin, admin.ModelAdmin):
    """Customers, found by number, name, NIP, or the login, e-mail and phone of their people."""

    list_display = ["number", "name", "kind", "city", "created_at", "closed_at"]
    list_filter = ["kind", "closed_at"]
    search_fields = [
        "number",
        "name",
        "tax_id",
        "memberships__user__login",
        "memberships__user__email",
        "memberships__user__phone",
    ]
    readonly_fields = ["number", "created_at"]
    inlines = [MembershipInline, ContactInline]
    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request, obj=None):
        return False

    def write_look(self, request, customer):
        record(Action.ADMIN_LOOKED, customer=customer, by=request.user)

    def save_model(self, request, obj, form, change):
        if change:
            people.change_billing(obj, form, by=request.user)
        else:
            super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        """Contact persons go through their verbs, so that the customer reads of every change."""
        formset.save(commit=False)
        for contact in formset.deleted_objects:
            people.remove_contact(contact, by=request.user)
        for inline in formset.forms:
            if inline.has_changed() and inline not in formset.deleted_forms:
                people.save_contact(inline, customer=form.instance, by=request.user)
