"""What lists whose rows are edited in their place have in common."""

from django.contrib import admin


class EditableListAdmin(admin.ModelAdmin):
    """Fields in a list have no label beside them: each says by itself what it is."""

    def get_changelist_formset(self, request, **kwargs):
        formset = super().get_changelist_formset(request, **kwargs)
        for field in formset.form.base_fields.values():
            field.widget.attrs["aria-label"] = str(field.label)
        return formset
