"""Forms of the administration for the catalogue."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from accounts.typed import whole_number
from services import choosing, drivers, registrars, zones
from services.models import OptionValue, Price, Product, ProductGroup, ProductOption, ProvisioningJob

# Words of addresses below the catalogue's own, which no product can have.
TAKEN_CODES = {"domain", "groups", "preview"}
DESCRIPTIONS = ["description_pl", "description_en"]
WHAT_IT_IS = ["code", "kind", "name_pl", "name_en", "driver", "asks_domain", "is_withdrawable"]
IN_CATALOGUE = ["group", "position", "is_offered", "stock", *DESCRIPTIONS]
OF_DOMAINS = ["suffix", "zones"]
ON_INVOICES = ["tax_rate", "tax_point", "unit", "pkwiu", "gtu", "in_annex_15"]


def both_or_none(form):
    """A description that some customers could not read is refused."""
    texts = {name: form.cleaned_data.get(name) for name in DESCRIPTIONS}
    if any(texts.values()):
        for name, text in texts.items():
            if not text and name not in form.errors:
                form.add_error(name, _("Write it in both languages."))


class GroupForm(forms.ModelForm):
    class Meta:
        model = ProductGroup
        fields = ["slug", "name_pl", "name_en", *DESCRIPTIONS, "position", "is_shown"]

    def clean(self):
        super().clean()
        both_or_none(self)


class ProductForm(forms.ModelForm):
    """What is sold must be able to be set up: by a driver of its kind, for a domain with its suffix."""

    driver = forms.ChoiceField(
        label=_("Driver"), help_text=_("What sets services up and extends them; for domains it is the registrar.")
    )
    zones = forms.ChoiceField(
        label=_("DNS"), required=False, help_text=_("Of domains: which servers carry their records, if any.")
    )

    class Meta:
        model = Product
        fields = [*WHAT_IT_IS, *IN_CATALOGUE, *OF_DOMAINS, *ON_INVOICES]
        help_texts = {
            "code": _("Stands in the address of its page, and its driver knows it by this; letters, digits, dashes."),
            "position": _("The smallest number stands first."),
            "tax_rate": _("Counts for what is ordered or renewed from now on; nothing issued is changed."),
            "tax_point": _("Decides which dates stand on invoices: of a period, or of the day on which it was done."),
            "pkwiu": _("Only where it is needed on invoices."),
            "gtu": _("Only for goods and services that JPK_V7 marks with one."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "group" in self.fields:
            # A group has a page of its own, where one learns whether it may be deleted.
            self.fields["group"].widget.can_delete_related = False
        if "driver" in self.fields:
            self.fields["driver"].choices = driver_choices()
        if "zones" in self.fields:
            self.fields["zones"].choices = [("", _("None")), *zones.LABELS.items()]
        if "stock" in self.fields:
            # The page sends what it showed, too: pieces are sold while somebody looks at it.
            self.fields["stock"].show_hidden_initial = True

    def clean_code(self):
        code = self.cleaned_data["code"]
        if code in TAKEN_CODES and "code" in self.changed_data:
            raise ValidationError(_("This word stands in addresses of the panel itself. Choose another one."))
        return code

    def clean_kind(self):
        kind = self.cleaned_data["kind"]
        if self.instance.pk and "kind" in self.changed_data:
            if self.instance.services.exists():
                raise ValidationError(_("Customers have services of this product, so it stays of its kind."))
            if kind == Product.Kind.DOMAIN and self.instance.options.exists():
                raise ValidationError(_("Domains are sold without options."))
        return kind

    def clean_suffix(self):
        suffix = self.cleaned_data["suffix"].strip().lower().removeprefix(".")
        if suffix:
            # Any name with it must be a domain name.
            DomainNameValidator(message=_("Type what the names end in, such as “com.pl”."))(f"name.{suffix}")
        return suffix

    def pieces_left(self, now):
        """The stock when there are `now` of it: by as many more or less as were typed, whatever was sold meanwhile."""
        if "stock" not in self.changed_data:
            return now
        typed, field = self.cleaned_data["stock"], self["stock"]
        shown = whole_number(self.data.get(field.html_initial_name, ""))
        return typed if None in (typed, shown, now) else max(0, now + typed - shown)

    def clean(self):
        data = super().clean()
        both_or_none(self)
        kind = data.get("kind")
        if not kind:
            return
        if data.get("driver") and data["driver"] not in choosing.names_for(kind):
            self.add_error("driver", _("This one does not set up products of this kind."))
        elif data.get("is_offered"):
            self.refuse_unready(data, kind)
        if kind == Product.Kind.DOMAIN:
            self.clean_domain(data)
        else:
            self.clean_no_domain(data)

    def refuse_unready(self, data, kind):
        """What was paid for would wait for somebody to fill the settings in."""
        families = {"driver": choosing.drivers_for(kind, ProvisioningJob.Act.CREATE), "zones": zones.ZONES}
        for field, classes in families.items():
            driver = classes.get(data.get(field))
            if driver and (missing := driver.missing()):
                text = _("This cannot work yet: %(name)s is not set where the panel runs.") % {"name": missing}
                self.add_error(field, text)

    def clean_domain(self, data):
        """A domain product is one ending of names, which nobody else sells here."""
        if "suffix" in data and not data["suffix"]:
            self.add_error("suffix", _("A domain needs what its names end in, such as “com.pl”."))
        elif data.get("is_offered"):
            others = Product.objects.filter(suffix=data.get("suffix"), is_offered=True).exclude(pk=self.instance.pk)
            if others.exists():
                self.add_error(
                    "suffix", _("Another product with this suffix is offered. Take it off the offer first.")
                )
        if data.get("asks_domain"):
            self.add_error("asks_domain", _("A domain is a name itself; leave this off."))

    def clean_no_domain(self, data):
        """What belongs to domains only."""
        for name in ("suffix", "zones"):
            if data.get(name):
                self.add_error(name, _("Only domains have this. Leave it empty."))


def driver_choices():
    """Every driver and registrar; whether it fits the kind is said when the form is sent."""
    own = {name for name, _label in drivers.choices()}
    beside = [(name, label) for name, label in registrars.LABELS.items() if name not in own]
    return [*drivers.choices(), (_("Registrars of domains"), beside)] if beside else drivers.choices()


class RowForm(forms.ModelForm):
    """Fields in a row have no label beside them: each says by itself what it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label


