"""How much one person may write and upload, all the numbers in one place."""

from accounts.limits import DAY, HOUR, Limit

MESSAGES = Limit("ticket-messages", 60, HOUR)
UPLOADS = Limit("ticket-uploads", 120, HOUR)
ANSWERS = Limit("ticket-answers", 300, HOUR)
# A script saves every few seconds while somebody types.
DRAFTS = Limit("ticket-drafts", 1200, HOUR)
# Drafts of one person; the oldest give way.
DRAFTS_KEPT = 100

FILE_BYTES = 15 * 1024 * 1024
FILES_PER_MESSAGE = 10
# A larger picture gets no thumbnail: it would take 4 bytes of memory for each.
IMAGE_PIXELS = 40_000_000
# Files uploaded and neither sent nor taken back, of one person.
FILES_WAITING = 40

# Mails that come in, by the address in their From line.
MAIL_BYTES = 25 * 1024 * 1024
MAILS_OF_CUSTOMERS = Limit("mails-of-customers", 200, HOUR)
MAILS_OF_STRANGERS = Limit("mails-of-strangers", 20, HOUR)
# What somebody whom nobody vouches for makes us write to an address.
CONFIRMATIONS = Limit("mail-confirmations", 3, HOUR)
CONFIRMATIONS_DAY = Limit("mail-confirmations-day", 10, DAY)

# The form of people who are not signed in; an address has the allowance of accounts.limits.charge_unasked.
CONTACT_IP = Limit("contact-ip", 10, HOUR)
CONTACT_IP_DAY = Limit("contact-ip-day", 30, DAY)
# Of all together: more are an attack, and an alarm.
CONTACT_ALL = Limit("contact-all", 200, HOUR)
CONTACT_TEXT_LENGTH = 10_000
# Nobody reads the form and writes in it faster.
QUICKEST_SECONDS = 3
