"""Answering a mail of the demo as its reader would in a mail program: the answer comes in by the same function."""

from email.message import EmailMessage
from email.utils import make_msgid, parseaddr

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tickets.incoming import take
from tickets.models import IncomingMail


class AnswerForm(forms.Form):
    """What somebody writes back."""

    text = forms.CharField(
        label=_("Your answer by e-mail"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )


def address_of(kept):
    """Where a kept mail is answered, if that comes in here; else ""."""
    address = parseaddr(kept.reply_to)[1]
    return address if settings.REPLY_DOMAIN and address.endswith(f"@{settings.REPLY_DOMAIN}") else ""


def answer(kept, text):
    """Brings an answer of the reader's to a kept mail, above its quotation; returns whether it became a message.

    Our own mail server vouches for the reader, as it would for somebody whose domain has DMARC.
    """
    to, domain = address_of(kept), kept.to.rpartition("@")[2]
    mail = EmailMessage()
    mail["Authentication-Results"] = f"{settings.MAIL_AUTHSERV_ID}; dmarc=pass header.from={domain}"
    mail["From"], mail["To"], mail["Subject"] = kept.to, to, f"Re: {kept.subject}"
    mail["Message-ID"] = make_msgid(domain="mail.example")
    if kept.message_id:
        mail["In-Reply-To"] = kept.message_id
    quoted = "\n".join(f"> {line}" for line in kept.text.splitlines())
    mail.set_content(f"{text}\n\nOn {kept.at:%a, %d %b %Y at %H:%M}, {kept.sender} wrote:\n{quoted}\n")
    return take(mail.as_bytes(), recipients=[to], envelope_from=kept.to).state == IncomingMail.State.TAKEN
