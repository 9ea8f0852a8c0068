"""Every address of the panel, app by app."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from panel import views

urlpatterns = [
    path("", views.home, name="home"),
    path("brand.css", views.brand_css, name="brand_css"),
    path("brand/logo", views.brand_logo, name="brand_logo"),
    path("", include("accounts.urls")),
    path("", include("services.urls")),
    path("", include("tickets.urls")),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("panel.demo.urls")))
