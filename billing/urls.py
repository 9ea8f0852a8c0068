"""Addresses of billing."""

from django.urls import path

from billing.views import cart, checkout, invoices, notify, paying, renewals, wallet

app_name = "billing"
urlpatterns = [
    path("renewals/", renewals.show, name="renewals"),
    path("cart/", cart.show, name="cart"),
    path("cart/add/", renewals.add, name="cart_add"),
    path("cart/change/", cart.change, name="cart_change"),
    path("cart/remove/", cart.remove, name="cart_remove"),
    path("checkout/", checkout.show, name="checkout"),
    path("checkout/buyer/", checkout.buyer, name="buyer"),
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/pay/", paying.pay, name="pay"),
    path("invoices/<int:pk>/", invoices.document, name="document"),
    path("invoices/<int:pk>/pdf/", invoices.pdf, name="pdf"),
    path("invoices/<int:pk>/cancel/", invoices.cancel, name="cancel"),
    path("payments/<str:token>/", paying.payment, name="payment"),
    path("wallet/", wallet.wallet, name="wallet"),
    path("wallet/top-up/", wallet.top_up, name="top_up"),
    path("wallet/threshold/", wallet.threshold, name="threshold"),
    path("notify/<slug:gateway>/", notify.notify, name="notify"),
]
