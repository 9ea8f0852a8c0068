"""Addresses of services."""

from django.urls import path

from services.views import grants, lists

app_name = "services"
urlpatterns = [
    path("services/", lists.services, name="services"),
    path("services/<int:pk>/", lists.manage, name="manage"),
    path("domains/", lists.domains, name="domains"),
    path("users/<int:pk>/services/", grants.grants, name="grants"),
]
