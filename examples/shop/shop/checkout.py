"""Turning an order into money."""

from __future__ import annotations

from collections.abc import Callable

from shop import notifications
from shop.orders import Order
from shop.payments import Declined, PaymentGateway, Receipt
from shop.storage import Repository


class Checkout:
    def __init__(self, gateway: PaymentGateway, orders: Repository) -> None:
        self.gateway = gateway
        self.orders = orders
        self.listeners: list[Callable[[Order], None]] = [notifications.confirm]

    def place(self, order: Order) -> Receipt:
        """Charge an order and keep it; raises Declined."""
        try:
            receipt = self.gateway.charge(order.total(), order.number)
        except Declined:
            notifications.apologise(order)
            raise
        order.pay()
        self.orders.save(order)
        for tell in self.listeners:
            tell(order)
        return receipt

    def cancel(self, number: str, receipt: Receipt) -> bool:
        order = self.orders.find(number)
        if order is None:
            return False
        self.gateway.refund(receipt)
        order.is_paid = False
        self.orders.save(order)
        return True


def summary(order: Order) -> str:
    """An order in one line."""
    return f"{order.number}: {len(order.lines)} articles, {order.total().cents / 100:.2f}"
