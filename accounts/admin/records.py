"""What is only read: the history, outgoing messages, support sessions, proofs of consent, what was erased."""

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts import code_figures, history, notify, outbox, retention
from accounts.admin.figures import FiguresMixin
from accounts.admin.reading import NOTHING, KeyFilter, ReadOnlyAdmin, moment, say_tried_again
from accounts.models import AccessReturn, Customer, Erasure, Event, Outbox, SupportSession, TermsAcceptance, User
from accounts.retention import Term
from accounts.typed import customer_number


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
    list_filter = ["by_staff", ActionFilter, ("at", admin.DateFieldListFilter)]
    fields = list_display
    search_fields = ["by_name"]
    search_help_text = _("Customer number, login or name.")

    def get_queryset(self, request):
        customers = Customer.objects.filter(pk=OuterRef("customer_id")).values("number")
        users = User.objects.filter(pk=OuterRef("user_id")).values("login")
        return super().get_queryset(request).annotate(number=Subquery(customers), login=Subquery(users))

    def get_search_results(self, request, queryset, search_term):
        """A customer number or a login finds all that happened to them."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if search_term:
            found |= queryset.filter(user_id__in=User.objects.filter(login=search_term).values("pk"))
        number = customer_number(search_term)
        if number is not None:
            found |= queryset.filter(customer_id__in=Customer.objects.filter(number=number).values("pk"))
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
class SupportSessionAdmin(FiguresMixin, ReadOnlyAdmin):
    list_display = ["opened_at", "staff", "customer", "membership", "case", "closed_at"]
    list_select_related = ["staff", "customer", "membership__user", "membership__customer"]
    fields = list_display
    search_fields = ["staff__login", "customer__number", "=case"]
    change_list_template = "admin/support_sessions.html"
    figures_template = "admin/code_figures.html"
    figures_title = _("Authorization codes in figures")
    spans = code_figures.SPANS

    def figures_of(self, span):
        """How many codes were made, accepted and refused, and by whom."""
        return {"times": code_figures.by_time(span), "people": code_figures.by_staff(span)}


@admin.register(TermsAcceptance)
class TermsAcceptanceAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "terms", "how", "ip"]
    search_fields = ["user__login"]


class TermFilter(KeyFilter):
    """What was erased, by its term."""

    title, parameter_name = _("what is erased"), "term"

    def lookups(self, request, model_admin):
        return Term.choices


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    """What went of closed accounts and of people who act for nobody: when, how many rows, and what failed."""

    list_display = ["began_at", "of_whom", "title", "row_count", "finished_at", "error"]
    list_filter = [TermFilter, ("finished_at", admin.EmptyFieldListFilter)]
    list_select_related = ["customer"]
    fields = ["began_at", "of_whom", "title", "figures", "finished_at", "error"]
    search_fields = ["customer__number"]
    search_help_text = _("Customer number.")
    date_hierarchy = "began_at"

    @admin.display(description=_("of whom"))
    def of_whom(self, erasure):
        if erasure.customer:
            return erasure.customer.number
        return _("user no. %(number)s") % {"number": erasure.person_id}

    @admin.display(description=_("what is erased"), ordering="term")
    def title(self, erasure):
        return Term(erasure.term).label

    @admin.display(description=_("rows"))
    def row_count(self, erasure):
        return sum(erasure.rows.values())

    @admin.display(description=_("rows"))
    def figures(self, erasure):
        """Each kind of row with how many there were."""
        names = {fate.model._meta.label: fate.model._meta.verbose_name_plural for fate in retention.find(*Term)}
        return ", ".join(f"{names.get(label, label)}: {count}" for label, count in erasure.rows.items()) or NOTHING


@admin.register(AccessReturn)
class AccessReturnAdmin(ReadOnlyAdmin):
    """Whose access was restored, by whom, and how their identity was checked."""

    list_display = ["started_at", "user", "started_by", "note", "due_at", "cancelled_at", "done_at"]
    list_select_related = ["user", "started_by"]
    fields = list_display
    search_fields = ["user__login"]
