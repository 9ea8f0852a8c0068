"""How often money may be asked to move, all the numbers in one place."""

from accounts.limits import HOUR, MINUTE, Limit

# Each one tells a gateway of a payment; more in an hour are a script or a loop.
PAYMENTS_STARTED = Limit("payments-started", 30, HOUR)
# Whoever forges notifications must not fill the disk.
REFUSED_KEPT = Limit("refused-notifications", 100, HOUR)
# Each one of a customer mails its proforma to the owner and to contact persons, whom the customer names.
ORDERS_PLACED = Limit("orders-placed", 30, HOUR)
# So does a document that support sends once more, by a code or a message, of one customer.
SENT_AGAIN = Limit("documents-sent-again", 20, HOUR)
# So does a warning that is set anew while the balance is low.
THRESHOLDS_SET = Limit("thresholds-set", 10, HOUR)
# What costs nothing would otherwise be taken by the thousand.
FREE_OF_A_PRODUCT = 1
# A code is short enough to be guessed; by the person, or by the address of a visitor.
CODES_TRIED = Limit("promo-codes-tried", 30, HOUR)
# Each one is a row that nobody who signed in answers for, by address.
PUT_BY_VISITORS = Limit("put-by-visitors", 60, HOUR)
# Each one asks registrars about every suffix that is sold; by person, or by address of who has not signed in.
NAMES_ASKED = Limit("domain-names-asked", 40, 10 * MINUTE)
# Of all who have not signed in together, wherever they come from: registrars shut out who asks without end.
NAMES_ASKED_BY_VISITORS = Limit("domain-names-asked-by-visitors", 1000, 10 * MINUTE)
