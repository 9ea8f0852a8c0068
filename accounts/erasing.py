"""Erases what is no longer to be kept, by the clock: of closed customers, and of people who act for nobody.

Rows go in chunks, each in a transaction of its own; whoever is interrupted goes on where it stopped, and a second run
finds nothing to do. What fails for one customer is written down and does not hold up the others.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import retention
from accounts.history import Action, record
from accounts.models import Customer, Erasure, Event, Membership, User
from accounts.models.user import ERASED_LOGIN
from accounts.retention import Term

log = logging.getLogger("accounts.erasing")

# So many customers of a term, and so many people, are worked on in one night at most.
AT_ONCE = 500


class NotDue(Exception):
    """The account was opened again meanwhile."""


def run():
    """Everything that is due; returns how many customers and people were finished."""
    done = 0
    for term in (Term.SOON, Term.CLAIMS, Term.BOOKS):
        done += sum(attempt(erase, customer, term) for customer in due(term))
    return done + sum(attempt(erase_person, person) for person in [*begun(), *acting_for_nobody()[:AT_ONCE]])


def attempt(verb, about, *arguments):
    """Does it; whatever goes wrong is left for the next night, and said in the administration."""
    try:
        verb(about, *arguments)
    except NotDue:
        return False
    except Exception as error:
        log.exception("%s %s was not erased", type(about).__name__, about.pk)
        note_error(about, error, *arguments)
        return False
    return True


def note_error(about, error, term=Term.PERSON):
    """Writes the last error where administrators look."""
    key = {"customer": about} if isinstance(about, Customer) else {"person_id": about.pk}
    Erasure.objects.update_or_create(**key, term=term, defaults={"error": f"{type(error).__name__}: {error}"[:500]})


def due(term):
    """Customers whose last day of this term is over and who are not finished; the longest closed first."""
    finished = Erasure.objects.filter(customer=OuterRef("pk"), term=term, finished_at__isnull=False)
    closed = Customer.objects.filter(~Exists(finished), closed_at__lt=closed_before(term)).order_by("closed_at")
    found = (customer for customer in closed.iterator() if is_due(customer, term))
    return [customer for customer, _number in zip(found, range(AT_ONCE), strict=False)]


def closed_before(term):
    """Who was closed later than this is not due for certain."""
    if term == Term.SOON:
        return timezone.now() - timedelta(days=settings.ERASE_AFTER_DAYS)
    new_year = timezone.localtime().replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return new_year.replace(year=new_year.year - settings.KEPT_FOR_CLAIMS_YEARS)


def is_due(customer, term):
    """Whether the customer is closed and the last day of the term over."""
    if customer.closed_at is None:
        return False
    return timezone.localdate() > term.last_day(customer, timezone.localdate(customer.closed_at))


def erase(customer, term):
    """Does all of one term for a customer; of Term.SOON also for its people who act for nobody else."""
    erasure = begin(customer, term)
    if term == Term.SOON:
        for person in only_here(customer):
            erase_person(person)
    for fate in retention.find(term):
        while step(erasure, fate, customer.pk):
            pass
    finish(erasure)


def held(customer, term):
    """The customer's row, kept from who would open the account again. Raises NotDue."""
    row = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if not is_due(row, term):
        raise NotDue
    return row


@transaction.atomic
def begin(customer, term):
    """Writes down that it begins; from then on the account is not opened again."""
    erasure, _is_new = Erasure.objects.get_or_create(customer=held(customer, term), term=term)
    return erasure


@transaction.atomic
def step(erasure, fate, key):
    """One chunk of one model; how many rows it was."""
    if erasure.customer_id:
        held(erasure.customer, Term(erasure.term))
    count = fate.work(fate.rows([key]))
    if count:
        name = fate.model._meta.label
        erasure.rows[name] = erasure.rows.get(name, 0) + count
        erasure.save(update_fields=["rows"])
    return count


@transaction.atomic
def finish(erasure):
    """Writes down that nothing is left to do; in the history, too."""
    erasure.finished_at, erasure.error = timezone.now(), ""
    erasure.save(update_fields=["finished_at", "error"])
    if erasure.customer:
        record(Action.DATA_ERASED, customer=erasure.customer, term=erasure.term)


def only_here(customer):
    """People who act for this customer and nobody else, and who do not work for the provider."""
    elsewhere = Membership.objects.filter(user=OuterRef("pk")).exclude(customer=customer)
    here = Membership.objects.filter(user=OuterRef("pk"), customer=customer)
    return list(people().filter(Exists(here), ~Exists(elsewhere)))


def people():
    """Customers' people who are not erased yet."""
    ours = User.objects.filter(is_support=False, is_staff=False, is_superuser=False)
    return ours.exclude(login__startswith=ERASED_LOGIN).order_by("pk")


def acting_for_nobody():
    """People whom every customer has let go of, and about whom nothing was written for as long as is waited."""
    since = timezone.now() - timedelta(days=settings.ERASE_AFTER_DAYS)
    lately = Event.objects.filter(user_id=OuterRef("pk"), at__gte=since).order_by()
    place = Membership.objects.filter(user=OuterRef("pk"))
    return people().filter(~Exists(place), ~Exists(lately), created_at__lt=since)


def begun():
    """People at whom a run was interrupted, or failed."""
    unfinished = Erasure.objects.filter(term=Term.PERSON, finished_at=None).values("person_id")
    return list(User.objects.filter(pk__in=unfinished))


def erase_person(person):
    """Does all that is the person's own: the ways to sign in, the name and the addresses."""
    erasure, _is_new = Erasure.objects.get_or_create(person_id=person.pk, term=Term.PERSON)
    for fate in retention.find(Term.PERSON):
        while step(erasure, fate, person.pk):
            pass
    finish(erasure)
