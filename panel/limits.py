"""How often readers of the help centre may be counted, all the numbers in one place."""

from accounts.limits import DAY, HOUR, Limit

# Of one person or, where nobody is signed in, of one address.
VOTES = Limit("help-votes", 60, HOUR)
# Searches without a result that are noted: of one address, and of all together, for whoever types into a public page.
MISSED_SEARCHES = Limit("help-missed-searches", 20, HOUR)
MISSED_SEARCHES_ALL = Limit("help-missed-searches-all", 1000, DAY)

PICTURE_BYTES = 5 * 1024 * 1024
PICTURE_PIXELS = 20_000_000
