"""Addresses of messages."""

app_name = "tickets"
urlpatterns = []
