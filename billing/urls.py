"""Addresses of billing."""

from django.urls import path

from billing.views import (
    cart,
    catalogue,
    changing,
    checkout,
    domains,
    invoices,
    notify,
    orders,
    paying,
    previews,
    renewals,
    usage,
    wallet,
)

app_name = "billing"
urlpatterns = [
    path("order/", catalogue.catalogue, name="catalogue"),
    path("renewals/", renewals.show, name="renewals"),
    path("services/<int:pk>/change/", changing.change, name="change"),
    path("services/<int:pk>/change/take-back/", changing.take_back, name="change_take_back"),
    path("cart/", cart.show, name="cart"),
    path("cart/add/", renewals.add, name="cart_add"),
    path("cart/change/", cart.change, name="cart_change"),
    path("cart/remove/", cart.remove, name="cart_remove"),
    path("cart/code/", cart.code, name="cart_code"),
    path("checkout/", checkout.show, name="checkout"),
    path("checkout/buyer/", checkout.buyer, name="buyer"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/pay/", paying.pay, name="pay"),
    path("invoices/service/<int:pk>/", invoices.of_service, name="of_service"),
    path("invoices/<int:pk>/", invoices.document, name="document"),
    path("invoices/<int:pk>/pdf/", invoices.pdf, name="pdf"),
    path("invoices/<int:pk>/cancel/", invoices.cancel, name="cancel"),
    path("payments/<str:token>/", paying.payment, name="payment"),
    path("services/<int:pk>/usage/", usage.usage, name="usage"),
    path("services/<int:pk>/usage/csv/", usage.usage_csv, name="usage_csv"),
    path("wallet/", wallet.wallet, name="wallet"),
    path("wallet/top-up/", wallet.top_up, name="top_up"),
    path("wallet/threshold/", wallet.threshold, name="threshold"),
    path("notify/<slug:gateway>/", notify.notify, name="notify"),
    path("order/groups/<slug:slug>/", catalogue.group, name="group"),
    path("order/domain/", domains.search, name="domain_search"),
    path("order/domain/register/", domains.register, name="domain_register"),
    path("order/domain/transfer/", domains.transfer, name="domain_transfer"),
    # Behind every other address that begins so: no product can have a code that stands there.
    path("order/preview/", previews.typed, name="product_typed"),
    path("order/<slug:code>/", catalogue.product, name="product"),
    path("order/<slug:code>/preview/", previews.saved, name="product_preview"),
    path("order/<slug:code>/add/", catalogue.add, name="product_add"),
]
