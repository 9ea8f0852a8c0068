"""Documents as PDF: what they say (content, lines), in letters that can be printed, on pages (document.typ)."""
