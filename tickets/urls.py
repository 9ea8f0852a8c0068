"""Addresses of messages: the customer's, the files', the desk's."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from tickets.views import (
    contact,
    desk,
    desk_moving,
    desk_work,
    doors,
    drafts,
    figures,
    files,
    mails,
    opinions,
    threads,
    writing,
)


class CaseNumber(StringConverter):
    """A case number such as K7MX-4QTB; leaves every other word to other pages."""

    regex = "[0-9A-Z]{4}-[0-9A-Z]{4}"


register_converter(CaseNumber, "case")

app_name = "tickets"
urlpatterns = [
    path("contact/", contact.contact, name="contact"),
    path("contact/sent/", contact.contact_sent, name="contact_sent"),
    path("contact/confirm/", contact.contact_confirm, name="contact_confirm"),
    path("link/contact/<str:selector>/<str:mac>/", contact.contact_link, name="contact_link"),
    path("messages/", threads.threads, name="list"),
    path("messages/new/", writing.new, name="new"),
    path("messages/draft/", drafts.save, name="draft"),
    path("messages/draft/remove/", drafts.remove, name="draft_remove"),
    path("messages/mark-read/", threads.mark_read, name="mark_read"),
    path("messages/files/", files.upload, name="upload"),
    path("messages/files/<str:token>/", files.attachment, name="attachment"),
    path("messages/files/<str:token>/thumbnail/", files.thumbnail, name="thumbnail"),
    path("messages/files/<str:token>/remove/", files.upload_remove, name="upload_remove"),
    path("messages/opinion/<str:token>/", opinions.opinion_by_mail, name="opinion_by_mail"),
    path("messages/service/<int:pk>/", threads.of_service, name="of_service"),
    path("messages/<case:number>/", threads.thread, name="thread"),
    path("messages/<case:number>/unfolded/", threads.unfolded, name="unfolded"),
    path("messages/<case:number>/print/", threads.printed, name="print"),
    path("messages/<case:number>/opinion/", opinions.opinion, name="opinion"),
    path("messages/<case:number>/reply/", writing.reply, name="reply"),
    path("messages/<case:number>/close/", threads.close, name="close"),
    path("messages/<case:number>/reopen/", threads.reopen, name="reopen"),
    # Mailgun brings mails as they came to addresses that end like this, and taken apart to all others.
    path("mail/mailgun/mime", doors.mail_in, {"provider": "mailgun"}, name="door_mime"),
    path("mail/<str:provider>/", doors.mail_in, name="door"),
    path("desk/", desk.desk, name="desk"),
    path("desk/figures/", figures.desk_figures, name="desk_figures"),
    path("desk/habit/", desk_work.desk_habit, name="desk_habit"),
    path("desk/mails/", mails.mails, name="mails"),
    path("desk/mails/<int:pk>/", mails.mail, name="mail"),
    path("desk/mails/<int:pk>/raw/", mails.mail_raw, name="mail_raw"),
    path("desk/mails/<int:pk>/accept/", mails.mail_accept, name="mail_accept"),
    path("desk/mails/<int:pk>/settle/", mails.mail_settle, name="mail_settle"),
    path("desk/<case:number>/", desk.desk_thread, name="desk_thread"),
    path("desk/<case:number>/next/", desk.desk_next, name="desk_next"),
    path("desk/<case:number>/canned/<int:pk>/", desk.desk_canned, name="desk_canned"),
    path("desk/<case:number>/note/", desk_work.desk_note, name="desk_note"),
    path("desk/<case:number>/assign/", desk_work.desk_assign, name="desk_assign"),
    path("desk/<case:number>/company/", desk_work.desk_company, name="desk_company"),
    path("desk/<case:number>/merge/", desk_moving.desk_merge, name="desk_merge"),
    path("desk/<case:number>/give/", desk_moving.desk_give, name="desk_give"),
    path("desk/<case:number>/sort/", desk_moving.desk_sort, name="desk_sort"),
    path("desk/<case:number>/reply/", desk.desk_reply, name="desk_reply"),
    path("desk/<case:number>/data/<int:membership_pk>/", desk.desk_data, name="desk_data"),
    path("desk/<case:number>/close/", desk.desk_close, name="desk_close"),
    path("desk/<case:number>/reopen/", desk.desk_reopen, name="desk_reopen"),
]
