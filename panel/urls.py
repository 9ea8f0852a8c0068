"""Every address of the panel, app by app."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from panel import caller, caller_acts, health, news, views

urlpatterns = [
    path("", views.home, name="home"),
    path("news/", news.news, name="news"),
    path("brand.css", views.brand_css, name="brand_css"),
    path("brand/logo", views.brand_logo, name="brand_logo"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Before the desk of messages, which takes any other word for a case number.
    path("desk/caller/", caller.caller, name="caller"),
    path("desk/caller/<int:pk>/", caller.caller_session, name="caller_session"),
    path("desk/caller/<int:pk>/services/<int:service_pk>/", caller.caller_service, name="caller_service"),
    path("desk/caller/<int:pk>/documents/", caller.caller_documents, name="caller_documents"),
    path("desk/caller/<int:pk>/instruction/", caller_acts.caller_instruction, name="caller_instruction"),
    path("desk/caller/<int:pk>/billing/", caller_acts.caller_billing, name="caller_billing"),
    path(
        "desk/caller/<int:pk>/documents/<int:document_pk>/send/",
        caller_acts.caller_send_again,
        name="caller_send_again",
    ),
    path(
        "desk/caller/<int:pk>/services/<int:service_pk>/automatic-renewal/",
        caller_acts.caller_auto_renew,
        name="caller_auto_renew",
    ),
    path("desk/caller/<int:pk>/services/<int:service_pk>/cancel/", caller_acts.caller_cancel, name="caller_cancel"),
    path("desk/caller/<int:pk>/services/<int:service_pk>/keep/", caller_acts.caller_keep, name="caller_keep"),
    path("desk/caller/<int:pk>/end/", caller.caller_end, name="caller_end"),
    path("", include("panel.help.urls")),
    path("", include("accounts.urls")),
    path("", include("services.urls")),
    path("", include("tickets.urls")),
    path("", include("billing.urls")),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("panel.demo.urls")))
