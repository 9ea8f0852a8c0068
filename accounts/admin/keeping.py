"""Rows that stay because others name them."""


def is_named(row):
    """Whether rows of whatever app hold on to this one: without it they would say something else."""
    relations = [field for field in row._meta.get_fields(include_hidden=True) if field.auto_created]
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row.pk}).exists()
        for relation in relations
        if relation.one_to_many or relation.one_to_one
    )


class KeepsNamedMixin:
    """Deletes what nobody has used yet, one row at a time; the rest is taken off the offer."""

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and is_named(obj))

    def get_actions(self, request):
        """Rows that others name would go with the rest."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
