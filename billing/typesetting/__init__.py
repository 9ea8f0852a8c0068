"""Documents as PDF: what they say (content), in letters that can be printed (letters), on pages (pages, document.typ)."""
