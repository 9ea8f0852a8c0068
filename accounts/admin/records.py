"""What is only read: the history, outgoing messages, support sessions, proofs of consent."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts import code_figures, history, notify, outbox
from accounts.admin.reading import NOTHING, KeyFilter, ReadOnlyAdmin, moment, say_tried_again
from accounts.models import Customer, Event, Outbox, SupportSession, TermsAcceptance, User


class ActionFilter(KeyFilter):
    """What happened, by its sentence."""

    title, parameter_name = _("what happened"), "action"

    def lookups(self, request, model_admin):
        return sorted(
            ((action, history.sentence_of(action)) for action in history.SENTENCES), key=lambda pair: pair[1]
        )


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The history of all customers; by whom and about whom are plain copies, so they are looked up to be shown."""

    list_display = ["at", "sentence", "customer_number", "about", "by_name", "by_staff", "ip", "browser"]
    list_filter = ["by_staff", ActionFilter]
    fields = list_display
    search_fields = ["by_name"]
    search_help_text = _("Customer number, login or name.")
    date_hierarchy = "at"

    def get_queryset(self, request):
        customers = Customer.objects.filter(pk=OuterRef("customer_id")).values("number")
        users = User.objects.filter(pk=OuterRef("user_id")).values("login")
        return super().get_queryset(request).annotate(number=Subquery(customers), login=Subquery(users))

    def get_search_results(self, request, queryset, search_term):
        """A customer number or a login finds all that happened to them."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if search_term:
            found |= queryset.filter(user_id__in=User.objects.filter(login=search_term).values("pk"))
        if search_term.isdecimal():
            found |= queryset.filter(customer_id__in=Customer.objects.filter(number=search_term).values("pk"))
        return found, may_repeat

    @admin.display(description=_("what happened"))
    def sentence(self, event):
        return history.sentence(event)

    @admin.display(description=_("customer"))
    def customer_number(self, event):
        return event.number or NOTHING

    @admin.display(description=_("about user"))
    def about(self, event):
        return event.login or NOTHING


class LetterFilter(KeyFilter):
    """The sort of a message, by its title."""

    title, parameter_name = _("letter"), "letter"

    def lookups(self, request, model_admin):
        return sorted(((name, notify.title(name)) for name in notify.LETTERS), key=lambda pair: pair[1])


@admin.register(Outbox)
class OutboxAdmin(ReadOnlyAdmin):
    """Outgoing mails and text messages; a failed one can be tried again."""

    list_display = ["created_at", "state", "error", "attempts", "title", "address", "next_try", "sent_at", "channel"]
    list_filter = ["state", "channel", LetterFilter]
    fields = [*list_display, "user", "language", "claimed_by", "message_id"]
    search_fields = ["address"]
    actions = ["try_again"]

    @admin.display(description=_("letter"), ordering="letter")
    def title(self, row):
        return notify.title(row.letter)

    @admin.display(description=_("next attempt"), ordering="next_attempt_at")
    def next_try(self, row):
        return moment(row.next_attempt_at if row.state == Outbox.State.WAITING else None)

    def has_try_permission(self, request):
        return request.user.has_perm("accounts.change_outbox")

    @admin.action(description=_("Try failed messages again"), permissions=["try"])
    def try_again(self, request, queryset):
        say_tried_again(request, outbox.try_again(queryset, by=request.user))


@admin.register(SupportSession)
class SupportSessionAdmin(ReadOnlyAdmin):
    list_display = ["opened_at", "staff", "customer", "membership", "case", "closed_at"]
    list_select_related = ["staff", "customer", "membership__user", "membership__customer"]
    fields = list_display
    search_fields = ["staff__login", "customer__number", "=case"]
    change_list_template = "admin/support_sessions.html"

    def get_urls(self):
        address = path("figures/", self.admin_site.admin_view(self.figures), name="accounts_supportsession_figures")
        return [address, *super().get_urls()]

    def figures(self, request):
        """How many codes were made, accepted and refused, and by whom."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        span = code_figures.SPANS.get(request.GET.get("by"), code_figures.SPANS["day"])
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Authorization codes in figures"),
            "span": span,
            "spans": code_figures.SPANS.values(),
            "times": code_figures.by_time(span),
            "people": code_figures.by_staff(span),
        }
        return render(request, "admin/code_figures.html", context)


@admin.register(TermsAcceptance)
class TermsAcceptanceAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "terms", "how", "ip"]
    search_fields = ["user__login"]
