"""What waits at the desk: late, soon due, taken by somebody, merged, from elsewhere; and mails that were not taken."""

from datetime import timedelta
from email.message import EmailMessage

from django.utils import timezone

from panel.demo import past
from tickets import assigning, conversation, merging, notes
from tickets.incoming import taking
from tickets.models import Message

# Whose, about what, days since; the first ones are late even after a long weekend, the last one on no day of the week.
WAITING = [
    (
        *("translator", "hosting", "Strona otwiera się bardzo wolno"),
        "Dzień dobry,\n\nod tygodnia strona główna ładuje się kilkanaście sekund, najgorzej wieczorem. "
        "Czy coś się zmieniło na serwerze?\n\nIgor Nałkowski",
        6,
    ),
    (
        *("garden", "payments", "Duplikat faktury za marzec"),
        "Proszę o duplikat faktury za hosting z marca; biuro rachunkowe jej nie ma.",
        12,
    ),
    (
        *("garden", "domains", "Wpis TXT dla lipinska-gardens.example"),
        "Dostawca newslettera prosi o wpis TXT. Czy dodadzą go Państwo, czy mogę to zrobić sama?",
        5,
    ),
    (
        *("translator", "mail", "Skrzynka prawie pełna"),
        "Widzę ostrzeżenie o 95%. Ile kosztuje większa skrzynka?",
        1 / 8,
    ),
]
# Sender, subject, text, further headers.
MAILS = [
    (
        "Biuro Ogrody <biuro@example.org>",
        "Nieobecność w biurze",
        "Wracam 30 listopada.",
        {"Auto-Submitted": "auto-replied"},
    ),
    ("Tomasz Wierzba <tomasz@example.com>", "Zdjęcie usterki", "", {}),
    ("", "Pytanie o cenę", "Ile kosztuje certyfikat na rok?", {}),
]


def write(people, categories, held, *, support, technician):
    """Threads that wait for support. `people` are memberships by name."""
    late, invoice, record, _full = (wait(people, categories, *row) for row in WAITING)
    notes.write_note(late, by=technician, text="Kopia zapasowa biegła w godzinach pracy; przestawiona na noc.")
    assigning.assign(late, technician, by=technician)
    assigning.assign(invoice, support, by=support)
    conversation.reply(
        record,
        outside=by_mail(
            people["garden"].user, quoted="W dniu wczorajszym Ogrody Lipińska napisały:\n> Czy dodadzą go Państwo?"
        ),
        text="Chodzi o wpis „v=spf1 include:example.org -all”. Bardzo proszę, wysyłka ma ruszyć w poniedziałek.",
    )
    asked_twice(people["garden"], categories["phone"], held["phone"], support)
    without_access(categories["hosting"])
    for row in MAILS:
        not_taken(*row)


def wait(people, categories, who, category, subject, text, days):
    """One that waits since so many days ago."""
    at = timezone.now() - timedelta(days=days)
    return past.ask(people[who], categories[category], subject, text, at)


def by_mail(user, **more):
    """Words that this person's own address sent."""
    origin = Message.Origin.MAIL
    return conversation.Outside(name=user.display_name, email=user.email, origin=origin, is_verified=True, **more)


def asked_twice(garden, category, service, support):
    """Two about the same thing, which support has merged."""
    first, second = (
        past.ask(garden, category, subject, text, timezone.now() - timedelta(hours=hours), service=service)
        for hours, subject, text in [
            (3, "Drugi telefon na tym samym numerze", "Czy do konta SIP mogę podłączyć drugi aparat?"),
            (2, "Jeszcze o drugim telefonie", "Chodzi o model z ekranem, w szklarni nie ma zasięgu komórki."),
        ]
    )
    merging.merge(second, first, by=support)


def without_access(category):
    """The form for people who cannot sign in, filled in by a foreigner."""
    conversation.open_ticket(
        customer=None,
        category=category,
        subject="I cannot sign in any more",
        text="Hello,\n\nmy phone was stolen and the codes went to it. My login is gartenbau.\n\nJonas Weber",
        outside=conversation.Outside(
            name="Jonas Weber",
            email="jonas@example.net",
            origin=Message.Origin.FORM,
            is_verified=True,
            language="en",
        ),
        confirmed=False,
    )


def not_taken(sender, subject, text, headers):
    """A mail as a mail server hands it over, which becomes no message."""
    mail = EmailMessage()
    for name, value in {"From": sender, "To": "pomoc@example.com", "Subject": subject, **headers}.items():
        if value:
            mail[name] = value
    mail.set_content(text)
    taking.take(mail.as_bytes(), recipients=["pomoc@example.com"])
