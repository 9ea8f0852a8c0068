"""What every e-invoice system can do: the one class that a new one (KSeF) is added by."""


class EInvoiceError(Exception):
    """The system did not take it. `permanent` says that sending the same again is of no use."""

    def __init__(self, message, *, permanent=False):
        super().__init__(message)
        self.permanent = permanent


class EInvoices:
    """Takes issued documents, which never change, and gives them its numbers."""

    name = ""

    def takes(self, document):
        """Whether this document is to be sent as an e-invoice."""
        raise NotImplementedError

    def withholds_pdf(self, document):
        """Whether the buyer may not have the PDF yet: only after the system has given its number."""
        raise NotImplementedError

    def send(self, document):
        """Sends it; the same document twice is one e-invoice. Returns its number. Raises EInvoiceError."""
        raise NotImplementedError
