"""The desk in figures."""

from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from accounts.access import support_only
from tickets import figures
from tickets.forms.filters import FigureFilters
from tickets.plot import drawn


@support_only
@require_safe
def desk_figures(request):
    """Week by week, as plots with a table of the same numbers."""
    filters = FigureFilters(request.GET)
    weeks = figures.weeks(filters.weeks, filters.chosen("category"))
    labels = [date_format(week.starts, "j.m") for week in weeks]
    context = {
        "filters": filters,
        "weeks": weeks[::-1],
        "volume": drawn(
            labels, bars={"new": [week.new for week in weeks], "answered": [week.answered for week in weeks]}
        ),
        "speed": drawn(
            labels,
            lines={"median": [week.median for week in weeks], "ninetieth": [week.ninetieth for week in weeks]},
        ),
    }
    return render(request, "tickets/figures.html", context)
