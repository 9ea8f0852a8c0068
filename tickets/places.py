"""Places in the customer's list: where "Back" leads from a thread, the same filters, page and row."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from django.urls import reverse

from accounts.typed import whole_number

# What the list's own address may say; everything else in it is left out.
KEPT = ("q", "status", "category", "service", "sender", "after", "before")
LONGEST = 600


@dataclass(frozen=True)
class Place:
    """The query of the list as it was, "" for its beginning, and the number of the row on the page, "" for none."""

    query: str = ""
    row: str = ""

    @classmethod
    def in_list(cls, params):
        """The page of the list that these parameters ask for."""
        return cls(urlencode({name: params[name] for name in KEPT if params.get(name)}))

    @classmethod
    def carried(cls, request):
        """What the address of another page, or a form on the list, says in `back`. It never leads out of the list."""
        text = request.POST.get("back") or request.GET.get("back") or ""
        params = dict(parse_qsl(text[:LONGEST]))
        row = whole_number(params.get("row", ""), digits=3)
        return cls(cls.in_list(params).query, "" if row is None else str(row))

    def at(self, row):
        """The same page at one of its rows."""
        return Place(self.query, str(row))

    @property
    def parameter(self):
        """The place as a parameter of an address, "back=…"; "" for the beginning of the list."""
        return f"back={quote(f'{self.query}&row={self.row}')}" if self.query else ""

    def address(self, number=""):
        """The address of the list there. At its beginning the row of this case number is found by that."""
        if self.query:
            return f"{reverse('tickets:list')}?{self.query}" + (f"#row-{self.row}" if self.row else "")
        return reverse("tickets:list") + (f"#ticket-{number}" if number else "")

    def carry(self, address):
        """The address of another page, from which this place can be found again."""
        return f"{address}?{self.parameter}" if self.parameter else address
