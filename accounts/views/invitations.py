"""An invitation of another customer, answered by the person who has signed in."""

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import invitations
from accounts.models import Link

# Tells which invitation was opened in this browser. Not in the session: signing in begins a new one.
COOKIE = f"{settings.COOKIE_PREFIX}invitation"
PURPOSE = Link.Purpose.INVITATION


def keep(response, link):
    """Notes in the browser that the link was opened; worth nothing to anybody but the person invited."""
    seconds = int(Link.LIFETIMES[PURPOSE].total_seconds())
    value = signing.dumps(link.pk, salt=COOKIE)
    response.set_cookie(COOKIE, value, max_age=seconds, secure=settings.HTTPS, httponly=True, samesite="Lax")


def opened(request):
    """The living invitation that was opened in this browser, or None."""
    try:
        pk = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE)
    except signing.BadSignature:
        return None
    links = Link.objects.select_related("user", "membership__user", "membership__customer")
    link = links.filter(pk=pk, purpose=PURPOSE).first()
    return link if link and link.is_alive and not link.user.is_shut_out else None


def invitation(request):
    """Who invites, what for, and what they will see; a button to accept and one to decline."""
    link = opened(request)
    if link is None or not link.membership.is_invitation:
        return dead(request)
    if not invitations.may_answer(request.user, link.membership):
        return render(request, "accounts/invitation_of_another.html", status=403)
    if request.method != "POST":
        return render(request, "accounts/invitation.html", {"membership": link.membership})
    answer = decline if request.POST.get("answer") == "no" else accept
    response = answer(request, link)
    response.delete_cookie(COOKIE)
    return response


def accept(request, link):
    """Lets the person in, who goes on acting for the customer; or says why not yet."""
    if not invitations.accept(link, by=request.user):
        return dead(request)
    membership = request.user.memberships.select_related("customer").get(customer=link.membership.customer_id)
    name = membership.customer.display_name
    if membership.blocked_at:
        messages.info(
            request, _("Thank you. %(customer)s still has to confirm that you are meant.") % {"customer": name}
        )
    else:
        request.session["membership"] = membership.pk
        messages.success(request, _("You now act for %(customer)s.") % {"customer": name})
    return redirect("home")


def decline(request, link):
    """Says no."""
    if not invitations.decline(link, by=request.user):
        return dead(request)
    messages.success(request, _("You have declined the invitation."))
    return redirect("home")


def dead(request):
    """Says that the invitation is answered, taken back or too old, and whom to ask."""
    return render(request, "accounts/dead_link.html", {"purpose": PURPOSE}, status=410)
