"""A letter that works, one whose template is broken, and one that nobody needs."""

from accounts.notify import Letter, NoLongerNeeded


def parcel(row):
    return {"number": row.ids["number"], "headers": {"X-Parcel": str(row.ids["number"])}}


def unneeded(row):
    raise NoLongerNeeded


WORKSHOP_LETTERS = {
    "parcel": Letter("parcel", parcel),
    "torn": Letter("torn", parcel),
    "unneeded": Letter("unneeded", unneeded),
}
