"""Files in a form: all are looked at before any is kept, and the good ones outlive a refused form."""

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.limits import FILE_BYTES, FILES_PER_MESSAGE, FILES_WAITING
from tickets.models import Attachment

# Fields of the forms that a draft keeps.
TYPED, CHOSEN = {"subject", "text"}, {"category", "service", "sender"}


class FilesInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The uploaded files as a list. What is wrong with one is said by the form, which knows the others."""

    widget = FilesInput

    def clean(self, data, initial=None):
        return data or []


class AttachingForm(forms.Form):
    """A form with attachments: `kept` are those the person uploaded before, `accepted` the new good ones.

    Both are in the order in which the person chose them. It begins with the words and files of a `draft`.
    """

    largest, most = FILE_BYTES, FILES_PER_MESSAGE
    files = FilesField(
        label=gettext_lazy("Add attachments"),
        help_text=gettext_lazy("At most 10 files of any type, each of at most 15 MB."),
        required=False,
    )

    def __init__(self, *args, person, draft=None, initial=None, **kwargs):
        self.draft = draft
        super().__init__(*args, initial=(initial or {}) | (draft.words if draft else {}), **kwargs)
        self.tokens = list(dict.fromkeys(self.data.getlist("attachment"))) if self.is_bound else []
        self.waiting = Attachment.objects.unsent_by(person)
        self.kept = [row for row in self.waiting if row.token in self.tokens] if self.tokens else []
        self.kept.sort(key=lambda row: self.tokens.index(row.token))
        if draft and not self.is_bound:
            self.kept = list(draft.files.filter(message=None))
        self.accepted = []

    def clean_files(self):
        """Sorts the new files into good and refused; one error for each that is refused."""
        files = self.cleaned_data["files"]
        problems = [problem for upload in files if (problem := refusal(upload))]
        good = [upload for upload in files if not refusal(upload)]
        room = max(0, FILES_PER_MESSAGE - len(self.kept))
        if good and self.waiting.count() + len(good) > FILES_WAITING:
            room, problems = 0, [*problems, too_many_waiting()]
        elif len(good) > room or len(self.kept) > FILES_PER_MESSAGE:
            problems.append(_("A message takes at most 10 files. Send the others with another message."))
        if len(self.kept) < len(self.tokens):
            problems.append(_("Some files are no longer here. Please add them again."))
        self.accepted = good[:room]
        if problems:
            raise forms.ValidationError(problems)
        return files

    def without_judgement(self):
        """The same form, what was typed still in it, as if it had not been sent yet."""
        self.is_bound, self.initial, self._errors = False, self.data.dict(), None
        return self

    @property
    def typed(self):
        """What a draft keeps: all that was typed, cut where it is too long, and what was chosen rightly."""
        typed = {name: self.data.get(name, "").replace("\0", "") for name in TYPED & self.fields.keys()}
        typed = {name: words[: self.fields[name].max_length] for name, words in typed.items()}
        return typed | {name: self.cleaned_data.get(name) for name in CHOSEN & self.fields.keys()}

    @property
    def words(self):
        """What was typed, without the files."""
        return {name: value for name, value in self.cleaned_data.items() if name != "files"}


def refusal(upload):
    """Why this file cannot be attached, in plain words; "" when it can."""
    if upload.size > FILE_BYTES:
        return _("%(name)s is too large: %(size)s. A file may have at most 15 MB.") % {
            "name": upload.name,
            "size": filesizeformat(upload.size),
        }
    if not upload.size:
        return _("%(name)s is empty.") % {"name": upload.name}
    return ""


def too_many_waiting():
    """The words for somebody who uploads and uploads and sends nothing."""
    return _("You have too many uploaded files that were not sent. Send or remove some first.")
