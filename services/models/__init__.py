"""The tables of services, one subject a module."""

from services.models.domain import Domain
from services.models.extension import Extension
from services.models.grant import ServiceGrant
from services.models.price import Price
from services.models.product import Product
from services.models.service import Service

__all__ = ["Domain", "Extension", "Price", "Product", "Service", "ServiceGrant"]
