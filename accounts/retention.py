"""What becomes of everything that is kept about a customer or a person after an account is closed, model by model.

Every app says it in its module `own_data`, beside what it hands out; accounts.erasing does it by the clock, and the
pages about closing read the same entries aloud. A test fails for a model that is not named.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts import history

# So many rows are erased in one transaction.
CHUNK = 500
# What stands in place of words that were erased.
NOTHING = "…"
# Tax may be asked for five years from the end of the year in which it fell due, which for income is the next one:
# art. 70 § 1 and 86 § 1 of the Tax Ordinance. Art. 74 of the Accounting Act ends a year earlier.
YEARS_OF_BOOKS = 6

# Days of a customer's last bookkeeping entry: functions of the customer that return a date or None.
LAST_ENTRIES = []


def soon(customer, closed_on):
    """Long enough to notice a mistake and open the account again."""
    return closed_on + timedelta(days=settings.ERASE_AFTER_DAYS)


def claims(customer, closed_on):
    """Claims lapse at the end of a calendar year (art. 118 of the Civil Code)."""
    return max(date(closed_on.year + settings.KEPT_FOR_CLAIMS_YEARS, 12, 31), soon(customer, closed_on))


def books(customer, closed_on):
    """By the customer's last bookkeeping entry, and never before what is kept for claims."""
    last = last_entry(customer)
    until = claims(customer, closed_on)
    return max(until, date(last.year + YEARS_OF_BOOKS, 12, 31)) if last else until


def last_entry(customer):
    """The day of the customer's newest bookkeeping entry, or None."""
    return max(filter(None, (function(customer) for function in LAST_ENTRIES)), default=None)


class Term(models.TextChoices):
    """Until when something is kept; `last_day` says which day that is."""

    SOON = "soon", gettext_lazy("data of the account")
    CLAIMS = "claims", gettext_lazy("conversations and history")
    BOOKS = "books", gettext_lazy("bookkeeping")
    PERSON = "person", gettext_lazy("a person who acts for nobody")

    def last_day(self, customer, closed_on):
        """The last day on which rows are as they were, for a customer closed on that day."""
        return {Term.SOON: soon, Term.CLAIMS: claims, Term.BOOKS: books}[self](customer, closed_on)


history.WORDS_OF["term"] = lambda name: str(Term(name).label)


class Kind(models.TextChoices):
    """What happens, as the person is told of it."""

    KEPT = "kept", gettext_lazy("Kept until %(date)s:")
    ERASED = "erased", gettext_lazy("Erased after %(date)s:")
    ANONYMISED = "anonymised", gettext_lazy("Kept until %(date)s, afterwards only without names, addresses and texts:")
    PERSON = "person", gettext_lazy("Erased after %(date)s, of people who act for no other customer:")


REASONS = {
    Term.BOOKS: gettext_lazy(
        "The law asks for it: five years from the end of the year in which the tax of your last document falls due "
        "(art. 86 § 1 of the Tax Ordinance, art. 74 of the Accounting Act)."
    ),
    Term.CLAIMS: ngettext_lazy(
        "So long claims from the contract may be raised: %(years)d year and to its end (art. 118 of the Civil Code).",
        "So long claims from the contract may be raised: %(years)d years and to the last one's end (art. 118 of the "
        "Civil Code).",
        "years",
    ),
}


@dataclass(frozen=True)
class Fate:
    """What becomes of one model's rows. `path` leads from a row to its customer, or to its person for Kind.PERSON.

    `work` takes a queryset, does at most CHUNK of its rows that are still to be done, and returns how many. `words`
    is what the person is told that the rows are; `columns` are those it replaces in rows that stay.
    """

    model: type
    path: str
    kind: Kind
    term: Term
    words: str
    work: Callable
    columns: tuple = ()

    def rows(self, keys):
        """The rows of these customers, or people, by their primary keys."""
        return self.model._base_manager.filter(**{f"{self.path}__in": keys})


FATES = []
HARMLESS = {}


def erased(words, *places, term=Term.SOON):
    """Rows of each (model, path to the customer) are deleted, with their files."""
    FATES.extend(Fate(model, path, Kind.ERASED, term, words, delete_some) for model, path in places)


