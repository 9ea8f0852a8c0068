"""What the log may say: addresses whose secret stands in them are shortened, whoever writes the line."""

import logging
import re

# Links of mails open something for whoever has the address; Django writes whole addresses when it refuses a form
# without its token or a page breaks.
SECRET = re.compile(r"(/(?:link|unsubscribe|opinion)/)[^\s'\"<>]+")


class WithoutSecrets(logging.Formatter):
    """A line of the log, the traceback included, without what stands behind such an address."""

    def format(self, record):
        return SECRET.sub(r"\1…", super().format(record))
