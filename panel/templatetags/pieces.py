"""The small pieces of every page. Built in, so that no template has to load them, and quick: long lists have many."""

from functools import cache

from django import template
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
@cache
def icon(name):
    """`{% icon "mail" %}`: a drawing out of static/icons.svg."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name
    )


@register.filter(expects_localtime=True)
def moment(at):
    """`{{ ticket.updated_at|moment }}`: date and time, for people and for machines."""
    return format_html(
        '<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), date_format(at, "SHORT_DATETIME_FORMAT")
    )


@register.filter
def attributes(values):
    """`{{ widget.attrs|attributes }}`: the attributes of a form field."""
    return flatatt(values)
