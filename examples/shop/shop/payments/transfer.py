"""Paying from bank to bank."""

from __future__ import annotations

from shop.money import Money
from shop.payments.gateway import PaymentGateway, Receipt


class TransferGateway(PaymentGateway):
    def charge(self, amount: Money, reference: str) -> Receipt:
        return Receipt(f"SEPA-{reference}", amount)

    def refund(self, receipt: Receipt) -> None:
        self.charge(receipt.amount, f"{receipt.reference}-BACK")
