"""What customers and support type."""

from hashlib import sha256

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_selector
from accounts.models import Contact
from accounts.typed import whole_number
from services.models import Service
from tickets.forms.files import AttachingForm
from tickets.models import Category
from tickets.models.message import TEXT_LENGTH
from tickets.models.ticket import SUBJECT_LENGTH

# A longer list helps nobody to choose; the service's own page links here with it chosen.
SERVICES_LISTED = 300


class ReplyForm(AttachingForm):
    """A message of a thread."""

    # Made anew whenever the form is shown; comes back with what was typed in it.
    key = forms.CharField(required=False, initial=new_selector, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Text of the message"), max_length=TEXT_LENGTH, widget=forms.Textarea)

    field_order = ["text", "files"]

    @property
    def sending(self):
        """Tells one sending from every other: the form together with what was sent in it; "" for one without a key.

        A browser that goes back shows the old form; what is written in it then is another message.
        """
        if not self.data.get("key"):
            return ""
        files = [f"{file.name} {file.size}" for file in self.files.getlist("files")]
        parts = [self.data["key"], self.data.get("text", ""), *self.data.getlist("attachment"), *files]
        return sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]

    @property
    def words(self):
        return super().words | {"key": self.sending}


class AnswerForm(ReplyForm):
    """An answer by support; it knows which message was the last when the author began."""

    last_seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["data-key"] = "r"


class NoteForm(forms.Form):
    """A note that only support reads."""

    text = forms.CharField(
        label=_("Note for support only"), max_length=TEXT_LENGTH, widget=forms.Textarea({"data-key": "n"})
    )


class NewTicketForm(ReplyForm):
    """The first message of a thread."""

    category = forms.ModelChoiceField(
        Category.objects.filter(is_active=True), label=_("Category"), empty_label=_("Choose a category")
    )
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LENGTH)
    sender = forms.ModelChoiceField(Contact.objects.none(), label=_("Sender"), required=False)

    field_order = ["category", "service", "subject", "sender", "text", "files"]

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, person=membership.user, **kwargs)
        self.offer_services(membership)
        self.offer_senders(membership)

    def offer_services(self, membership):
        """Any service the person sees; one who sees only some must say which it is about."""
        field = self.fields["service"]
        field.queryset = Service.objects.visible_to(membership).select_related("product")
        field.required = not membership.sees_everything
        chosen = whole_number(str(self.data.get("service", "") or self.initial.get("service", "")))
        listed = list(field.queryset[:SERVICES_LISTED])
        if chosen not in [service.pk for service in listed]:
            listed += field.queryset.filter(pk=chosen)
        empty = _("Choose a service") if field.required else _("Not about a service")
        field.widget.choices = [("", empty), *((service.pk, str(service)) for service in listed)]

    def offer_senders(self, membership):
        """Contact persons are shown only to those who see everything of the customer."""
        if not membership.sees_everything:
            del self.fields["sender"]
            return
        field = self.fields["sender"]
        field.queryset = membership.customer.contacts.all()
        field.empty_label = membership.user.display_name
        field.help_text = _("A contact person named here gets the answers, too.")
