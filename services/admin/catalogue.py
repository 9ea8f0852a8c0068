"""The catalogue for administrators: groups, products with prices and options, and the values of these."""

from django.contrib import admin, messages
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts.admin.editing import EditableListAdmin
from accounts.admin.house import OfProviderMixin
from accounts.admin.keeping import KeepsNamedMixin
from accounts.admin.parents import AsParentMixin
from accounts.admin.reading import NOTHING
from services import catalogue
from services.admin.catalogue_forms import (
    IN_CATALOGUE,
    OF_DOMAINS,
    ON_INVOICES,
    WHAT_IT_IS,
    GroupForm,
    OptionForm,
    Options,
    PriceForm,
    Prices,
    ProductForm,
    ValueForm,
    Values,
)
from services.admin.doubts import doubts
from services.models import OptionValue, Price, Product, ProductGroup, ProductOption


@admin.register(ProductGroup)
class ProductGroupAdmin(KeepsNamedMixin, OfProviderMixin, EditableListAdmin):
    """How the catalogue is divided; one with products, or that a promo code is for, is hidden and not deleted."""

    form = GroupForm
    list_display = ["name_pl", "name_en", "slug", "position", "is_shown"]
    list_editable = ["position"]
    search_fields = ["name_pl", "name_en", "slug"]

    def get_prepopulated_fields(self, request, obj=None):
        """The address of a group that exists is known and stays."""
        return {} if obj else {"slug": ["name_pl"]}


class PriceInline(AsParentMixin, admin.TabularInline):
    """What a product costs; a price in use is taken off the offer and another takes its place."""

    model = Price
    form = PriceForm
    formset = Prices
    extra = 0
    can_delete = False


class OptionInline(AsParentMixin, admin.TabularInline):
    """What is asked when the product is ordered; the answers have a page of their own."""

    model = ProductOption
    form = OptionForm
    formset = Options
    extra = 0
    can_delete = False
    show_change_link = True


@admin.register(Product)
class ProductAdmin(KeepsNamedMixin, OfProviderMixin, admin.ModelAdmin):
    """What is sold, at which prices, with which options, and what stands about it on invoices.

    What has prices was offered: it is taken off the offer and not deleted.
    """

    form = ProductForm
    list_display = ["name_pl", "kind", "group", "code", "prices_on_offer", "is_offered", "stock"]
    list_filter = ["kind", "is_offered", "group"]
    list_select_related = ["group"]
    search_fields = ["name_pl", "name_en", "code", "suffix"]
    inlines = [PriceInline, OptionInline]
    list_per_page = 50
    show_full_result_count = False
    save_as = True
    change_form_template = "admin/product.html"
    fieldsets = [
        (None, {"fields": WHAT_IT_IS}),
        (_("In the catalogue"), {"fields": IN_CATALOGUE}),
        (_("Of domains"), {"fields": OF_DOMAINS}),
        (_("On invoices"), {"fields": ON_INVOICES}),
    ]

    def get_queryset(self, request):
        return catalogue.with_prices(super().get_queryset(request))

    @admin.display(description=_("net prices on offer"))
    def prices_on_offer(self, product):
        return ", ".join(f"{price.period}: {number_format(price.net)}" for price in product.offered) or NOTHING

    def save_model(self, request, product, form, change):
        """What orders take of the stock and give back meanwhile stays taken and given back."""
        if change:
            rows = Product.objects.select_for_update(of=["self"], no_key=True)
            product.stock = form.pieces_left(rows.get(pk=product.pk).stock)
        super().save_model(request, product, form, change)

    def save_related(self, request, form, formsets, change):
        """A copy ("Save as new") gets the answers of its original; what cannot be found in the catalogue is told."""
        super().save_related(request, form, formsets, change)
        if "_saveasnew" in request.POST:
            copy_answers(request.resolver_match.kwargs["object_id"], form.instance)
        for words in doubts(form, formsets, change):
            messages.warning(request, words)


def copy_answers(original, copy):
    """Gives the options of a copied product the values that the original's of the same code have on offer."""
    options = {option.code: option for option in copy.options.all()}
    values = OptionValue.objects.filter(option__product=original, option__code__in=options, is_offered=True)
    OptionValue.objects.bulk_create(
        OptionValue(option=options[code], **row)
        for value in values.select_related("option")
        for code, row in [(value.option.code, {name: getattr(value, name) for name in ValueForm.Meta.fields})]
    )


class ValueInline(AsParentMixin, admin.TabularInline):
    """The answers; one that somebody chose is taken off the offer and another takes its place."""

    model = OptionValue
    form = ValueForm
    formset = Values
    extra = 0
    can_delete = False


@admin.register(ProductOption)
class ProductOptionAdmin(admin.ModelAdmin):
    """The answers to one question. Questions are added on the page of their product."""

    form = OptionForm
    list_display = ["product", "name_pl", "name_en", "code"]
    list_per_page = 50
    show_full_result_count = False
    list_select_related = ["product"]
    search_fields = ["name_pl", "name_en", "code", "product__code", "product__name_pl", "product__name_en"]
    fields = ["product", "code", "name_pl", "name_en", "position"]
    readonly_fields = ["product"]
    inlines = [ValueInline]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
