"""Addresses of services."""

from django.urls import path

from services.views import grants, lists, renewing

app_name = "services"
urlpatterns = [
    path("services/", lists.services, name="services"),
    path("services/<int:pk>/", lists.manage, name="manage"),
    path("services/<int:pk>/automatic-renewal/", renewing.auto_renew, name="auto_renew"),
    path("services/<int:pk>/cancel/", renewing.cancel, name="cancel"),
    path("services/<int:pk>/keep/", renewing.keep, name="keep"),
    path("domains/", lists.domains, name="domains"),
    path("users/<int:pk>/services/", grants.grants, name="grants"),
]
