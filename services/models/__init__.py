"""The tables of services, one subject a module."""

from services.models.change import ChangeOption, ServiceChange
from services.models.credential import Credential
from services.models.domain import Domain
from services.models.extension import Extension
from services.models.grant import ServiceGrant
from services.models.group import ProductGroup
from services.models.job import ProvisioningJob
from services.models.option import OptionValue, ProductOption, ServiceOption
from services.models.price import Price
from services.models.product import Product
from services.models.record import DnsRecord
from services.models.registry import RegistryName
from services.models.service import Service
from services.models.switchboard import SwitchboardNumber
from services.models.usage import Usage
from services.models.withdrawal import Withdrawal
from services.models.zone import Zone

__all__ = [
    "ChangeOption",
    "Credential",
    "DnsRecord",
    "Domain",
    "Extension",
    "OptionValue",
    "Price",
    "Product",
    "ProductGroup",
    "ProductOption",
    "ProvisioningJob",
    "RegistryName",
    "Service",
    "ServiceChange",
    "ServiceGrant",
    "ServiceOption",
    "SwitchboardNumber",
    "Usage",
    "Withdrawal",
    "Zone",
]
