"""Addresses of services."""

from django.urls import path

from services.views import callbacks, credentials, domains, grants, leaving, lists, manage, records, renewing

app_name = "services"
urlpatterns = [
    path("services/", lists.services, name="services"),
    path("services/<int:pk>/", manage.manage, name="manage"),
    path("services/<int:pk>/automatic-renewal/", renewing.auto_renew, name="auto_renew"),
    path("services/<int:pk>/cancel/", renewing.cancel, name="cancel"),
    path("services/<int:pk>/keep/", renewing.keep, name="keep"),
    path("services/<int:pk>/label/", manage.label, name="label"),
    path("services/<int:pk>/terminate/", leaving.terminate, name="terminate"),
    path("services/<int:pk>/withdraw/", leaving.withdraw, name="withdraw"),
    path("services/<int:pk>/accounts/<int:credential_pk>/", credentials.show, name="credential"),
    path("services/<int:pk>/accounts/<int:credential_pk>/change/", credentials.change, name="credential_change"),
    path("services/<int:pk>/name-servers/", domains.nameservers, name="nameservers"),
    path("services/<int:pk>/authinfo/", domains.authinfo, name="authinfo"),
    path("services/<int:pk>/authinfo/ask/", domains.ask_authinfo, name="authinfo_ask"),
    path("services/<int:pk>/transfer/", domains.transfer, name="transfer"),
    path("services/<int:pk>/records/", records.listing, name="records"),
    path("services/<int:pk>/records/add/", records.add, name="record_add"),
    path("services/<int:pk>/records/<int:record>/", records.edit, name="record"),
    path("services/<int:pk>/records/<int:record>/delete/", records.delete, name="record_delete"),
    path("domains/", lists.domains, name="domains"),
    path("provisioning/usage/", callbacks.used, name="used"),
    path("provisioning/webhook/<int:pk>/", callbacks.webhook, name="webhook"),
    path("users/<int:pk>/services/", grants.grants, name="grants"),
]
