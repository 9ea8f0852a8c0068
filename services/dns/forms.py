"""The form of a DNS record, one for each type, and the search in the list."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.dns import rules
from services.limits import HOST_TYPED, TEXT_TYPED, TTL_LEAST, TTL_MOST, VALUE_TYPED
from services.models import DnsRecord
from services.names import NotAHost, host, readable_host
from services.zones.rrsets import quoted, unquoted

Type = DnsRecord.Type
# What a number of 16 bits can be.
HIGHEST = 65535
# Domain names are nothing for spelling help.
AS_TYPED = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
CRITICAL = 128


def number(label, help_text="", *, least=0):
    return forms.IntegerField(label=label, help_text=help_text, min_value=least, max_value=HIGHEST)


class RecordForm(forms.ModelForm):
    """What all types have: a name, what it says, and for how long others remember it.

    `zone` is the domain in ASCII. Whether the record goes with the others is found out when it is saved.
    """

    content_label, content_help = "", ""
    rule = None
    most_typed = HOST_TYPED
    needs_name = False
    ttl = forms.IntegerField(
        label=_("TTL"),
        help_text=_("For how many seconds others remember it; the same for all records of one name and type."),
        min_value=TTL_LEAST,
        max_value=TTL_MOST,
    )
    field_order = ["name", "priority", "weight", "port", "tag", "content", "critical", "ttl"]

    class Meta:
        model = DnsRecord
        fields = ["name", "content", "ttl"]

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = zone
        name, content = self.fields["name"], self.fields["content"]
        name.help_text, name.required = self.name_help(), self.needs_name
        content.label, content.help_text = self.content_label, self.content_help
        # Before it is read: what takes long to understand is long.
        content.validators.append(MaxLengthValidator(self.most_typed))
        name.widget = forms.TextInput(attrs=AS_TYPED)
        content.widget = self.content_widget()
        self.initial["name"] = self.instance.shown_name if self.instance.pk else ""
        if self.instance.type in DnsRecord.HOSTS:
            self.initial["content"] = readable_host(self.initial.get("content", ""))

    def name_help(self):
        words = _("The part before %(zone)s, such as www; * stands for all names, @ or nothing for the domain itself.")
        return words % {"zone": readable_host(self.zone)}

    def content_widget(self):
        return forms.TextInput(attrs=AS_TYPED)

    def clean_name(self):
        return rules.relative(self.cleaned_data["name"], self.zone)

    def clean_content(self):
        return type(self).rule(self.cleaned_data["content"], self.zone)


class AForm(RecordForm):
    content_label = _("IPv4 address")
    rule = rules.ipv4


class AaaaForm(RecordForm):
    content_label = _("IPv6 address")
    rule = rules.ipv6


class CnameForm(RecordForm):
    """An alias: everything is asked of the other host, so nothing else may bear its name."""

    needs_name = True
    content_label = _("Host")
    content_help = _("The whole name of the host that this one is another name of; @ is the domain itself.")
    rule = rules.target

    def clean_name(self):
        name = super().clean_name()
        if not name:
            raise ValidationError(_("The domain itself cannot be an alias (CNAME). Use A and AAAA there."))
        return name

    def clean(self):
        values = super().clean()
        if values.get("content") == f"{values.get('name')}.{self.zone}":
            self.add_error("content", _("An alias cannot lead to itself."))
        return values


class MxForm(RecordForm):
    """Where mail goes."""

    content_label = _("Mail server")
    content_help = _("The whole name of the server; @ is the domain itself, a single dot says that it takes no mail.")
    rule = rules.server_or_none
    priority = number(_("Priority"), _("The server with the smallest number is tried first, for example 10."))

    class Meta(RecordForm.Meta):
        fields = ["name", "priority", "content", "ttl"]


class TxtForm(RecordForm):
    """A text, for example SPF, DKIM or a proof that the domain is yours."""

    content_label = _("Text")
    content_help = _("As you were given it; long texts are split by us.")
    rule = rules.text
    most_typed = TEXT_TYPED

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        said = self.initial.get("content", "")
        # What looks like quotes of a zone file would be taken for them.
        self.initial["content"] = said if unquoted(said) is None else quoted(said.encode())

    def content_widget(self):
        return forms.Textarea(attrs=AS_TYPED | {"rows": 4})


class SrvForm(RecordForm):
    """Which host and port a service is at."""

    needs_name = True
    content_label = _("Host")
    content_help = _("The whole name of the host; a single dot says that there is no such service.")
    rule = rules.server_or_none
    priority = number(_("Priority"), _("Hosts with the smallest number are tried first."))
    weight = number(_("Weight"), _("Among hosts of one priority, a larger number gets more of the traffic."))
    port = number(_("Port"))

    class Meta(RecordForm.Meta):
        fields = ["name", "priority", "weight", "port", "content", "ttl"]

    def name_help(self):
        return _("The service and its protocol, such as _sip._tcp.")

    def clean_name(self):
        name = super().clean_name()
        service, _dot, protocol = name.partition(".")
        if not (service.startswith("_") and protocol.startswith("_")):
            raise ValidationError(_("Begin with the service and its protocol, such as _sip._tcp."))
        return name


class CaaForm(RecordForm):
    """Who may issue certificates."""

    most_typed = VALUE_TYPED
    content_label = _("Value")
    content_help = _(
        "The domain of the authority, such as letsencrypt.org, “;” for none; for reports a mailto: address."
    )
    tag = forms.ChoiceField(
        label=_("What it says"),
        choices=[
            ("issue", _("who may issue certificates (issue)")),
            ("issuewild", _("who may issue certificates for all names, * (issuewild)")),
            ("iodef", _("where reports go (iodef)")),
        ],
    )
    critical = forms.BooleanField(
        label=_("An authority that does not understand this must issue nothing (critical)"), required=False
    )

    class Meta(RecordForm.Meta):
        fields = ["name", "tag", "content", "ttl"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["critical"].initial = bool(self.instance.flags)

    def clean_content(self):
        return rules.authority(self.cleaned_data["content"], self.cleaned_data.get("tag"))

    def clean(self):
        values = super().clean()
        self.instance.flags = CRITICAL if values.get("critical") else 0
        return values


class NsForm(RecordForm):
    """Hands a part of the domain to other name servers."""

    needs_name = True
    content_label = _("Name server")
    content_help = _("The whole name of the server that answers for this part of the domain.")
    rule = rules.server

    def clean_name(self):
        name = super().clean_name()
        if not name:
            raise ValidationError(_("The name servers of the domain itself are not set here."))
        if name.startswith("*"):
            raise ValidationError(_("All names at once (*) cannot be handed to other name servers."))
        return name


FORMS = {
    Type.A: AForm,
    Type.AAAA: AaaaForm,
    Type.CNAME: CnameForm,
    Type.MX: MxForm,
    Type.TXT: TxtForm,
    Type.SRV: SrvForm,
    Type.CAA: CaaForm,
    Type.NS: NsForm,
}


class RecordFilter(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label=_("Name or content"), max_length=100, required=False, widget=forms.SearchInput)
    type = forms.ChoiceField(label=_("Type"), required=False, choices=[("", _("All")), *Type.choices])

    def apply(self, records):
        """The records that fit; what cannot be understood narrows nothing."""
        self.is_valid()
        if words := self.cleaned_data.get("q"):
            records = records.filter(Q(name__icontains=in_ascii(words)) | Q(content__icontains=in_ascii(words)))
        if kind := self.cleaned_data.get("type"):
            records = records.filter(type=kind)
        return records


def in_ascii(words):
    """A name as it is kept, anything else as it was typed."""
    try:
        return words if words.isascii() else host(words)
    except NotAHost:
        return words
