"""How much one person may write and upload, all the numbers in one place."""

from accounts.limits import HOUR, Limit

MESSAGES = Limit("ticket-messages", 60, HOUR)
UPLOADS = Limit("ticket-uploads", 120, HOUR)
ANSWERS = Limit("ticket-answers", 300, HOUR)

FILE_BYTES = 15 * 1024 * 1024
FILES_PER_MESSAGE = 10
# Files uploaded and neither sent nor taken back, of one person.
FILES_WAITING = 40
