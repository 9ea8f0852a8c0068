"""How often something may be done to services and how much they may hold, all the numbers in one place."""

from django.utils.translation import gettext_lazy

from accounts.limits import DAY, HOUR, Limit

TOO_OFTEN = gettext_lazy("This was tried very often in a short time. Please wait a while.")

# Of one customer, to addresses that are not the person's own: each mails their words to who may not know them.
CONFIRMED_ELSEWHERE = Limit("withdrawals-confirmed-elsewhere", 5, DAY)
# Passwords that one person has shown to them.
PASSWORDS_SHOWN = Limit("credentials-shown", 60, HOUR)
# Changes of passwords of one service: each is work for its server.
PASSWORD_CHANGES = Limit("credential-changes", 20, HOUR)
# Of one service: each one is a line of the history, which nobody can delete.
LABELS_SET = Limit("labels-set", 30, HOUR)
# The same for the switch of automatic renewal, cancelling, and taking that back.
RENEWAL_DECISIONS = Limit("renewal-decisions", 30, HOUR)
# Of one domain: the code that moves it away is not needed often, and its owner is mailed every time.
AUTHINFO_ASKED = Limit("authinfo-asked", 10, DAY)
# Of one domain: more are somebody who tries codes of a name that is not theirs.
AUTHINFO_TYPED = Limit("authinfo-typed", 5, HOUR)
# Of one domain: each one is a question to the registrar.
NAMESERVERS_SET = Limit("nameservers-set", 20, HOUR)
# Of one domain: each one is a line of the history, which nobody can delete, and work for name servers.
RECORD_CHANGES = Limit("record-changes", 300, HOUR)

# Records of one zone; a PowerDNS with SQLite takes so many in a few seconds.
RECORDS_AT_MOST = 2000
# Octets of a text record: the longest keys of DKIM have about 800.
TEXT_OCTETS = 2048
# Signs that are read of what is typed for a record: a text may be written with each octet by its number, in quotes.
TEXT_TYPED, VALUE_TYPED, HOST_TYPED = 4 * TEXT_OCTETS + 308, 500, 300
# Seconds for which others remember a record.
TTL_LEAST, TTL_MOST, TTL_USUAL = 60, 7 * 24 * 3600, 3600
