"""Dangerous acts ask first: in a dialog, or on a page of its own where scripts are off."""

from django.shortcuts import render


def ask(request, *, title, text, label, cancel_url, danger=False, carry=None):
    """The page that asks, or None when the person has already said yes. `carry` is what it sends once more."""
    if request.POST.get("confirmed") == "yes":
        return None
    context = {"title": title, "text": text, "label": label, "cancel_url": cancel_url, "danger": danger}
    context["carry"] = carry or {}
    return render(request, "confirm.html", context)
