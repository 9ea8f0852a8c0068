"""Messages for administrators: categories are edited here; what people wrote is only read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.editing import EditableListAdmin
from accounts.admin.looking import LooksMixin
from accounts.admin.reading import ReadOnlyAdmin
from accounts.history import record
from tickets import sorting
from tickets.actions import Action
from tickets.models import CannedAnswer, Category, Message, OpeningHours, Opinion, Ticket


@admin.register(Category)
class CategoryAdmin(EditableListAdmin):
    list_display = ["name_pl", "name_en", "position", "is_active", "takes_mail", "hours"]
    list_editable = ["position", "is_active"]

    @admin.display(description=_("hours to the first answer / to others"))
    def hours(self, category):
        return f"{category.first_answer_hours} / {category.next_answer_hours}"


@admin.register(CannedAnswer)
class CannedAnswerAdmin(EditableListAdmin):
    """Texts for the desk, in the language of whoever asks."""

    list_display = ["title_pl", "title_en", "category", "position", "is_active"]
    list_editable = ["position", "is_active"]
    list_filter = ["category"]
    list_select_related = ["category"]
    search_fields = ["title_pl", "title_en", "text_pl", "text_en"]
    fieldsets = [
        (None, {"fields": ["category", "position", "is_active"]}),
        (
            _("Polish"),
            {
                "fields": ["title_pl", "text_pl"],
                "description": _(
                    "These words in braces are filled in: {customer_name}, {case_number}, {my_name}, {service}."
                ),
            },
        ),
        (_("English"), {"fields": ["title_en", "text_en"]}),
    ]


@admin.register(OpeningHours)
class OpeningHoursAdmin(admin.ModelAdmin):
    """When support answers; as long as there are none, Monday to Friday from 9 to 17."""

    list_display = ["weekday", "opens", "closes"]
    change_list_template = "admin/opening_hours.html"


@admin.register(Opinion)
class OpinionAdmin(ReadOnlyAdmin):
    """What customers say when support has closed a message."""

    list_display = ["asked_at", "ticket", "helped", "sentence", "answered_at"]
    list_filter = ["helped"]
    list_select_related = ["ticket"]
    search_fields = ["=ticket__number"]


class MessageInline(admin.TabularInline):
    """The messages of a thread; nobody changes what was sent."""

    model = Message
    fields = readonly_fields = ["created_at", "author_name", "is_staff", "text"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Ticket)
class TicketAdmin(LooksMixin, admin.ModelAdmin):
    list_display = ["number", "subject", "customer", "category", "status", "assignee", "updated_at"]
    list_filter = ["status", "category"]
    list_select_related = ["customer", "category", "assignee"]
    search_fields = ["=number", "=customer__number"]
    search_help_text = Ticket._meta.get_field("number").verbose_name
    show_full_result_count = False
    fields = [
        "number",
        "subject",
        "customer",
        "category",
        "service",
        "status",
        "sender_name",
        "sender_email",
        "opened_by",
        "assignee",
        "created_at",
        "updated_at",
        "closed_at",
    ]
    # Its category can be put right; status and assignee change at the desk, where the history is written.
    readonly_fields = [name for name in fields if name != "category"]
    inlines = [MessageInline]

    def get_form(self, request, obj=None, **kwargs):
        """A thread is put into a category here; categories themselves are kept on their own page."""
        form = super().get_form(request, obj, **kwargs)
        if "category" in form.base_fields:
            chooser = form.base_fields["category"].widget
            chooser.can_add_related = chooser.can_change_related = chooser.can_delete_related = False
        return form

    def write_look(self, request, ticket):
        record(Action.ADMIN_LOOKED_AT_TICKET, customer=ticket.customer, by=request.user, ticket=ticket.number)

    def save_model(self, request, obj, form, change):
        """By the verb of the desk: the time for an answer goes by the category."""
        sorting.sort(obj, category=obj.category, service=obj.service, by=request.user)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
