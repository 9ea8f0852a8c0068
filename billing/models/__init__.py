"""The tables of billing, one subject a module."""

from billing.models.cart import CartItem
from billing.models.case import Case
from billing.models.check import MoneyCheck
from billing.models.delivery import Delivery, EInvoice
from billing.models.document import Document, DocumentLine, DocumentRate
from billing.models.event import GatewayEvent, RefusedNotification
from billing.models.order import Order, OrderLine
from billing.models.payment import Payment, PaymentPart, Refund
from billing.models.promo import PromoCode
from billing.models.receivable import Receivable
from billing.models.series import ErasedNumber, NumberSeries
from billing.models.usage import UsageCharge, UsageDay, UsageInvoice
from billing.models.wallet import Wallet, WalletEntry

__all__ = [
    "CartItem",
    "Case",
    "Delivery",
    "Document",
    "DocumentLine",
    "DocumentRate",
    "EInvoice",
    "ErasedNumber",
    "GatewayEvent",
    "MoneyCheck",
    "NumberSeries",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentPart",
    "PromoCode",
    "Receivable",
    "Refund",
    "RefusedNotification",
    "UsageCharge",
    "UsageDay",
    "UsageInvoice",
    "Wallet",
    "WalletEntry",
]
