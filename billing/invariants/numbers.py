"""Numbers of documents: 1, 2, 3 … of each series and year."""

from django.db.models import Count, Max, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from billing.invariants.base import invariant
from billing.models import Document, ErasedNumber, NumberSeries


def issued():
    """{(provider, series, year): (how many documents, the highest number)}, those erased by the rules among them."""
    found = {}
    for model in (Document, ErasedNumber):
        rows = model.objects.order_by().values_list("provider", "series", "year")
        for key, (count, last) in map(split, rows.annotate(Count("pk"), Max("sequence"))):
            before, highest = found.get(key, (0, 0))
            found[key] = before + count, max(highest, last)
    return found


def split(row):
    """The key of a series and its two numbers."""
    return row[:3], row[3:]


@invariant(_("Series %(series)s: number %(missing)s is missing."))
def numbers_have_no_gaps():
    """As a number is drawn once, n documents of which the last has number n are 1…n."""
    documents = issued()
    for series in NumberSeries.objects.iterator():
        count, last = documents.get((series.provider_id, series.code, series.year), (0, 0))
        if count != last:
            yield series, {"series": f"{series.code}/{series.year}", "missing": first_gap(series)}


def first_gap(series):
    """The lowest number that no document of the series has or had."""
    of_series = {"provider": series.provider_id, "series": series.code, "year": series.year}
    drawn, erased = (
        model.objects.filter(**of_series).order_by().values_list("sequence") for model in (Document, ErasedNumber)
    )
    sequences = (sequence for (sequence,) in drawn.union(erased).order_by("sequence").iterator())
    return next((expected for expected, sequence in enumerate(sequences, 1) if sequence != expected), 1)


@invariant(_("Series %(series)s says that %(last)s was its last number, but its documents end at %(issued)s."))
def series_know_their_last_number():
    documents = issued()
    for series in NumberSeries.objects.iterator():
        _count, last = documents.get((series.provider_id, series.code, series.year), (0, 0))
        if last != series.last:
            yield series, {"series": f"{series.code}/{series.year}", "last": series.last, "issued": last}


@invariant(_("Document %(number)s stands in no number series."))
def documents_stand_in_a_series():
    known = set(NumberSeries.objects.values_list("provider", "code", "year"))
    for provider, code, year in issued().keys() - known:
        for document in Document.objects.filter(provider=provider, series=code, year=year)[:1]:
            yield document, {"number": document.number}


@invariant(_("Document %(number)s is called otherwise than its series, number and year."))
def numbers_are_spelled_right():
    sequence, year, slash = Cast("sequence", CharField()), Cast("year", CharField()), Value("/")
    spelled = Concat("series", slash, sequence, slash, year, output_field=CharField())
    for document in Document.objects.annotate(spelled=spelled).exclude(number=spelled).order_by("pk").iterator():
        yield document, {"number": document.number}
