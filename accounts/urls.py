"""Addresses of signing in, people and their data."""

app_name = "accounts"
urlpatterns = []
