"""How dates and times are written where Django's way does not fit: English for Europe, Polish with dots."""
