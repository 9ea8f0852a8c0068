"""Measures pages against their budget, each beside its yardstick in the same run."""
