"""`{% icon "mail" %}`: a drawing out of static/icons.svg. Built in, so that no template has to load it."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
@cache
def icon(name):
    """The drawing of this name, made once: a long list has an icon in every row."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name
    )
