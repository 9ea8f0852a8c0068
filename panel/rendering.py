"""How forms become HTML: by our templates, and after a mistake with the focus where it is."""

from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting


class Field(BoundField):
    """A field that takes the focus over when it is the first one to be corrected."""

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        wrong = first_wrong(self.form)
        if wrong:
            attrs["autofocus"] = self.name == wrong.name and not wrong.use_fieldset
        return attrs


def first_wrong(form):
    """The first field of a sent form to be typed anew, or None when no field has errors.

    A password is never shown again, so it is empty beside somebody else's mistake, too.
    """
    if not form.is_bound or not form.errors:
        return None
    fields = form.visible_fields()
    if not any(field.errors for field in fields):
        return None
    return next(field for field in fields if field.errors or is_emptied(field))


def is_emptied(field):
    """Whether it is a password that has to be typed."""
    return field.widget_type == "password" and field.field.required


class Renderer(TemplatesSetting):
    """The templates of templates/django/forms/."""

    bound_field_class = Field
