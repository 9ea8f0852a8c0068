"""Forms of a signed-in person: own data, the customer's billing data, contacts, password."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import consents, countries, limits, signin, sms, ways
from accounts.forms.signin import NewPasswordForm, password_field
from accounts.identifiers import canonical_eu_vat, canonical_nip, canonical_phone, canonical_postal_code
from accounts.models import Consent, Contact, Customer, User
from accounts.notify import optional_by_kind, optional_letters, texts_by_kind

NO_SMS_THERE = _("We send no text messages to the country of this phone number.")


class PhoneMixin:
    """Brings a typed phone number to the one form in which it is kept."""

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        return canonical_phone(phone) if phone else ""


class OwnPasswordMixin:
    """Checks the password of the person who fills the form in; the form has self.user."""

    def require_own_password(self, field):
        """Adds an error to `field` unless it holds the person's password."""
        if not self.cleaned_data.get(field):
            self.add_error(field, _("Type your password."))
            return
        try:
            right = signin.confirm_password(self.user, self.cleaned_data[field])
        except limits.TooMany:
            self.add_error(field, _("Too many wrong passwords. Wait five minutes and try again."))
            return
        if not right:
            self.add_error(field, _("This is not your password."))


class PersonalDataForm(PhoneMixin, OwnPasswordMixin, forms.ModelForm):
    """Name, phone, language and notifications. A changed phone asks for the password: codes may go there."""

    notifications = forms.MultipleChoiceField(
        label=_("E-mails you want"), required=False, widget=forms.CheckboxSelectMultiple
    )
    texts = forms.MultipleChoiceField(
        label=_("Text messages you want"),
        help_text=_("They come to your confirmed phone number, 20 a day at most."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    mailing = forms.BooleanField(label=_(consents.TEXTS[Consent.Kind.MAILING]), required=False)
    current_password = forms.CharField(
        label=_("Your password"),
        help_text=_("Only needed when you change the phone number."),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    class Meta:
        model = User
        fields = ["name", "phone", "language"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
        }

    field_order = ["name", "phone", "current_password", "language", "notifications", "texts", "mailing"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = self.instance
        self.phone_before = self.instance.phone
        self.fields["current_password"].depends = True
        wanted = self.fields["notifications"]
        wanted.choices = optional_by_kind()
        wanted.initial = [name for name, _words in optional_letters() if name not in self.instance.muted]
        self.fields["mailing"].initial = consents.has(self.instance, Consent.Kind.MAILING)
        if not wanted.choices:
            del self.fields["notifications"]
        self.offer_texts()

    def offer_texts(self):
        """Text messages, to who has a number for them; to others how they would have one."""
        texts = self.fields["texts"]
        texts.choices, texts.initial = texts_by_kind(), self.instance.texted
        if not ways.has_confirmed_phone(self.instance):
            del self.fields["texts"]
            if settings.SMS_BACKEND and "notifications" in self.fields:
                self.fields["notifications"].help_text = _(
                    "Some of them come as text messages, too, once you have confirmed your phone under Security."
                )

    def clean(self):
        cleaned = super().clean()
        if "phone" in cleaned and cleaned["phone"] != self.phone_before:
            self.require_own_password("current_password")
        if not cleaned.get("phone") and self.instance.second_step == User.Channel.SMS:
            self.add_error(
                "phone", _("Your one-time codes come to this phone. Choose another way under Security first.")
            )
        elif self.instance.second_step == User.Channel.SMS and not sms.reaches(cleaned["phone"]):
            self.add_error("phone", NO_SMS_THERE)
        return cleaned

    @property
    def texted(self):
        """Letters about which the person wants text messages; what was chosen stays where it is not asked for."""
        return self.cleaned_data["texts"] if "texts" in self.fields else self.instance.texted

    @property
    def muted(self):
        """Letters the person does not want."""
        wanted = self.cleaned_data.get("notifications", [])
        return [name for name, _words in optional_letters() if name not in wanted]


class InvoiceAddressMixin:
    """Where invoices go: no part may be missing, and a Polish postal code is kept as it is printed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("street", "postal_code", "city"):
            self.fields[name].required = True

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("country") == countries.POLAND and cleaned.get("postal_code"):
            try:
                cleaned["postal_code"] = canonical_postal_code(cleaned["postal_code"])
            except ValidationError as refusal:
                self.add_error("postal_code", refusal)
        return cleaned


class BillingForm(InvoiceAddressMixin, forms.ModelForm):
    """What stands on the customer's invoices."""

    country = forms.ChoiceField(label=_("Country"), choices=countries.choices)

    class Meta:
        model = Customer
        fields = ["kind", "name", "tax_id", "eu_vat", "street", "postal_code", "city", "country"]
        widgets = {
            "kind": forms.RadioSelect,
            "tax_id": forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 20}),
        }
        help_texts = {
            "name": _("First and last name, or the company's full name."),
            "tax_id": _("Ten digits. Companies in Poland need it."),
            "eu_vat": _("For companies in other EU countries, with the country in front: DE136695976."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A NIP may be typed with dashes and "PL": the length is judged after those are gone.
        self.fields["tax_id"] = forms.CharField(
            label=self.fields["tax_id"].label,
            help_text=self.fields["tax_id"].help_text,
            required=False,
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )
        self.fields["tax_id"].depends = True
        self.fields["eu_vat"] = forms.CharField(
            label=self.fields["eu_vat"].label, help_text=self.fields["eu_vat"].help_text, required=False, max_length=25
        )
        self.fields["name"].required = True

    def clean_tax_id(self):
        return canonical_nip(self.cleaned_data["tax_id"])

    def clean_eu_vat(self):
        return canonical_eu_vat(self.cleaned_data["eu_vat"])

    def clean(self):
        cleaned = super().clean()
        company = cleaned.get("kind") == Customer.Kind.COMPANY
        if company and cleaned.get("country") == "PL" and not cleaned.get("tax_id") and "tax_id" not in self.errors:
            self.add_error("tax_id", _("Invoices to a company in Poland need its NIP."))
        if not company:
            cleaned["tax_id"] = cleaned["eu_vat"] = ""
        return cleaned


class AddressForm(InvoiceAddressMixin, forms.ModelForm):
    """Where the customer's invoices go; neither who they are nor their tax numbers."""

    country = forms.ChoiceField(label=_("Country"), choices=countries.choices)

    class Meta:
        model = Customer
        fields = ["street", "postal_code", "city", "country"]

    def clean(self):
        cleaned = super().clean()
        company = self.instance.kind == Customer.Kind.COMPANY
        if company and cleaned.get("country") == "PL" and not self.instance.tax_id:
            self.add_error("country", _("Invoices to a company in Poland need its NIP."))
        return cleaned


class ContactForm(PhoneMixin, forms.ModelForm):
    """A contact person."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contact.Kind, widget=forms.RadioSelect)

    class Meta:
        model = Contact
        fields = ["kind", "name", "email", "phone"]


class ChangePasswordForm(OwnPasswordMixin, NewPasswordForm):
    """A new password, for who knows the old one."""

    current_password = password_field(_("Your present password"), "current-password")

    field_order = ["current_password", "password", "repeated"]

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            self.require_own_password("current_password")
        return cleaned

    def clean_password(self):
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        if password == self.data.get("current_password"):
            raise ValidationError(_("This is your present password; choose another."))
        return password


class SecondStepForm(OwnPasswordMixin, forms.ModelForm):
    """The preferred second step; beside an app or passkeys also whether codes by message open the account."""

    current_password = password_field(_("Your password"), "current-password")

    class Meta:
        model = User
        fields = ["second_step", "message_codes"]
        labels = {
            "second_step": _("Preferred way"),
            "message_codes": _("Codes by e-mail or SMS open the account, too"),
        }
        help_texts = {"message_codes": _("They are easier to steal than an app or a passkey.")}

    field_order = ["second_step", "message_codes", "current_password"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = self.instance
        self.strong = ways.strong_ways(self.user)
        offered = [*self.strong, *self.messages_offered()]
        # Another preference than these is one that was taken away: the first of them is what happens now.
        self.initial["second_step"] = ways.ways_of(self.user)[0]
        self.fields["second_step"] = forms.ChoiceField(
            label=self.fields["second_step"].label,
            choices=[(way.value, way.label) for way in offered],
            widget=forms.RadioSelect,
        )
        if not self.strong or self.user.has_staff_rights:
            del self.fields["message_codes"]

    def messages_offered(self):
        """Ways that send a code; text messages only where the provider sends them."""
        if self.strong and self.user.has_staff_rights:
            return []
        return [User.Way.MAIL, User.Way.SMS] if settings.SMS_BACKEND else [User.Way.MAIL]

    @property
    def is_offered(self):
        """Whether there is anything to choose."""
        return len(self.fields["second_step"].choices) > 1

    @property
    def message_codes(self):
        return self.cleaned_data.get("message_codes", True)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("second_step") == User.Way.SMS:
            self.check_phone()
        if cleaned.get("second_step") in (User.Way.MAIL, User.Way.SMS) and not self.message_codes:
            self.add_error("second_step", _("To prefer codes by message, let them open the account."))
        if not self.errors:
            self.require_own_password("current_password")
        return cleaned

    def check_phone(self):
        """Codes go to a number that a code was typed from."""
        if not self.user.phone:
            self.add_error("second_step", _("Add your phone number under Personal data first."))
        elif not sms.reaches(self.user.phone):
            self.add_error("second_step", NO_SMS_THERE)
        elif not ways.has_confirmed_phone(self.user):
            self.add_error("second_step", _("Confirm your phone number under Security first."))


class OwnPasswordForm(OwnPasswordMixin, forms.Form):
    """Only the person's password, before something that needs it."""

    current_password = password_field(_("Your panel password"), "current-password")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            self.require_own_password("current_password")
        return cleaned


class AccountDecisionForm(OwnPasswordForm):
    """The password before what becomes of the whole account, of which representatives are mailed."""

    def __init__(self, *args, customer, **kwargs):
        super().__init__(*args, **kwargs)
        self.customer = customer

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            try:
                limits.ACCOUNT_DECISIONS.charge(self.customer.pk)
            except limits.TooMany:
                self.add_error(None, _("This was done very often today. Try again tomorrow."))
        return cleaned
