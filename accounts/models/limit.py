"""Counters of attempts; accounts.limits is the only one who touches them."""

from django.db import models


class LimitCounter(models.Model):
    """How often something was tried within a window that began with the first try."""

    name = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    started_at = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="one_counter_per_key")]
        indexes = [models.Index(fields=["started_at"])]

    def __str__(self):
        return f"{self.name}: {self.count}"
