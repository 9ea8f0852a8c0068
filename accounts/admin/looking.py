"""Administrators look at customers' data too, and customers read of it."""


class LooksMixin:
    """Tells the customer's history that an administrator opened a page about one row."""

    def write_look(self, request, row):
        """Records that `row` was opened; each page knows whose history that is."""
        raise NotImplementedError

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Opening the page is a look; saving it is written by whoever saves."""
        if obj is not None and request.method == "GET":
            self.write_look(request, obj)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
