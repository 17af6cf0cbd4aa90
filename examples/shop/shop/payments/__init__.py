"""Ways to pay."""

from shop.payments.card import CardGateway
from shop.payments.gateway import Declined, PaymentGateway, Receipt
from shop.payments.retrying import RetryingGateway
from shop.payments.transfer import TransferGateway

__all__ = ["CardGateway", "Declined", "PaymentGateway", "Receipt", "RetryingGateway", "TransferGateway"]
