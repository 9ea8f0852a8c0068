"""Conversations of the last weeks and days, so that the desk has figures, and something late."""

from datetime import timedelta

from django.utils import timezone

from tickets import targets
from tickets.models import Message, Opinion, Ticket, Turn
from tickets.opening import Calendar

# What a small company is asked again and again: (category, subject, question, answer).
ASKED = [
    (
        "mail",
        "Hasło do skrzynki",
        "Jak zmienić hasło do skrzynki?",
        "W poczcie przez przeglądarkę: Ustawienia, potem Hasło.",
    ),
    (
        "domains",
        "Wpis MX",
        "Czy mogę sam zmienić wpis MX domeny?",
        "Tak: w zarządzaniu domeną, pod przyciskiem „Rekordy DNS”. Zmianę widać najpóźniej po godzinie.",
    ),
    (
        "hosting",
        "Wersja PHP",
        "Od kiedy na moim serwerze jest PHP 8.4?",
        "Jest już teraz. Wersję wybiera się w zarządzaniu hostingiem.",
    ),
    (
        "payments",
        "Dane na fakturze",
        "Od przyszłego miesiąca mam inny adres. Gdzie wpisać go na faktury?",
        "W danych osobowych, pod „Uaktualnij”. Wystawione faktury zostają bez zmian.",
    ),
    (
        "mail",
        "Spam z jednego adresu",
        "Codziennie dostaję reklamy z jednego adresu. Da się go zablokować?",
        "Tak, w poczcie przez przeglądarkę: przy wiadomości „Zablokuj nadawcę”.",
    ),
    (
        "hosting",
        "Kopia z wczoraj",
        "Przez pomyłkę zniknął folder ze zdjęciami. Czy jest kopia z wczoraj?",
        "Jest i folder wrócił na swoje miejsce. Kopie trzymamy 14 dni.",
    ),
    (
        "payments",
        "Płatność kartą",
        "Czy mogę zapłacić kartą zagranicznego banku?",
        "Tak, każdą kartą, która pozwala płacić w internecie.",
    ),
    (
        "domains",
        "Blokada domeny",
        "Co znaczy „blokada transferu”?",
        "Że nikt nie przeniesie domeny bez Twojej wiedzy. Zdejmuje się ją w zarządzaniu domeną.",
    ),
    (
        "mail",
        "Poczta w telefonie",
        "Jakie wpisać serwery poczty w nowym telefonie?",
        "Przychodząca: imap.example.net, port 993. Wychodząca: smtp.example.net, port 465.",
    ),
]
# Weeks ago, questions in that week, hours of opening time until the first of the answers, which of them helped.
WEEKS = [
    *[(1, 6, 0.5, "TTN"), (2, 4, 1, "TT"), (3, 5, 1.5, "TNT"), (4, 7, 3, "NTN"), (5, 4, 1, "T"), (6, 3, 2, "TT")],
    *[(7, 5, 0.75, "TT"), (8, 2, 2, ""), (9, 4, 1.25, "NT"), (10, 3, 3, "T"), (11, 2, 1, "T")],
]
STEP = 1.25  # hours by which every further answer of a week takes longer


def write(customers, categories, support):
    """Short questions of these people, each answered and closed, some with an opinion."""
    asked = 0
    for weeks, questions, hours, said in WEEKS:
        for number in range(questions):
            category, subject, question, answer = ASKED[asked % len(ASKED)]
            began = timezone.now() - timedelta(weeks=weeks, days=number % 3, hours=number)
            ticket = ask(customers[asked % 2], categories[category], subject, question, began)
            finish(ticket, answer, by=support, hours=hours + STEP * number)
            if number < len(said):
                at = ticket.closed_at
                Opinion.objects.create(ticket=ticket, asked_at=at, answered_at=at, helped=said[number] == "T")
            asked += 1


def ask(membership, category, subject, text, at, **more):
    """A conversation as it began at that time, and waits since."""
    due = targets.due(category, at, is_first=True)
    ticket = Ticket.objects.create(
        customer=membership.customer,
        category=category,
        subject=subject,
        sender_name=membership.user.display_name,
        sender_email=membership.user.email,
        opened_by=membership.user,
        created_at=at,
        updated_at=at,
        status_since=at,
        due_at=due,
        **more,
    )
    say(ticket, membership.user, text, at, signed_in_as=membership, generation=membership.user.session_generation)
    Turn.objects.create(ticket=ticket, is_first=True, began_at=at, due_at=due)
    return ticket


def finish(ticket, text, *, by, hours):
    """Answered after so many hours of opening time, and closed."""
    at = Calendar.current().after(ticket.created_at, timedelta(hours=hours))
    say(ticket, by, text, at, is_staff=True)
    targets.end(ticket, at=at)
    ticket.assignee, ticket.status = by, Ticket.Status.CLOSED
    ticket.status_since = ticket.updated_at = ticket.last_staff_message_at = at
    ticket.closed_at = ticket.last_closed_at = at
    ticket.save()
    ticket.mark_read(user=ticket.opened_by)


def say(ticket, author, text, at, **more):
    """One message of that time."""
    Message.objects.create(
        ticket=ticket, author=author, author_name=author.display_name, text=text, created_at=at, **more
    )
