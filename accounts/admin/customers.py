"""The provider, its terms, and its customers."""

from functools import partial

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import bounces, closing, people, retention, vat, verifying
from accounts.admin.house import OfProviderMixin
from accounts.admin.keeping import KeepsNamedMixin, is_named
from accounts.admin.looking import LooksMixin, OwnHistoryMixin
from accounts.admin.reading import NOTHING, SinceFilter, moment
from accounts.forms.admin import ClosingForm, ContactRowForm, CustomerForm
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
class TermsAdmin(KeepsNamedMixin, admin.ModelAdmin):
    """Versions of the terms; one that somebody accepted, or ordered by, is never changed."""

    list_display = ["version", "published_at"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and is_named(obj))


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
    form = ContactRowForm
    readonly_fields = ["mails_return"]
    extra = 0

    def get_formset(self, request, obj=None, **kwargs):
        """Finds the marks of all rows at once."""
        self.returning = bounces.returning(obj.contacts.values_list("email", flat=True))
        return super().get_formset(request, obj, **kwargs)

    @admin.display(description=_("e-mails come back since"))
    def mails_return(self, contact):
        return moment(self.returning.get(contact.email))


class VatCheckInline(admin.TabularInline):
    """What VIES said about the customer's EU VAT numbers."""

    model = VatCheck
    fields = readonly_fields = ["number", "is_valid", "at", "consultation", "name", "address"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


class ClosedFilter(SinceFilter):
    """Accounts that are open, or closed."""

    title, parameter_name, path = _("account"), "closed", "closed_at"

    def lookups(self, request, model_admin):
        return [("no", _("open")), ("yes", _("closed"))]


class VerifiedFilter(SinceFilter):
    """Whom the provider knows, and whom not."""

    title, parameter_name, path = _("verified"), "verified", "verified_at"

    def lookups(self, request, model_admin):
        return [("no", _("not yet")), ("yes", _("verified"))]


@admin.register(Customer)
class CustomerAdmin(OfProviderMixin, OwnHistoryMixin, LooksMixin, admin.ModelAdmin):
    """Customers, found by number, name, NIP, or the login, e-mail and phone of their people."""

    form = CustomerForm
    history_column = "customer_id"
    list_display = ["number", "name", "kind", "city", "created_at", "verified_at", "closed_at"]
    list_filter = ["kind", VerifiedFilter, ClosedFilter]
    actions = ["verify", "take_back"]
    search_fields = [
        "number",
        "name",
        "tax_id",
        "memberships__user__login",
        "memberships__user__email",
        "memberships__user__phone",
    ]
    search_help_text = _("Number, name or NIP; login, e-mail or phone of its people.")
    readonly_fields = ["number", "created_at", "verified", "closing_at", "closed_at", "closed_reason"]
    fieldsets = [
        (_("State"), {"fields": readonly_fields}),
        (_("On invoices"), {"fields": CustomerForm.Meta.fields}),
    ]
    inlines = [MembershipInline, ContactInline, VatCheckInline]
    change_form_template = "admin/customer.html"
    list_per_page = 50
    show_full_result_count = False

    def get_fieldsets(self, request, obj=None):
        """A new customer has no state yet."""
        return super().get_fieldsets(request, obj) if obj else self.fieldsets[1:]

    def get_inlines(self, request, obj):
        """Nor has it people or checks."""
        return self.inlines if obj else []

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
            try:
                verb(customer, by=request.user)
            except closing.Erased:
                messages.error(request, _("Data of this account are erased already; it cannot be opened again."))
            else:
                messages.success(request, _("Changes saved."))
            return redirect("admin:accounts_customer_change", object_id)
        context = self.admin_site.each_context(request) | {"form": form, "customer": customer, "opts": self.opts}
        closed_on = timezone.localdate(customer.closed_at)
        context |= {"objections": closing.objections(customer), "plan": retention.plan(customer, closed_on)}
        return render(request, "admin/close_customer.html", context)

    @admin.display(description=_("verified"))
    def verified(self, customer):
        if customer.verified_at is None:
            return NOTHING
        return f"{moment(customer.verified_at)} {verifying.way_in_words(customer.verified_how)}"

    @admin.action(description=_("Mark the chosen customers as verified"), permissions=["change"])
    def verify(self, request, queryset):
        way = verifying.BY_ADMINISTRATOR
        say(request, sum(verifying.verify(customer, way=way, by=request.user) for customer in queryset))

    @admin.action(description=_("Take back that the chosen customers are verified"), permissions=["change"])
    def take_back(self, request, queryset):
        say(request, sum(verifying.take_back(customer, by=request.user) for customer in queryset))

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


def say(request, count):
    """Tells for how many customers something changed."""
    text = ngettext("Done for %(count)d customer.", "Done for %(count)d customers.", count) % {"count": count}
    tell = messages.success if count else messages.warning
    tell(request, text)
