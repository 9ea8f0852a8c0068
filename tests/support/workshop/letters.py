"""A letter that works, one whose template is broken, and one that nobody needs."""

from accounts.notify import Letter, NoLongerNeeded


def parcel(row):
    return {"number": row.ids["number"], "headers": {"X-Parcel": str(row.ids["number"])}}


def unneeded(row):
    raise NoLongerNeeded


WORKSHOP_LETTERS = {
    "parcel": Letter("parcel", "a parcel", parcel),
    "torn": Letter("torn", "a torn parcel", parcel),
    "unneeded": Letter("unneeded", "a parcel nobody needs", unneeded),
}
