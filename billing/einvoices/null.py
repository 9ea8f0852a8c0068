"""For sellers who send no e-invoices: exempt ones, and those who are not obliged yet."""

from billing.einvoices.base import EInvoices


class NullEInvoices(EInvoices):
    """Takes nothing, so every PDF goes out at once."""

    name = "null"

    def takes(self, document):
        return False

    def withholds_pdf(self, document):
        return False

    def send(self, document):
        """Never asked, as it takes nothing."""
        raise AssertionError("nothing is sent to the null system")
