"""Documents as PDF."""

from billing.typesetting import content, pages


def make(document):
    """The PDF of a document, as bytes: the same document under the same brand makes the same bytes."""
    provider = document.provider
    look = {"accent": provider.accent, "logo": pages.drawing(provider.logo)}
    return pages.typeset(content.of(document) | look, at=document.issued_at)
