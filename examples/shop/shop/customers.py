"""Who buys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shop.orders import Order


@dataclass
class Customer:
    name: str
    email: str
    is_member: bool = False
    orders: list[Order] = field(default_factory=list)

    def remember(self, order: Order) -> None:
        self.orders.append(order)

    def spent(self) -> int:
        """What the customer paid for so far, in cents."""
        return sum(order.total().cents for order in self.orders if order.is_paid)
