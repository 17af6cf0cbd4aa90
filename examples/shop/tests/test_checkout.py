from __future__ import annotations

import pytest

from shop import Checkout, Money, Order, OrderLine
from shop.customers import Customer
from shop.payments import CardGateway, Declined, RetryingGateway
from shop.storage import MemoryRepository


def an_order(cents: int) -> Order:
    return Order("1", Customer("Ada", "ada@shop.example")).add(OrderLine("BOOK", Money(cents)))


def test_a_placed_order_is_paid_and_kept() -> None:
    orders = MemoryRepository()
    receipt = Checkout(CardGateway(Money(10_000)), orders).place(an_order(500))
    assert receipt.amount == Money(500)
    found = orders.find("1")
    assert found is not None and found.is_paid


def test_a_declined_order_is_not_kept() -> None:
    orders = MemoryRepository()
    with pytest.raises(Declined):
        Checkout(RetryingGateway(CardGateway(Money(100))), orders).place(an_order(500))
    assert orders.find("1") is None
