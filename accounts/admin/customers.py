"""The provider, its terms, and its customers."""

from functools import partial

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from accounts import closing, people, vat
from accounts.admin.looking import LooksMixin
from accounts.forms.admin import ClosingForm
from accounts.forms.person import ContactForm
from accounts.history import Action, record
from accounts.models import Contact, Customer, Membership, Provider, Terms, VatCheck


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


class VatCheckInline(admin.TabularInline):
    """What VIES said about the customer's EU VAT numbers."""

    model = VatCheck
    fields = readonly_fields = ["number", "is_valid", "at", "consultation", "name", "address"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


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
    readonly_fields = ["number", "created_at", "closing_at", "closed_at", "closed_reason"]
    inlines = [MembershipInline, ContactInline, VatCheckInline]
    change_form_template = "admin/customer.html"
    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        address = path(
            "<int:object_id>/close/", self.admin_site.admin_view(self.close), name="accounts_customer_close"
        )
        return [address, *super().get_urls()]

    def close(self, request, object_id):
        """Closes the account with a reason that its people read, or opens a closed one again."""
        customer = get_object_or_404(Customer, pk=object_id)
        if not self.has_change_permission(request, customer):
            raise PermissionDenied
        # Not `or None`: opening again sends no field of ours.
        data = request.POST if request.method == "POST" else None
        form = ClosingForm(data, is_closed=bool(customer.closed_at))
        if request.method == "POST" and form.is_valid():
            verb = closing.reopen if customer.closed_at else partial(closing.close, **form.cleaned_data)
            verb(customer, by=request.user)
            messages.success(request, _("Changes saved."))
            return redirect("admin:accounts_customer_change", object_id)
        context = self.admin_site.each_context(request) | {"form": form, "customer": customer, "opts": self.opts}
        return render(request, "admin/close_customer.html", context | {"objections": closing.objections(customer)})

    def write_look(self, request, customer):
        record(Action.ADMIN_LOOKED, customer=customer, by=request.user)

    def save_model(self, request, obj, form, change):
        if change:
            people.change_billing(obj, form, by=request.user)
        else:
            super().save_model(request, obj, form, change)
            vat.ask(obj)

    def save_formset(self, request, form, formset, change):
        """Contact persons go through their verbs, so that the customer reads of every change."""
        formset.save(commit=False)
        for contact in formset.deleted_objects:
            people.remove_contact(contact, by=request.user)
        for inline in formset.forms:
            if inline.has_changed() and inline not in formset.deleted_forms:
                people.save_contact(inline, customer=form.instance, by=request.user)
