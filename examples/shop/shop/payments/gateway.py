"""What every way to pay can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from shop.money import Money


class Declined(Exception):
    """The customer's bank said no."""


@dataclass(frozen=True)
class Receipt:
    reference: str
    amount: Money


class PaymentGateway(ABC):
    """Takes money, and gives it back."""

    @abstractmethod
    def charge(self, amount: Money, reference: str) -> Receipt:
        """Take an amount; raises Declined."""

    @abstractmethod
    def refund(self, receipt: Receipt) -> None: ...

    def fee(self, amount: Money) -> Money:
        """What the payment costs us."""
        return amount.percent(1)
