"""Who may open a page. Pages are closed unless a view says otherwise."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404


def needs(*permissions):
    """For people who act for a customer and have every one of `permissions` there; others get 403."""
    return only_if(lambda membership: all(membership.may(permission) for permission in permissions))


def needs_one_of(*permissions):
    """For people who act for a customer and have at least one of `permissions` there; others get 403."""
    return only_if(lambda membership: any(membership.may(permission) for permission in permissions))


def only_if(allowed):
    """For people who act for a customer and of whose membership `allowed` is true; others get 403."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.membership is None or not allowed(request.membership):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def support_only(view):
    """For support staff; for everybody else the page is not there (404)."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_support:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
