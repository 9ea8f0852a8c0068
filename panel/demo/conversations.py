"""The messages of the demo, written by the same verbs as real ones."""

from django.core.files.uploadedfile import SimpleUploadedFile

from panel.demo import past, queue
from tickets import assigning, attachments, conversation, notes, opinions
from tickets.models import CannedAnswer, Category, Message, Ticket

# What we call them here, names, and the opening hours to the first answer and to every further one.
CATEGORIES = [
    ("hosting", "Hosting i strony", "Hosting and websites", 2, 4),
    ("mail", "Poczta", "Mail", 4, 8),
    ("domains", "Domeny", "Domains", 8, 16),
    ("phone", "Telefonia", "Phone", 2, 4),
    ("payments", "Płatności i umowy", "Payments and contracts", 16, 16),
]
# Titles and texts, in Polish and in English.
CANNED = [
    (
        "Prośba o dziennik błędów",
        "Asking for the error log",
        "Dzień dobry,\n\nprosimy o przesłanie dziennika błędów ({service}): bez niego nie znajdziemy przyczyny. "
        "Numer sprawy: {case_number}.\n\nPozdrawiam,\n{my_name}",
        "Hello,\n\nplease send us the error log ({service}): without it we cannot find the cause. "
        "Case number: {case_number}.\n\nKind regards,\n{my_name}",
    ),
    (
        "Sprawdzamy",
        "We are looking into it",
        "Dzień dobry,\n\nsprawdzamy to i odezwiemy się jeszcze dzisiaj.\n\nPozdrawiam,\n{my_name}",
        "Hello,\n\nwe are looking into it and will write again today.\n\nKind regards,\n{my_name}",
    ),
]
ERROR_LOG = (
    "[20-Nov-2026 21:04:11] PHP Fatal error: Allowed memory size of 134217728 bytes exhausted\n"
    "in galeria.php on line 88\n"
)
PLUGINS = "nazwa;wersja\ngaleria;2.4\nformularz;1.9\nsklep;7.1\n"


def write(garden, translator, held, *, support, technician):
    """Threads in every state: answered and not yet read, waiting, closed; one of somebody else."""
    categories = {
        name: Category.objects.create(
            name_pl=name_pl, name_en=name_en, position=position, first_answer_hours=first, next_answer_hours=further
        )
        for position, (name, name_pl, name_en, first, further) in enumerate(CATEGORIES, start=1)
    }
    for position, (title_pl, title_en, text_pl, text_en) in enumerate(CANNED, start=1):
        CannedAnswer.objects.create(
            title_pl=title_pl, title_en=title_en, text_pl=text_pl, text_en=text_en, position=position
        )
    unread(garden, held["hosting"], categories["hosting"], support)
    waiting(garden, held["phone"], categories["phone"])
    closed(garden, categories["domains"], support)
    of_somebody_else(translator, categories["mail"], support)
    of_nobody(categories["mail"])
    people = {"garden": garden, "translator": translator}
    queue.write(people, categories, held, support=support, technician=technician)
    past.write([translator, garden], categories, support)


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
    assigning.assign(ticket, support, by=support)
    notes.write_note(ticket, by=support, text="Wtyczka galerii ma znany wyciek pamięci; wersja 2.5 go usuwa.")
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
    opinions.close_and_ask(ticket, by=support)
    opinions.answer(opinions.asked(Ticket.objects.get(pk=ticket.pk)), helped=True, sentence="Szybko i jasno.")


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


def of_nobody(category):
    """A mail from an address that belongs to no customer."""
    conversation.open_ticket(
        customer=None,
        category=category,
        subject="Nie dochodzą do mnie wiadomości",
        text="Piszę z prywatnego adresu, bo na firmowy od rana nic nie przychodzi.",
        outside=conversation.Outside(
            name="Karolina Lipińska", email="karolina@example.net", origin=Message.Origin.MAIL
        ),
        confirmed=False,
    )


def text_file(name, text, *, by):
    """A file uploaded for a message that is being written."""
    return attachments.keep(SimpleUploadedFile(name, text.encode()), by=by)
