from __future__ import annotations

from shop.customers import Customer
from shop.money import Money
from shop.orders import Order, OrderLine
from shop.pricing import discount


def test_a_coupon_saves_a_share() -> None:
    order = Order("1", Customer("Ada", "ada@shop.example"), coupon="SUMMER")
    order.add(OrderLine("BOOK", Money(1000)))
    assert discount(order) == Money(150)
    assert order.total() == Money(850)


def test_members_save_on_large_orders() -> None:
    order = Order(
        "1", Customer("Ada", "ada@shop.example", is_member=True), [OrderLine("BOOK", Money(60_000))]
    )
    assert discount(order) == Money(6_000)
