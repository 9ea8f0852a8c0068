"""The messages of the demo, written by the same verbs as real ones."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tickets import attachments, conversation
from tickets.models import Category

CATEGORIES = [
    ("Hosting i strony", "Hosting and websites"),
    ("Poczta", "Mail"),
    ("Domeny", "Domains"),
    ("Telefonia", "Phone"),
    ("Płatności i umowy", "Payments and contracts"),
]
ERROR_LOG = (
    "[20-Nov-2026 21:04:11] PHP Fatal error: Allowed memory size of 134217728 bytes exhausted\n"
    "in galeria.php on line 88\n"
)
PLUGINS = "nazwa;wersja\ngaleria;2.4\nformularz;1.9\nsklep;7.1\n"


def write(garden, translator, held, *, support):
    """Threads in every state: answered and not yet read, waiting, closed; one of somebody else."""
    categories = [
        Category.objects.create(name_pl=name_pl, name_en=name_en, position=position)
        for position, (name_pl, name_en) in enumerate(CATEGORIES, start=1)
    ]
    hosting, mail, domains, phone, _payments = categories
    unread(garden, held["hosting"], hosting, support)
    waiting(garden, held["phone"], phone)
    closed(garden, domains, support)
    of_somebody_else(translator, mail, support)


def unread(garden, service, category, support):
    """Answered, with attachments on both sides; the customer has not read the answer."""
    ticket = conversation.open_ticket(
        by=garden.user,
        signed_in_as=garden,
        customer=garden.customer,
        category=category,
        service=service,
        subject="Galeria przestała się otwierać",
        text="Dzień dobry,\n\nod wczoraj galeria na stronie pokazuje białą kartkę. Załączam dziennik błędów "
        "i listę wtyczek.\n\nKarolina Lipińska",
        files=[
            text_file("dziennik-bledow.txt", ERROR_LOG, by=garden.user),
            text_file("wtyczki.csv", PLUGINS, by=garden.user),
        ],
    )
    ticket.take(by=support)
    conversation.answer(
        ticket,
        by=support,
        text="Dzień dobry,\n\ngalerii zabrakło pamięci. Podnieśliśmy limit do 256 MB i strona znów działa. "
        "W załączniku wpis, który to pokazuje.\n\nPozdrawiam,\nWanda Sparska",
        files=[text_file("po-zmianie.txt", "memory_limit = 256M\n", by=support)],
    )


def waiting(garden, service, category):
    """Nobody has answered yet."""
    conversation.open_ticket(
        by=garden.user,
        signed_in_as=garden,
        customer=garden.customer,
        category=category,
        service=service,
        subject="Przekierowanie na komórkę po godzinach",
        text="Czy po 17:00 połączenia mogą iść na numer 601 000 101? Jak to ustawić?",
    )


def closed(garden, category, support):
    """Answered, read and closed."""
    ticket = conversation.open_ticket(
        by=garden.user,
        signed_in_as=garden,
        customer=garden.customer,
        category=category,
        subject="Przeniesienie domeny lipinska-gardens.example",
        text="Chcę przenieść tę domenę do Państwa. Kod authinfo mam przygotowany.",
    )
    conversation.answer(
        ticket, by=support, text="Domena jest już u nas. Ważność została przedłużona o rok od dotychczasowej daty."
    )
    ticket.refresh_from_db()
    ticket.mark_read(user=garden.user)
    ticket.close(by=garden.user)


def of_somebody_else(translator, category, support):
    """A thread that the garden designer's people must never see."""
    ticket = conversation.open_ticket(
        by=translator.user,
        signed_in_as=translator,
        customer=translator.customer,
        category=category,
        subject="Autoresponder na czas urlopu",
        text="Gdzie ustawię automatyczną odpowiedź na dwa tygodnie sierpnia?",
    )
    conversation.answer(ticket, by=support, text="W poczcie przez przeglądarkę: Ustawienia, potem Nieobecność.")


def text_file(name, text, *, by):
    """A file uploaded for a message that is being written."""
    return attachments.keep(SimpleUploadedFile(name, text.encode()), by=by)
