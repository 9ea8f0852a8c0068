"""How often money may be asked to move, all the numbers in one place."""

from accounts.limits import HOUR, Limit

# Each one tells a gateway of a payment; more in an hour are a script or a loop.
PAYMENTS_STARTED = Limit("payments-started", 30, HOUR)
# Whoever forges notifications must not fill the disk.
REFUSED_KEPT = Limit("refused-notifications", 100, HOUR)
# Each one of a customer mails its proforma to the owner and to contact persons, whom the customer names.
ORDERS_PLACED = Limit("orders-placed", 30, HOUR)
# So does a warning that is set anew while the balance is low.
THRESHOLDS_SET = Limit("thresholds-set", 10, HOUR)
