"""Rows on the page of another row, which have no page of their own and so no rights that could be given."""

from django.contrib.auth import get_permission_codename


class AsParentMixin:
    """What somebody may do to the row of the page, they may do to these."""

    def may(self, request, *acts):
        """Whether the person may do one of these acts to rows of the page's kind."""
        page = self.parent_model._meta
        return any(request.user.has_perm(f"{page.app_label}.{get_permission_codename(act, page)}") for act in acts)

    def has_view_permission(self, request, obj=None):
        return self.may(request, "view", "add", "change")

    def has_add_permission(self, request, obj=None):
        return self.may(request, "add" if obj is None else "change")

    def has_change_permission(self, request, obj=None):
        return self.may(request, "change")

    def has_delete_permission(self, request, obj=None):
        return self.may(request, "change")
