"""What is bought."""

from __future__ import annotations

from dataclasses import dataclass, field

from shop.customers import Customer
from shop.money import ZERO, Money
from shop.pricing import discount


@dataclass(frozen=True)
class OrderLine:
    article: str
    price: Money
    quantity: int = 1

    def amount(self) -> Money:
        return self.price.times(self.quantity)


@dataclass
class Order:
    number: str
    customer: Customer
    lines: list[OrderLine] = field(default_factory=list)
    coupon: str | None = None
    is_paid: bool = False

    def add(self, line: OrderLine) -> Order:
        self.lines.append(line)
        return self

    def subtotal(self) -> Money:
        total = ZERO
        for line in self.lines:
            total += line.amount()
        return total

    def total(self) -> Money:
        """What the customer has to pay."""
        return self.subtotal() - discount(self)

    def pay(self) -> None:
        self.is_paid = True
        self.customer.remember(self)
