"""Administrators look at customers' data too, and customers read of it."""

from django.shortcuts import redirect
from django.urls import reverse

from accounts.typed import whole_number


class LooksMixin:
    """Tells the customer's history that an administrator opened a page about one row."""

    def write_look(self, request, row):
        """Records that `row` was opened; each page knows whose history that is."""
        raise NotImplementedError

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Opening the page is a look, and so is getting it back with an error; saving is written by whoever saves."""
        if obj is not None:
            # As it is: after an error `obj` holds what was typed.
            self.write_look(request, self.model.objects.get(pk=obj.pk))
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)


class OwnHistoryMixin:
    """“History” is the row's own, which customers read too, not what Django notes about forms that were saved."""

    # The column of the history that names such a row.
    history_column = ""

    def history_view(self, request, object_id, extra_context=None):
        """Leads to the lines about this row; of nonsense there are none."""
        if whole_number(object_id) is None:
            return redirect("admin:accounts_event_changelist")
        return redirect(f"{reverse('admin:accounts_event_changelist')}?{self.history_column}={object_id}")
