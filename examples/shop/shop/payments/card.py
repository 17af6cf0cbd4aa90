"""Paying by card."""

from __future__ import annotations

from shop.money import Money
from shop.payments.gateway import Declined, PaymentGateway, Receipt


class CardGateway(PaymentGateway):
    def __init__(self, limit: Money) -> None:
        self.limit = limit

    def charge(self, amount: Money, reference: str) -> Receipt:
        if amount > self.limit:
            raise Declined(reference)
        return Receipt(reference, amount)

    def refund(self, receipt: Receipt) -> None:
        print(f"card: {receipt.reference} back")

    def fee(self, amount: Money) -> Money:
        return super().fee(amount) + Money(25)
