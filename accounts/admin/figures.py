"""A page of figures beside a list of the administration."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path


class FiguresMixin:
    """Shows figures of a chosen span of time to whoever may see the list."""

    figures_template = ""
    figures_title = ""
    # {key: span} with `key` and `label`; the first is shown unless another one is chosen.
    spans = {}

    def figures_of(self, span):
        """What the template shows of this span."""
        raise NotImplementedError

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_figures"
        return [path("figures/", self.admin_site.admin_view(self.figures), name=name), *super().get_urls()]

    def figures(self, request):
        """The page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        spans = list(self.spans.values())
        span = self.spans.get(request.GET.get("span"), spans[0])
        page = {"opts": self.opts, "title": self.figures_title, "span": span, "spans": spans}
        context = self.admin_site.each_context(request) | page | self.figures_of(span)
        return render(request, self.figures_template, context)