def kept(words, *places, before=None):
    """Rows of the books: deleted when the law no longer asks for them. `before` is told the rows that go.

    The database itself refuses while anything points at them; Django would refuse those that point at each other.
    """

    def work(rows):
        with history.unlocked():
            return delete_some(rows, before, delete=lambda chunk: chunk._raw_delete(chunk.db))

    FATES.extend(Fate(model, path, Kind.KEPT, Term.BOOKS, words, work) for model, path in places)


def anonymised(words, model, path, *, term=Term.CLAIMS, **columns):
    """Rows stay for what they count, with `columns` in place of what says whom they are about."""
    FATES.append(Fate(model, path, Kind.ANONYMISED, term, words, replacing(columns), tuple(columns)))


def rewritten(words, model, path, work):
    """The same where it takes more than other columns: `work` as Fate tells."""
    FATES.append(Fate(model, path, Kind.ANONYMISED, Term.CLAIMS, words, work))


def of_the_person(words, *places, work=None, **columns):
    """Rows of each (model, path to the person) go with a person who acts for nobody else; with `columns` they stay."""
    work = work or (replacing(columns) if columns else delete_some)
    FATES.extend(Fate(model, path, Kind.PERSON, Term.PERSON, words, work, tuple(columns)) for model, path in places)


def harmless(reason, *models):
    """Says why rows of these models need no erasing."""
    HARMLESS.update(dict.fromkeys(models, reason))


def delete_some(rows, before=None, delete=models.QuerySet.delete):
    """Deletes some rows, the newest first: what corrects goes before what it corrects. Their files go first.

    A file without a row would lie there for ever; a row whose file is gone is found again by the next run.
    """
    chunk = list(rows.order_by("-pk")[:CHUNK])
    for field in file_fields(rows.model):
        for row in chunk:
            if file := getattr(row, field.name):
                file.storage.delete(file.name)
    if before and chunk:
        before(chunk)
    delete(rows.model._base_manager.filter(pk__in=[row.pk for row in chunk]))
    return len(chunk)


def file_fields(model):
    """The columns of a model that name files."""
    return [field for field in model._meta.concrete_fields if isinstance(field, models.FileField)]


def replacing(columns):
    """The work of putting `columns` in place of what stood there."""

    def replace_some(rows):
        waiting = rows.exclude(**columns).order_by("pk").values_list("pk", flat=True)
        return rows.model._base_manager.filter(pk__in=list(waiting[:CHUNK])).update(**columns)

    return replace_some


def find(*terms):
    """The fates of these terms, of all apps, rows before the rows they hang on."""
    autodiscover_modules("own_data")
    chosen = [fate for fate in FATES if fate.term in terms]
    return sorted(chosen, key=lambda fate: -depth(fate.model))


def depth(model, seen=frozenset()):
    """How many steps foreign keys lead up from a model, at most."""
    above = {field.related_model for field in model._meta.concrete_fields if field.is_relation} - seen - {model}
    return max((1 + depth(parent, seen | {model}) for parent in above), default=0)


@dataclass(frozen=True)
class Part:
    """One paragraph for the person: what happens until when, to what, and why."""

    sentence: str
    things: list
    reason: str


def plan(customer, closed_on):
    """What is told on closing: a Part for each kind and term, by the day, for a customer closed on that day."""
    things = {}
    for fate in find(Term.SOON, Term.PERSON, Term.CLAIMS, Term.BOOKS):
        if fate.term != Term.BOOKS or last_entry(customer):
            term = Term.SOON if fate.term == Term.PERSON else fate.term
            things.setdefault((term.last_day(customer, closed_on), fate.kind, term), []).append(str(fate.words))
    return [
        Part(kind.label % {"date": date_format(day, "j E Y")}, sorted(set(words)), reason(term))
        for (day, kind, term), words in sorted(things.items())
    ]


def reason(term):
    """Why things are kept until this term, or "" where only the time to notice a mistake is waited for."""
    return REASONS[term] % {"years": settings.KEPT_FOR_CLAIMS_YEARS} if term in REASONS else ""
