"""What staff do to a row besides editing it: a button on its page, and a page that asks what is to be done."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class ActForm(forms.Form):
    """Asks what an act needs to know about `row`. Subclasses say in `act` which verb is called."""

    # What a reader must know before the button is pressed.
    warning = ""
    done = _("Done.")

    def __init__(self, *args, row, **kwargs):
        self.row = row
        super().__init__(*args, **kwargs)

    @property
    def rows(self):
        """The fields in the order in which they are asked; those in a pair stand side by side."""
        return list(self.fields)

    def act(self, *, by):
        """Calls the verb; raises ValidationError with what to tell when it refuses."""
        raise NotImplementedError

    def succeeds(self, *, by):
        """Whether it could be done; if not, the form says why."""
        try:
            self.act(by=by)
        except forms.ValidationError as refusal:
            self.add_error(None, refusal)
        return not self.errors


@dataclass(frozen=True)
class Act:
    """One thing to do to a row: its name in addresses, its words, its form, who may, and for which rows."""

    name: str
    label: str
    form: type
    permission: str
    is_possible: Callable = lambda row: True


class ActsMixin:
    """Gives the page of a row its acts; stands before LooksMixin, as whoever opens an act sees the row too."""

    acts = []
    change_form_template = "admin/acts/change_form.html"

    def get_urls(self):
        page = self.admin_site.admin_view(self.act_page)
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(f"<path:object_id>/{act.name}/", page, {"name": act.name}, name=f"{label}_{act.name}")
            for act in self.acts
        ]
        return own + super().get_urls()

    def possible_acts(self, request, row):
        """The acts that this person may do to this row now."""
        return [act for act in self.acts if request.user.has_perm(act.permission) and act.is_possible(row)]

    def address(self, act, row):
        """Where an act is done to a row."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{act.name}", args=[row.pk])

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context["acts"] = [(act.label, self.address(act, obj)) for act in self.possible_acts(request, obj)]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def act_page(self, request, object_id, name):
        """Asks, does, and leads back to the row; what it refuses stands beside the field."""
        act = next(act for act in self.acts if act.name == name)
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row) or not request.user.has_perm(act.permission):
            raise PermissionDenied
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        if not act.is_possible(row):
            messages.warning(request, _("This cannot be done any more."))
            return redirect(back)
        form = act.form(request.POST if request.method == "POST" else None, row=row)
        # Before it is judged: a field that was refused keeps the label that it had then.
        for field in form.fields.values():
            field.label = capfirst(field.label)
        if form.is_bound and form.is_valid() and form.succeeds(by=request.user):
            messages.success(request, form.done)
            return redirect(back)
        self.write_look(request, row)
        return self.ask(request, act, row, form, back)

    def ask(self, request, act, row, form, back):
        """The page with the form of an act."""
        fieldset = admin.helpers.AdminForm(form, [(None, {"fields": form.rows})], {}, model_admin=self)
        context = self.admin_site.each_context(request) | {
            "title": act.label,
            "opts": self.opts,
            "original": row,
            "adminform": fieldset,
            "errors": admin.helpers.AdminErrorList(form, []),
            "back": back,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/acts/act.html", context)