class KeepsUsedForm(RowForm):
    """A row that somebody was charged by is not rewritten: it is taken off the offer and another takes its place."""

    # The fields that were agreed to, and the one beside which that is said.
    agreed, told_at, told = set(), "", ""

    def clean(self):
        data = super().clean()
        if self.instance.pk and self.agreed & set(self.changed_data) and self.instance.is_used:
            self.add_error(self.told_at, self.told)
        return data


def narrow(*names):
    """Widgets of amounts as Django's administration has them for numbers: a row of them fits beside the menu."""
    return {name: forms.NumberInput(attrs={"class": "vIntegerField", "step": "0.01"}) for name in names}


class PriceForm(KeepsUsedForm):
    """What costs nothing has no end, so nothing can cost something each month beside it."""

    agreed, told_at = {"months", "net", "setup_net", "currency"}, "net"
    told = _("Customers pay this price. Take it off the offer and add another one.")

    class Meta:
        model = Price
        fields = ["months", "net", "setup_net", "currency", "is_offered"]
        help_texts = {"net": _("For the whole period. Zero means free of charge and without an end.")}
        widgets = narrow("net", "setup_net")

    def clean(self):
        data = super().clean()
        if data.get("is_offered") and data.get("net") == 0:
            monthly = OptionValue.objects.filter(option__product=self.instance.product_id, monthly_net__gt=0)
            if monthly.filter(is_offered=True).exists():
                self.add_error("net", _("Its options cost something each month, so it cannot be free of charge."))
        return data


class OptionForm(RowForm):
    class Meta:
        model = ProductOption
        fields = ["code", "name_pl", "name_en", "position"]


class ValueForm(KeepsUsedForm):
    """Beside a product that is free of charge, and so has no end, only something once can be paid."""

    agreed, told_at = {"code", "monthly_net", "setup_net"}, "monthly_net"
    told = _("Customers have chosen this. Take it off the offer and add another one.")

    class Meta:
        model = OptionValue
        fields = ["code", "name_pl", "name_en", "monthly_net", "setup_net", "position", "is_offered"]
        widgets = narrow("monthly_net", "setup_net")

    def clean(self):
        data = super().clean()
        if data.get("is_offered") and data.get("monthly_net"):
            free = Price.objects.filter(product__options=self.instance.option_id, net=0, is_offered=True)
            if free.exists():
                self.add_error("monthly_net", _("The product is free of charge, so only a set-up fee is possible."))
        return data


def added_meanwhile(formset):
    """Rows that were not there when the page was opened: Django asks no constraint that names the page's own row."""
    shown = {form.instance.pk for form in formset.initial_forms}
    return [row for row in formset.get_queryset() if row.pk not in shown]


class OneOnOffer(BaseInlineFormSet):
    """Of rows that stand for the same thing one is on offer; it can be replaced by another in one go."""

    same, told = "", ""

    def clean(self):
        super().clean()
        taken = {getattr(row, self.same) for row in added_meanwhile(self) if row.is_offered}
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            what = data.get(self.same)
            if what and data.get("is_offered"):
                if what in taken:
                    form.add_error(self.same, self.told)
                taken.add(what)

    def save_existing_objects(self, commit=True):
        """What is taken off makes room first: the database never sees two."""
        leaving = [form.instance.pk for form in self.initial_forms if not form.cleaned_data.get("is_offered")]
        if commit:
            self.model.objects.filter(pk__in=leaving).update(is_offered=False)
        return super().save_existing_objects(commit)


class Prices(OneOnOffer):
    same, told = "months", _("There is a price for this period already. Take it off the offer first.")


def refuse_twins(forms):
    """Rows of one name could not be told apart by those who choose."""
    for name in ("name_pl", "name_en"):
        taken = set()
        for form in forms:
            words = form.cleaned_data.get(name, "").casefold()
            if words and words in taken:
                form.add_error(name, _("Another one has this name already."))
            taken.add(words)


class Options(BaseInlineFormSet):
    """Names are found and put into the cart where nothing else is asked."""

    def clean(self):
        super().clean()
        filled = [form for form in self.forms if hasattr(form, "cleaned_data")]
        refuse_twins(filled)
        taken = {row.code for row in added_meanwhile(self)}
        for form in filled:
            if form.cleaned_data.get("code") in taken:
                form.add_error("code", _("There is an option with this code already."))
        if self.instance.kind == Product.Kind.DOMAIN and any(form.has_changed() for form in self.extra_forms):
            raise ValidationError(_("Domains are sold without options."))


class Values(OneOnOffer):
    same, told = "code", _("There is a value with this code already. Take it off the offer first.")

    def clean(self):
        super().clean()
        filled = [form for form in self.forms if hasattr(form, "cleaned_data")]
        refuse_twins([form for form in filled if form.cleaned_data.get("is_offered")])
