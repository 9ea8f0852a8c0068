"""History entries as sentences."""

from django import template

from accounts import history

register = template.Library()
register.filter("sentence", history.sentence)
register.filter("basis", history.basis_in_words)
