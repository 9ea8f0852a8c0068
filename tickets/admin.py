"""Messages for administrators: categories are edited here; what people wrote is only read."""

from django.contrib import admin

from accounts.admin.looking import LooksMixin
from accounts.history import record
from tickets.actions import Action
from tickets.models import Category, Message, Ticket


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name_pl", "name_en", "position", "is_active"]
    list_editable = ["position", "is_active"]


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

    def write_look(self, request, ticket):
        record(Action.ADMIN_LOOKED_AT_TICKET, customer=ticket.customer, by=request.user, ticket=ticket.number)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
