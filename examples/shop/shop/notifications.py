"""Telling customers."""

from __future__ import annotations

from shop import checkout
from shop.orders import Order


def send(address: str, text: str) -> None:
    print(f"to {address}: {text}")


def confirm(order: Order) -> None:
    send(order.customer.email, f"Thank you! {checkout.summary(order)}")


def apologise(order: Order) -> None:
    send(order.customer.email, f"Your bank declined {order.number}.")
