"""People and what they may do: staff, customers' people, sub-users and their activation."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import blocking, bounces, invitations, limits, people, returning, subusers
from accounts.admin.looking import LooksMixin, OwnHistoryMixin
from accounts.admin.reading import SinceFilter, moment
from accounts.admin.rights import RightsMixin
from accounts.forms.admin import AddSubuserForm, RestoringForm, SubuserRightsForm, UserForm
from accounts.history import Action, record
from accounts.models import Link, Membership, User

RIGHTS = ["is_support", "is_staff", "is_superuser", "groups", "user_permissions"]


class ActivationFilter(SinceFilter):
    """People who have, or have not, set a password of their own."""

    title, parameter_name, path = _("activation"), "activated", "activated_at"

    def lookups(self, request, model_admin):
        return [("no", _("not activated")), ("yes", _("activated"))]


class BlockedFilter(SinceFilter):
    """People who may, or may not, come in."""

    title, parameter_name, path = _("access"), "blocked", "blocked_at"

    def lookups(self, request, model_admin):
        return [("no", _("not blocked")), ("yes", _("blocked"))]


class MemberActivationFilter(ActivationFilter):
    path = "user__activated_at"


@admin.register(User)
class UserAdmin(RightsMixin, OwnHistoryMixin, LooksMixin, admin.ModelAdmin):
    """Everybody who signs in. Passwords are set by their owners only; rights by superusers, never one's own."""

    form = UserForm
    history_column = "user_id"
    list_display = ["login", "name", "email", "activated_at", "blocked_at", "is_support", "is_staff"]
    list_filter = [ActivationFilter, "is_support", "is_staff", BlockedFilter]
    search_fields = ["login", "name", "email", "phone"]
    actions = ["block", "unblock", "sign_out", "resend"]
    filter_horizontal = ["groups", "user_permissions"]
    readonly_fields = ["second_step", "mails_return", "activated_at", "blocked_at", "last_login", "created_at"]
    list_per_page = 50
    show_full_result_count = False

    fieldsets = [
        (None, {"fields": ["login", "email", "mails_return", "name", "phone", "language", "second_step"]}),
        (_("State"), {"fields": ["activated_at", "blocked_at", "blocked_reason", "last_login", "created_at"]}),
        (_("Rights of staff"), {"fields": RIGHTS}),
    ]
    new_person = {
        "fields": ["login", "email", "name", "phone", "language"],
        "description": _(
            "A member of staff: gets a mail with a link to set a password. "
            "Those who act for a customer are added under “Users and sub-users”."
        ),
    }

    def get_fieldsets(self, request, obj=None):
        """Somebody new has no state yet."""
        return super().get_fieldsets(request, obj) if obj else [(None, self.new_person), self.fieldsets[-1]]

    change_form_template = "admin/user.html"

    def get_urls(self):
        address = path(
            "<int:object_id>/restore/", self.admin_site.admin_view(self.restore), name="accounts_user_restore"
        )
        return [address, *super().get_urls()]

    def may_restore(self, request, user):
        """An administrator who may change this person, never themselves."""
        return user != request.user and self.has_change_permission(request, user)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["may_restore"] = obj is not None and self.may_restore(request, obj) and returning.is_needed(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def restore(self, request, object_id):
        """Begins to restore the access of somebody who has lost every second step."""
        person = get_object_or_404(User, pk=object_id)
        if not self.may_restore(request, person):
            raise PermissionDenied
        form = RestoringForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                returning.start(person, by=request.user, **form.cleaned_data)
            except returning.NotNeeded:
                words = gettext("Nothing was begun: codes reach this person by message, or it has begun already.")
                messages.error(request, words)
            else:
                messages.success(request, gettext("Restoring the access has begun. The person was told."))
            return redirect("admin:accounts_user_change", object_id)
        context = self.admin_site.each_context(request) | {"form": form, "person": person, "opts": self.opts}
        context |= {"hours": limits.ACCESS_RETURN_WAIT // limits.HOUR, "email": person.email}
        return render(request, "admin/restore_access.html", context)

    def get_readonly_fields(self, request, obj=None):
        readonly = list(self.readonly_fields)
        if not request.user.is_superuser or obj == request.user:
            readonly += RIGHTS
        if obj and obj.activated_at:
            readonly += ["login", "phone"]
            if not request.user.is_superuser:
                readonly += ["email"]
        return readonly

    def has_change_permission(self, request, obj=None):
        """The provider's own people are for superusers: whoever corrects their address comes in as them."""
        reachable = obj is None or request.user.is_superuser or not obj.has_staff_rights
        return reachable and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request):
        """An address of the list that filters by the password would tell its hash, letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def write_look(self, request, user):
        """Read by the person, and by every customer they act for; not by one that has only invited them."""
        memberships = user.memberships.filter(accepted_at__isnull=False).select_related("customer")
        for customer in [membership.customer for membership in memberships] or [None]:
            record(Action.ADMIN_LOOKED_AT_USER, customer=customer, user=user, by=request.user, login=user.login)

    def save_model(self, request, obj, form, change):
        if not change:
            people.add_staff(obj, form, by=request.user)
        elif "email" in form.changed_data:
            people.change_email(obj, form, by=request.user)
        else:
            people.correct(obj, form, by=request.user)

    def reachable(self, request, queryset):
        """Of the chosen people those whom this administrator may change, never themselves."""
        return [user for user in queryset if user != request.user and self.has_change_permission(request, user)]

    @admin.display(description=_("e-mails come back since"))
    def mails_return(self, user):
        return moment(bounces.returning_since(user.email))

    @admin.action(description=_("Block the chosen users"), permissions=["change"])
    def block(self, request, queryset):
        others = self.reachable(request, queryset)
        for user in others:
            blocking.block_user(user, by=request.user, reason=user.blocked_reason)
        say(request, others)

    @admin.action(description=_("Unblock the chosen users"), permissions=["change"])
    def unblock(self, request, queryset):
        others = self.reachable(request, queryset)
        for user in others:
            blocking.unblock_user(user, by=request.user)
        say(request, others)

    @admin.action(description=_("End all sessions of the chosen users"), permissions=["change"])
    def sign_out(self, request, queryset):
        others = self.reachable(request, queryset)
        for user in others:
            blocking.sign_out_everywhere(user, by=request.user)
        say(request, others)

    @admin.action(description=_("Send the activation mail again"), permissions=["change"])
    def resend(self, request, queryset):
        waiting = self.reachable(request, queryset.filter(activated_at=None, blocked_at=None))
        for user in waiting:
            people.send_first_link(user, by=request.user)
        say(request, waiting)


@admin.register(Membership)
class MembershipAdmin(LooksMixin, admin.ModelAdmin):
    """Sub-users: add, edit rights, block, resend the activation, remove; each by the same verb as in the panel."""

    list_display = ["login", "name", "email", "customer", "role", "is_activated", "blocked_at"]
    list_filter = [MemberActivationFilter, "role", BlockedFilter]
    list_select_related = ["user", "customer"]
    search_fields = ["user__login", "user__name", "user__email", "customer__number", "customer__name"]
    autocomplete_fields = ["customer"]
    actions = ["resend", "block", "unblock", "hand_over"]
    list_per_page = 50
    show_full_result_count = False

    login = admin.display(description=_("login"), ordering="user__login")(lambda self, row: row.user.login)
    name = admin.display(description=_("first and last name"))(lambda self, row: row.user.name)
    email = admin.display(description=_("e-mail"))(lambda self, row: row.user.email)

    def write_look(self, request, membership):
        """Read by the customer and the person; by each apart while the customer must not learn who is invited."""
        subusers.write(Action.ADMIN_LOOKED_AT_USER, membership, by=request.user)
        if membership.is_invitation:
            user = membership.user
            record(Action.ADMIN_LOOKED_AT_USER, user=user, by=request.user, login=user.login)

    @admin.display(description=_("activated"), boolean=True)
    def is_activated(self, row):
        return not row.is_waiting

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, form=SubuserRightsForm if obj else AddSubuserForm, **kwargs)

    def get_fields(self, request, obj=None):
        if obj:
            return ["login", "name", "email", "customer", "role", "permissions", "link_state"]
        return ["customer", *AddSubuserForm.person_fields, "role", "permissions"]

    def get_readonly_fields(self, request, obj=None):
        return ["login", "name", "email", "customer", "link_state"] if obj else []

    @admin.display(description=_("activation link"))
    def link_state(self, row):
        if not row.is_waiting:
            return _("The user is active.")
        purpose = Link.Purpose.INVITATION if row.is_invitation else Link.Purpose.ACTIVATION
        membership = row if row.is_invitation else None
        link = Link.objects.filter(user=row.user, purpose=purpose, membership=membership, ended_at=None).last()
        if link is None or not link.is_alive:
            return _("The user has not finished the activation. The link has expired.")
        return _("The user has not finished the activation. The link works until %(time)s.") % {
            "time": moment(link.expires_at)
        }

    def has_change_permission(self, request, obj=None):
        """The owner is handed over by the customer; nobody widens their own rights."""
        out_of_reach = obj and (obj.is_owner or obj.user_id == request.user.pk)
        return super().has_change_permission(request, obj) and not out_of_reach

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.is_owner)

    def save_form(self, request, form, change):
        """Adding goes through the verb, which makes person and membership at once."""
        unsaved = super().save_form(request, form, change)
        return unsaved if change else invitations.add(by=request.user, editor=None, **form.cleaned_data)

    def save_model(self, request, obj, form, change):
        if change:
            rights = {name: form.cleaned_data[name] for name in ("role", "permissions")}
            each(request, [obj], partial(subusers.change_rights, **rights))

    def get_deleted_objects(self, objs, request):
        """Whoever removes a sub-user needs no right to the pages of support sessions, which nobody deletes by hand."""
        rows, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return rows, counts, set(), protected

    def delete_model(self, request, obj):
        each(request, [obj], subusers.remove)

    def delete_queryset(self, request, queryset):
        each(request, queryset.exclude(role=Membership.Role.OWNER), subusers.remove)

    @admin.action(description=_("Send the activation mail again"), permissions=["change"])
    def resend(self, request, queryset):
        say(request, [row for row in queryset if invitations.send_again(row, by=request.user)])

    @admin.action(description=_("Block the chosen sub-users"), permissions=["change"])
    def block(self, request, queryset):
        say(request, each(request, queryset.exclude(role=Membership.Role.OWNER), subusers.block))

    @admin.action(description=_("Unblock the chosen sub-users"), permissions=["change"])
    def unblock(self, request, queryset):
        others = queryset.exclude(role=Membership.Role.OWNER).exclude(user=request.user)
        say(request, each(request, others, subusers.unblock))

    @admin.action(description=_("Make the chosen administrative user the owner"), permissions=["change"])
    def hand_over(self, request, queryset):
        """One person of one customer, never the administrator themselves."""
        chosen = [row for row in queryset if row.user_id != request.user.pk and subusers.may_receive(row)]
        if len(queryset) != 1 or not chosen:
            messages.error(request, _("Choose one active administrative user."))
            return
        subusers.hand_over(chosen[0], by=request.user, editor=None)
        say(request, chosen)


def each(request, memberships, verb):
    """Does it to each, and says for whom it cannot be; returns those it was done to."""
    done = []
    for membership in memberships:
        try:
            verb(membership, by=request.user, editor=None)
        except subusers.LastAdministrative:
            words = _("%(person)s is the last person who runs the account of %(customer)s; nothing was changed.")
            messages.error(request, words % {"person": membership.user, "customer": membership.customer})
        else:
            done.append(membership)
    return done


def say(request, done):
    """Tells how many people an action reached."""
    count = len(done)
    text = ngettext("Done for %(count)d person.", "Done for %(count)d people.", count) % {"count": count}
    tell = messages.success if count else messages.warning
    tell(request, text)
