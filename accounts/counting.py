"""How many rows there are, counted no further than anybody wants to know."""

from django.db.models import IntegerField, Subquery

# What is more says so: nobody needs it to the last, and counting tens of thousands costs more than the page.
MOST = 1000


class CountOf(Subquery):
    """The number of rows of a queryset, as a column."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def up_to_most(one, querysets):
    """{name: number of rows, MOST + 1 at most} for named querysets, by one query; `one` is a queryset of one row."""
    counts = {name: CountOf(rows.order_by().values("pk")[: MOST + 1]) for name, rows in querysets.items()}
    return one.values(**counts).get()
