"""What people type, made harmless: numbers that fit a column, or None, and words on one line; never an error."""

# Any number of so many digits fits into a key of the database (64 bits), and into a customer number (32 bits).
KEY_DIGITS = 18
CUSTOMER_DIGITS = 9


def whole_number(text, *, digits=KEY_DIGITS):
    """The number that at most so many ASCII digits make, or None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def customer_number(text):
    """The customer number as people read it out or copy it, with spaces and dashes; None for any other text."""
    return whole_number(text.replace(" ", "").replace("-", ""), digits=CUSTOMER_DIGITS)


def one_line(text):
    """Words on one line, without the signs that nobody sees and that hide others or turn them round."""
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())
