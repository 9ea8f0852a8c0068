"""How often money may be asked to move, all the numbers in one place."""

from accounts.limits import HOUR, Limit

# Each one tells a gateway of a payment; more in an hour are a script or a loop.
PAYMENTS_STARTED = Limit("payments-started", 30, HOUR)
# Whoever forges notifications must not fill the disk.
REFUSED_KEPT = Limit("refused-notifications", 100, HOUR)
