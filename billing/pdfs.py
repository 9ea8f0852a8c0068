"""Documents as PDF."""


def make(document):
    """The PDF of a document, as bytes."""
    raise NotImplementedError
