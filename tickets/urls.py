"""Addresses of messages: the customer's, the files', the desk's."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from tickets.views import desk, files, threads, writing


class CaseNumber(StringConverter):
    """A case number such as K7MX-4QTB; leaves every other word to other pages."""

    regex = "[0-9A-Z]{4}-[0-9A-Z]{4}"


register_converter(CaseNumber, "case")

app_name = "tickets"
urlpatterns = [
    path("messages/", threads.threads, name="list"),
    path("messages/new/", writing.new, name="new"),
    path("messages/mark-read/", threads.mark_read, name="mark_read"),
    path("messages/files/", files.upload, name="upload"),
    path("messages/files/<str:token>/", files.attachment, name="attachment"),
    path("messages/files/<str:token>/remove/", files.upload_remove, name="upload_remove"),
    path("messages/<case:number>/", threads.thread, name="thread"),
    path("messages/<case:number>/reply/", writing.reply, name="reply"),
    path("messages/<case:number>/close/", threads.close, name="close"),
    path("messages/<case:number>/reopen/", threads.reopen, name="reopen"),
    path("desk/", desk.desk, name="desk"),
    path("desk/<case:number>/", desk.desk_thread, name="desk_thread"),
    path("desk/<case:number>/reply/", desk.desk_reply, name="desk_reply"),
    path("desk/<case:number>/data/<int:membership_pk>/", desk.desk_data, name="desk_data"),
    path("desk/<case:number>/take/", desk.desk_take, name="desk_take"),
    path("desk/<case:number>/close/", desk.desk_close, name="desk_close"),
    path("desk/<case:number>/reopen/", desk.desk_reopen, name="desk_reopen"),
]
