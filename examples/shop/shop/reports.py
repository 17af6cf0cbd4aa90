"""What the shop earned."""

from __future__ import annotations

from shop.money import ZERO, Money
from shop.pricing import vat
from shop.storage import Repository


def revenue(orders: Repository) -> Money:
    total = ZERO
    for order in orders.all():
        if order.is_paid:
            total += order.total()
    return total


def taxes(orders: Repository, country: str = "DE") -> Money:
    return vat(revenue(orders), country)
