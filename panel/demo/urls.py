"""Addresses that exist in the demo only."""

from django.urls import path, register_converter

from panel.demo import views


class KeyConverter:
    """The key of a kept message; nothing that could climb out of its folder."""

    regex = r"[0-9]{20}-[A-Za-z0-9]{8}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(KeyConverter, "kept_message")

app_name = "demo"
urlpatterns = [
    path("mail/", views.messages, name="mail"),
    path("mail/<kept_message:key>/", views.message, name="message"),
]
