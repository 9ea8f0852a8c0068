"""Addresses of billing."""

from django.urls import path

from billing.views import notify, stubs

app_name = "billing"
urlpatterns = [
    path("renewals/", stubs.nothing, name="renewals"),
    path("cart/", stubs.nothing, name="cart"),
    path("cart/add/", stubs.nothing, name="cart_add"),
    path("cart/remove/", stubs.nothing, name="cart_remove"),
    path("checkout/", stubs.nothing, name="checkout"),
    path("invoices/", stubs.nothing, name="invoices"),
    path("invoices/pay/", stubs.nothing, name="pay"),
    path("invoices/<int:pk>/", stubs.nothing, name="document"),
    path("invoices/<int:pk>/pdf/", stubs.nothing, name="pdf"),
    path("invoices/<int:pk>/cancel/", stubs.nothing, name="cancel"),
    path("payments/<str:token>/", stubs.nothing, name="payment"),
    path("wallet/", stubs.nothing, name="wallet"),
    path("wallet/top-up/", stubs.nothing, name="top_up"),
    path("wallet/threshold/", stubs.nothing, name="threshold"),
    path("notify/<slug:gateway>/", notify.notify, name="notify"),
]
