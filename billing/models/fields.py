"""Fields that money is kept in."""

from django.db import models


class Amount(models.DecimalField):
    """An amount of money with two decimals; its currency stands in a column beside it."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class Currency(models.CharField):
    """An ISO 4217 code."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("default", "PLN")
        super().__init__(*args, **kwargs)
