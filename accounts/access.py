"""Who may open a page. Pages are closed unless a view says otherwise."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404


def needs(*permissions):
    """For people who act for a customer and have every one of `permissions` there; others get 403."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            membership = request.membership
            if membership is None or not all(membership.may(permission) for permission in permissions):
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
