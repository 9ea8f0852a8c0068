"""`{% csrf_token %}` of every form: beside the token, for which customer the page was made.

Built in (settings), in place of Django's own tag: a form that works at all says whom it acts for. What
becomes of it: accounts.access.needs.
"""

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from accounts.access import ACTING_FOR

register = template.Library()


class FormTokens(CsrfTokenNode):
    def render(self, context):
        token = super().render(context)
        membership = getattr(context.get("request"), "membership", None)
        if not token or membership is None:
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', ACTING_FOR, membership.pk)


@register.tag
def csrf_token(parser, token):
    return FormTokens()
