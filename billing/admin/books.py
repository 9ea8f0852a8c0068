"""What the looks over the books found."""

from django.apps import apps
from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.admin.reading import NOTHING, ReadOnlyAdmin
from billing.admin.parts import link
from billing.invariants import Finding
from billing.models import MoneyCheck


@admin.register(MoneyCheck)
class MoneyCheckAdmin(ReadOnlyAdmin):
    """Each run with its findings; the worker makes one a day, `manage.py check_money` one more."""

    list_display = ["at", "healthy", "count", "seconds"]
    fields = [*list_display, "found"]

    @admin.display(description=_("healthy"), boolean=True)
    def healthy(self, check):
        return check.is_clean

    @admin.display(description=_("the first findings"))
    def found(self, check):
        rows = [(page_of(finding), finding.words) for finding in (Finding(**kept) for kept in check.findings)]
        items = format_html_join("", "<li>{}: {}</li>", rows)
        return format_html("<ul>{}</ul>", items) if rows else NOTHING


def page_of(finding):
    """A link to the page of the row that a finding is about, where it has one, else its name."""
    model = apps.get_model(finding.model)
    words = f"{model._meta.verbose_name} {finding.pk}"
    return link(model(pk=finding.pk), words) if admin.site.is_registered(model) else words
