"""Trying again."""

from __future__ import annotations

from shop.money import Money
from shop.payments.gateway import Declined, PaymentGateway, Receipt


class RetryingGateway(PaymentGateway):
    """Another gateway, asked more than once."""

    def __init__(self, inner: PaymentGateway, attempts: int = 3) -> None:
        self.inner = inner
        self.attempts = attempts

    def charge(self, amount: Money, reference: str) -> Receipt:
        for attempt in range(1, self.attempts + 1):
            try:
                return self.inner.charge(amount, f"{reference}/{attempt}")
            except Declined:
                if attempt == self.attempts:
                    raise
        raise Declined(reference)

    def refund(self, receipt: Receipt) -> None:
        self.inner.refund(receipt)
